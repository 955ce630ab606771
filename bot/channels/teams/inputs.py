"""One field of a form as an input, and the texts that a filled-in card brings back."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from bot.channels.teams.elements import SUBTLE, Element, cut, passing, text, warning
from bot.filled_in import options_of, picked_of
from bot.typed import sound
from intents.messages import Field, FieldKind, Option
from knowledge.model import Lang
from knowledge.wording import Wording

LABEL, TYPED, TITLE, TITLES, AT_A_GLANCE = 300, 3000, 150, 4000, 6
# An input of the second kind stands for an answer that none of its options shows: untouched, it stays.
ASKED, STANDING = "field", "standing"
# What several were chosen of comes back in one text, with commas between them.
LIST = "list"
# Hosts may read markdown in the titles of options. The joiner keeps the signs from styling anything; only a star
# would style all the same, so another one is shown.
_LITERAL = str.maketrans(
    {"*": "\u2217", "_": "\u2060_\u2060", "`": "\u2060`\u2060", "]": "]\u2060", "<": "<\u2060"}
)


def field_element(field: Field, lang: Lang, wording: Wording) -> Element:
    """The field in a container: what is wrong with it so far, the input, and its hint."""
    options = options_of(field, lang, wording)
    picked = picked_of(field, options)
    standing = bool(options and field.settled and field.value and not picked)
    now = wording.say("dialog.your_answer", lang, text=field.value) if standing else ""
    optional = "" if field.required else wording.say("teams.optional", lang)
    label = f"{cut(field.label, LABEL)}{optional}"
    input_ = _input(field, options, picked, wording.say("teams.choose", lang))
    # Teams would refuse in its own words what is marked as required or of another form; our readers do in ours.
    input_ |= {"id": _id(field, standing=standing), "label": label}
    items = [*_wrong(field), input_, *_hints(field.hint, now)]
    return passing(items, "Medium")


def texts(data: Mapping[str, Any]) -> dict[str, str]:
    """The text of each field among the data of an action, by the field's name; several chosen ones one a line."""
    found: dict[str, str] = {}
    for name, value in data.items():
        kind, _, rest = name.partition(":")
        field, _, form = rest.partition(":")
        if kind not in (ASKED, STANDING) or not field:
            continue
        given = sound(_text(value, several=form == LIST))
        if given or kind == ASKED:
            found[field] = given
    return found


def _text(value: object, *, several: bool) -> str:
    typed = value if isinstance(value, str) else ""
    return "\n".join(unquote(one) for one in typed.split(",")) if several else typed


def _id(field: Field, *, standing: bool) -> str:
    kind = STANDING if standing else ASKED
    return f"{kind}:{field.name}:{LIST}" if _is_list(field) else f"{kind}:{field.name}"


def _is_list(field: Field) -> bool:
    """Whether several can be chosen; a box to check is a list of one."""
    chosen_of = field.options or field.kind is FieldKind.CHECK
    return bool(chosen_of) and field.kind in (FieldKind.SEVERAL, FieldKind.CHECK)


def _wrong(field: Field) -> Iterator[Element]:
    yield from warning(cut(field.error, LABEL)) if field.error else ()


def _hints(*lines: str) -> Iterator[Element]:
    for line in lines:
        yield from (block | {"spacing": "Small"} for block in text(cut(line, LABEL), SUBTLE))


# ---------------------------------------------------------------- inputs


def _input(field: Field, options: tuple[Option, ...], picked: tuple[Option, ...], choose: str) -> Element:
    if not options:
        return _typed(field)
    several = _is_list(field)
    title = max(10, min(TITLE, TITLES // len(options)))
    shown = [{"title": _title(one, title), "value": _value(one, several=several)} for one in options]
    chosen = ",".join(_value(one, several=several) for one in (picked if several else picked[:1]))
    return {
        "type": "Input.ChoiceSet",
        "style": "expanded" if len(options) <= AT_A_GLANCE else "compact",
        "isMultiSelect": several,
        "wrap": True,
        "choices": shown,
        **({"placeholder": choose} if len(options) > AT_A_GLANCE else {}),
        **({"value": chosen} if chosen else {}),
    }


def _typed(field: Field) -> Element:
    # An input of the form of addresses or numbers changes what is typed, or refuses it.
    element = {"type": "Input.Text", "isMultiline": field.kind is FieldKind.TEXT}
    phone = {"style": "tel"} if field.kind is FieldKind.PHONE else {}
    return element | phone | ({"value": field.value[:TYPED]} if field.value else {})


def _value(option: Option, *, several: bool) -> str:
    """What comes back for an option: a comma in it would part it."""
    return quote(option.value, safe=" ") if several else option.value


def _title(option: Option, limit: int) -> str:
    """What an option is called, cut in its middle: what tells two long ones apart often stands at their end."""
    name = " ".join((option.label or option.value).split())
    half = limit // 2
    whole = name if len(name) <= limit else f"{name[: half - 1]}…{name[-half:]}"
    # A joiner before a number or a dash keeps the line from becoming a list.
    return f"\u2060{whole.translate(_LITERAL)}" if whole[:1] in _BEGINS_A_LIST else whole.translate(_LITERAL)


_BEGINS_A_LIST = frozenset("0123456789-+#>")
