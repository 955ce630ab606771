"""What the fields of a form mean wherever forms are cards: their options, what is chosen, and what is still open."""

import unicodedata

from intents.messages import Field, FieldKind, Form, Heading, Option, Part
from knowledge.model import Lang
from knowledge.wording import Wording

# As many as a list of any channel holds.
OPTIONS = 100
_TO_CHOOSE = (FieldKind.ONE, FieldKind.SEVERAL, FieldKind.CHECK)


def options_of(field: Field, lang: Lang, wording: Wording) -> tuple[Option, ...]:
    """What can be chosen; nothing where an answer is typed."""
    if field.kind not in _TO_CHOOSE:
        return ()
    if field.kind is FieldKind.CHECK and not field.options:
        return (Option("yes", wording.say("dialog.agree", lang)),)
    return field.options[:OPTIONS]


def picked_of(field: Field, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """What is chosen already, however it was worded."""
    given = {_alike(line) for line in field.value.splitlines()}
    found = tuple(one for one in options if _alike(one.value) in given or _alike(one.label) in given)
    if field.kind is FieldKind.CHECK and field.settled and field.required:
        # However the agreement was worded, it stands.
        return found or options
    return found


def value_text(field: Field, lang: Lang, wording: Wording) -> str:
    """An answer as people read it: what was chosen by its label, else what was typed."""
    picked = picked_of(field, options_of(field, lang, wording))
    if picked:
        return wording.say("dialog.and", lang).join(option.label for option in picked)
    return field.value or wording.say("dialog.no_answer", lang)


def is_open(field: Field, form: Form) -> bool:
    """Whether a field is to be filled in: with nothing in hand, any of them may be changed."""
    return not form.asked or field.name == form.asked or not field.settled


def is_news(part: Part, form: Form) -> bool:
    """Whether a part before a form is more than its title, such as a receipt that should not be gone with it."""
    return isinstance(part, Heading) and part.text != form.title


def _alike(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
