"""A dialog as one card: what is open as inputs, what stands as text; and a card after it was used."""

from collections.abc import Iterable, Iterator
from itertools import takewhile

from bot.channels.teams.cards import Card, card_of, elements
from bot.channels.teams.elements import (
    HEADING,
    PASSING,
    ROOM,
    SUBMIT,
    Element,
    buttons,
    labelled,
    text,
    weight,
)
from bot.channels.teams.inputs import field_element, value_text
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Field,
    Form,
    Heading,
    Paragraph,
    Part,
    Reply,
    Text,
)
from knowledge.wording import Wording

_SAID: Element = {"color": "Good", "weight": "Bolder"}


def form_card(reply: Reply, wording: Wording) -> Card | None:
    """The card of a reply that is a form or answers to check; none for what is more than that.

    None also for one whose texts leave no room for a field, or too long to be checked at a glance: messages hold it.
    """
    head = tuple(takewhile(lambda part: isinstance(part, Heading | Paragraph), reply.parts))
    match reply.parts[len(head) :]:
        case (Form() as form, *rest) if not any(_is_news(part, form) for part in head):
            return _form(form, head, tuple(rest), reply, wording)
        case (Facts(), Choices(style=ChoiceStyle.CONFIRM)) if any(isinstance(one, Heading) for one in head):
            body = list(elements(reply, wording, here=True))
            return card_of(body) if weight(body) <= ROOM else None
        case _:
            return None


def done_card(card: Card, said: str) -> Card:
    """A card after it was used: its texts without inputs and buttons, and in its last line what was done."""
    last = ({"separator": True} | block for block in text(said, _SAID))
    return card_of([*_texts(card["body"]), *last])


def _is_news(part: Part, form: Form) -> bool:
    """Whether a part before a form is more than its title, such as a receipt that should not be gone with it."""
    return isinstance(part, Heading) and part.text != form.title


def _form(
    form: Form, head: tuple[Part, ...], rest: tuple[Part, ...], reply: Reply, wording: Wording
) -> Card | None:
    said = tuple(part for part in head if isinstance(part, Paragraph))
    above = [
        *text(form.title, HEADING),
        *elements(Reply(said, reply.lang), wording),
        *_settled(form, reply, wording),
    ]
    submit = (Choice(form.submit, form.token),)
    below = [
        *(row | {"spacing": "Medium"} for row in buttons(submit, SUBMIT, leads=True)),
        *elements(Reply(rest, reply.lang), wording, here=True),
    ]
    room = ROOM - weight(above) - weight(below)
    # Fields that find no room come with the next card.
    fields = list(_fitting(_open_fields(form, reply, wording), room))
    return card_of([*above, *fields, *below]) if fields else None


def _fitting(fields: Iterable[Element], room: int) -> Iterator[Element]:
    for field in fields:
        room -= weight(field)
        if room < 0:
            return
        yield field


def _settled(form: Form, reply: Reply, wording: Wording) -> Iterator[Element]:
    stands = (field for field in form.fields if not _is_open(field, form))
    yield from labelled((field.label, (Text(value_text(field, reply.lang, wording)),)) for field in stands)


def _open_fields(form: Form, reply: Reply, wording: Wording) -> Iterator[Element]:
    return (field_element(field, reply.lang, wording) for field in form.fields if _is_open(field, form))


def _is_open(field: Field, form: Form) -> bool:
    """Whether a field is to be filled in: with nothing in hand, any of them may be changed."""
    return not form.asked or field.name == form.asked or not field.settled


# ---------------------------------------------------------------- after use


def _texts(body: list[Element]) -> Iterator[Element]:
    asked = [str(item["label"]) for one in body for item in one.get("items", ()) if "label" in item]
    for element in body:
        if element["type"] not in ("ActionSet", PASSING):
            yield element
    # One question belongs to its answer; a list of many without answers tells nothing.
    yield from text(asked[0]) if len(asked) == 1 else ()
