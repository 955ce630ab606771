"""`Reply` to Adaptive Cards: every text literal, and split over several messages instead of failing on a size."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from bot.channels.teams.elements import (
    BLOCK_BYTES,
    FORM,
    HEADING,
    PASSING,
    PRESS,
    ROOM,
    STRONG,
    SUBTLE,
    Element,
    bullet,
    buttons,
    cut,
    labelled,
    pages,
    passing,
    text,
    text_blocks,
    warning,
    weight,
)
from bot.plain_text import plain_text
from intents.appointments import spelled
from intents.messages import (
    Appointment,
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Form,
    Heading,
    Link,
    Paragraph,
    Part,
    Reply,
    Sources,
    Strong,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import Wording

SUMMARY = 200
CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
Card = dict[str, Any]
# Steps that nobody has to take: their sentence stays behind the text.
_ASIDE = (ChoiceStyle.STEER, ChoiceStyle.OFFER, ChoiceStyle.FEEDBACK, ChoiceStyle.WORDS)
# Their sentence says nothing without its buttons, or is true no more once one was pressed.
_PASSING = (*_ASIDE, ChoiceStyle.CONFIRM)


def messages(reply: Reply, wording: Wording) -> list[dict[str, Any]]:
    """The reply as one or more messages, each with one card; nothing is left out, however long it is."""
    summary = _summary(reply, wording)
    return [_message(card_of(page), summary) for page in pages(elements(reply, wording))]


def message_of(content: Card, reply: Reply, wording: Wording) -> dict[str, Any]:
    """A message that holds this card; its summary is what a notification shows of the reply."""
    return _message(content, _summary(reply, wording))


def _message(content: Card, summary: str) -> dict[str, Any]:
    return {"attachments": [{"contentType": CONTENT_TYPE, "content": content}], "summary": summary}


def _summary(reply: Reply, wording: Wording) -> str:
    return cut(" ".join(plain_text(reply, wording).split()), SUMMARY)


def card(reply: Reply, wording: Wording) -> Card:
    """The reply as one card: texts that find no room are left out, its buttons are not."""
    body = list(elements(reply, wording))
    room = ROOM - sum(weight(element) for element in body if _acts(element))
    kept: list[Element] = []
    for element in body:
        room -= 0 if _acts(element) else weight(element)
        if room >= 0 or _acts(element):
            kept.append(element)
    return card_of(next(pages(kept), []))


def card_of(body: Iterable[Element]) -> Card:
    """A card with that body, as wide as Teams lets it be."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": list(body),
        "msteams": {"width": "Full"},
    }


def elements(reply: Reply, wording: Wording, *, here: bool = False) -> Iterator[Element]:
    """The elements of a reply, as many as it takes; with `here`, what is pressed is answered in its place."""
    for part in reply.parts:
        yield from _part(part, reply.lang, wording, here)


def _acts(element: Element) -> bool:
    return element["type"] in ("ActionSet", PASSING)


def _part(part: Part, lang: Lang, wording: Wording, here: bool) -> Iterator[Element]:
    match part:
        case Heading(words):
            yield from text(words, HEADING)
        case Paragraph(line):
            yield from text_blocks(line)
        case Bullets(items):
            yield from (block for item in items for block in bullet(item))
        case Facts(lines):
            yield from labelled(lines)
        case Sources():
            yield from _sources(part)
        case Appointment():
            yield from _part(spelled(part, lang, wording), lang, wording, here)
        case Choices():
            yield from _choices(part, here)
        case Form():
            yield from _question(part)
        case _:
            assert_never(part)


def _sources(sources: Sources) -> Iterator[Element]:
    if sources.items:
        yield from text(sources.title, SUBTLE | STRONG)
    for item in sources.items:
        line = (Text(f"[{item.number}] "), Link(item.text, item.url) if item.url else Text(item.text))
        yield from _close(text_blocks(line, SUBTLE))
    yield from _close(text(sources.as_of, SUBTLE))


def _close(blocks: Iterable[Element]) -> Iterator[Element]:
    yield from (block | {"spacing": "None"} for block in blocks)


def _choices(choices: Choices, here: bool) -> Iterator[Element]:
    verb = FORM if choices.style is ChoiceStyle.FORMS else PRESS
    leads = choices.style is ChoiceStyle.CONFIRM
    shown = [
        *text(choices.prompt, SUBTLE if choices.style in _ASIDE else None),
        *buttons(choices.options, verb, here=here, leads=leads),
    ]
    if choices.style in _PASSING and shown and weight(shown) < BLOCK_BYTES:
        yield passing(shown)
    else:
        yield from shown


def _question(form: Form) -> Iterator[Element]:
    """The question in hand with its answers as buttons, and the way to the whole form."""
    asked = next((field for field in form.fields if field.name == form.asked), None)
    if asked is None:
        yield from text(form.progress)
    else:
        yield from warning(asked.error) if asked.error else ()
        yield from text_blocks((Strong(asked.label), Text(f"  ({form.progress})")))
        yield from text(asked.hint, SUBTLE)
    yield from buttons(form.options)
    yield from buttons((Choice(form.open_label, form.token),), FORM)
