"""A dialog as a Mermaid flowchart, for those who check or change it."""

from collections.abc import Iterator

from intents.dialog import Dialog, Question, always
from knowledge.model import Lang
from knowledge.wording import Wording


def drawing(dialog: Dialog, wording: Wording, lang: Lang) -> str:
    """The questions in order; dotted arrows lead to those that are asked only when they apply."""
    return "\n".join(("flowchart TD", *(f"  {line}" for line in _lines(dialog, wording, lang))))


def _lines(dialog: Dialog, wording: Wording, lang: Lang) -> Iterator[str]:
    asked = [question for question in dialog.questions if not question.carried]
    yield f'start(["{_quoted(wording.say(f"{dialog.wording}.title", lang))}"])'
    for question in asked:
        yield f"{question.name}{_box(dialog, question, wording, lang)}"
    yield f'check{{"{_quoted(wording.say("dialog.check", lang))}"}}'
    yield f'done(["{_quoted(wording.say("dialog.done", lang))}"])'
    before = "start"
    for question in asked:
        yield f"{before} {_arrow(question, wording, lang)} {question.name}"
        before = question.name
    yield f"{before} --> check"
    yield f'check -->|"{_quoted(wording.say("dialog.check_confirm", lang))}"| done'
    yield f'check -.->|"{_quoted(wording.say("dialog.check_change", lang))}"| {asked[0].name}'


def _arrow(question: Question, wording: Wording, lang: Lang) -> str:
    if question.only_if is always:
        return "-->"
    return f'-.->|"{_quoted(wording.say("dialog.draw_only_if", lang))}"|'


def _box(dialog: Dialog, question: Question, wording: Wording, lang: Lang) -> str:
    key = f"{dialog.wording}.{question.name}"
    # Where data decides the words, the name of the question stands for them.
    words = question.name if question.label or key not in wording.texts else wording.say(key, lang)
    optional = "" if question.required else f" ({wording.say('dialog.draw_optional', lang)})"
    return f'["{_quoted(words + optional)}"]'


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")
