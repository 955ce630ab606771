"""A dialog as one card: what is open as inputs, what stands as text."""

from collections.abc import Iterable, Iterator
from itertools import takewhile

from bot.channels.teams.cards import Card, card_of, elements
from bot.channels.teams.elements import (
    HEADING,
    ROOM,
    SUBMIT,
    Element,
    buttons,
    labelled,
    text,
    weight,
)
from bot.channels.teams.inputs import field_element
from bot.filled_in import is_news, is_open, value_text
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Form,
    Heading,
    Paragraph,
    Part,
    Reply,
    Text,
)
from knowledge.wording import Wording


def form_card(reply: Reply, wording: Wording) -> Card | None:
    """The card of a reply that is a form or answers to check; none for what is more than that.

    None also for one whose texts leave no room for a field, or too long to be checked at a glance: messages hold it.
    """
    head = tuple(takewhile(lambda part: isinstance(part, Heading | Paragraph), reply.parts))
    match reply.parts[len(head) :]:
        case (Form() as form, *rest) if not any(is_news(part, form) for part in head):
            return _form(form, head, tuple(rest), reply, wording)
        case (Facts(), Choices(style=ChoiceStyle.CONFIRM)) if any(isinstance(one, Heading) for one in head):
            body = list(elements(reply, wording, here=True))
            return card_of(body) if weight(body) <= ROOM else None
        case _:
            return None


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
    stands = (field for field in form.fields if not is_open(field, form))
    yield from labelled((field.label, (Text(value_text(field, reply.lang, wording)),)) for field in stands)


def _open_fields(form: Form, reply: Reply, wording: Wording) -> Iterator[Element]:
    return (field_element(field, reply.lang, wording) for field in form.fields if is_open(field, form))
