"""A dialog as a modal: the fields that are still open, then the answers to check; and what follows a submission."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from bot.channels.slack.blocks import Block, home_blocks, labelled, opens_form, plain
from bot.channels.slack.fields import LABEL, field_blocks, name_of
from bot.channels.slack.where import Where, keep
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
)
from knowledge.wording import Wording

TITLE, BLOCKS = 24, 100
# What a view is, as Slack gives it back: a form to read, or a check that submits.
FORM, CHECK = "form", "check"
View = dict[str, Any]
CLEAR: Mapping[str, Any] = {"response_action": "clear"}


def view_of(reply: Reply, wording: Wording, where: Where) -> View | None:
    """The modal of a reply that holds a form or answers to check and nothing that belongs into the conversation."""
    match reply.parts:
        case (Heading(title), Facts() as facts, Choices(prompt, (submit, *others), ChoiceStyle.CONFIRM)):
            shown = Reply((facts, *_sentence(prompt)), reply.lang)
            blocks = [*home_blocks(shown, wording), *_to_change(others)]
            return _view(CHECK, title, submit, blocks, where)
        case _ if found := _form_in(reply):
            head, form = found
            blocks = [*home_blocks(Reply(head, reply.lang), wording), *_fields(form, reply, wording)]
            return _view(FORM, form.title, Choice(form.submit, form.token), blocks, where)
        case _:
            return None


def following(view: Mapping[str, Any], reply: Reply, wording: Wording, where: Where) -> Mapping[str, Any]:
    """What Slack is told about a submitted view: errors in it, the next view, or that the modal is done with."""
    new = view_of(reply, wording, where)
    if new is None:
        return CLEAR
    wrong = _errors(view, reply, new)
    return (
        {"response_action": "errors", "errors": wrong}
        if wrong
        else {"response_action": "update", "view": new}
    )


def _form_in(reply: Reply) -> tuple[tuple[Part, ...], Form] | None:
    """A form and the sentences before it; a receipt before a form is for the conversation."""
    head = tuple(takewhile(lambda part: isinstance(part, Heading | Paragraph), reply.parts))
    form = next(iter(reply.parts[len(head) :]), None)
    if not isinstance(form, Form) or any(is_news(part, form) for part in head):
        return None
    return tuple(part for part in head if isinstance(part, Paragraph)), form


def _view(kind: str, title: str, submit: Choice, blocks: list[Block], where: Where) -> View | None:
    kept = keep(where, submit.token)
    if not kept or not blocks:
        return None
    return {
        "type": "modal",
        "callback_id": kind,
        "title": plain(title, TITLE),
        "submit": plain(submit.label, TITLE),
        # Fields that find no room come with the next view.
        "blocks": blocks[:BLOCKS],
        "private_metadata": kept,
    }


def _fields(form: Form, reply: Reply, wording: Wording) -> Iterator[Block]:
    stands = [field for field in form.fields if not is_open(field, form)]
    yield from labelled((field.label, value_text(field, reply.lang, wording)) for field in stands)
    for field in form.fields:
        if is_open(field, form):
            yield from field_blocks(field, reply.lang, wording)


def _sentence(text: str) -> tuple[Part, ...]:
    return (Choices(text, ()),)


def _to_change(others: list[Choice]) -> list[Block]:
    """The way back to the fields; closing the modal is Slack's own button and loses nothing."""
    return [{"type": "actions", "elements": [opens_form(one.label, one.token)]} for one in others[:1]]


# ---------------------------------------------------------------- errors in place


def _errors(view: Mapping[str, Any], reply: Reply, new: View) -> dict[str, str]:
    """The errors by block, where the view holds every field that is open now, with the same options."""
    found = _form_in(reply)
    if found is None or found[0]:
        return {}
    before, now = _inputs(view), _inputs(new)
    if any(name not in before or _choices(before[name]) != _choices(now[name]) for name in now):
        return {}
    fields = [field for field in found[1].fields if field.error and field.name in now]
    return {before[field.name]["block_id"]: field.error[:LABEL] for field in fields}


def _inputs(view: Mapping[str, Any]) -> dict[str, Block]:
    return {name: block for block in view["blocks"] if (name := name_of(block))}


def _choices(block: Block) -> list[str]:
    return [str(option["value"]) for option in block["element"].get("options", ())]
