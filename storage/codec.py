"""Frozen values to JSON columns and back; `kind` tells them apart."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from intents.conversation import Conversation
from intents.messages import Action, Incoming, Reply

T = TypeVar("T")
_INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
_ACTION: TypeAdapter[Action] = TypeAdapter(Action)
_STATE: TypeAdapter[Conversation] = TypeAdapter(Conversation)


class Unreadable(ValueError):
    """A stored value of another release; the text names fields, never what stands in them."""


def _read(shape: TypeAdapter[T], body: Any) -> T:
    try:
        return shape.validate_python(body)
    except ValidationError as fault:
        places = {".".join(map(str, error["loc"])) for error in fault.errors(include_input=False)}
        raise Unreadable(f"unreadable: {', '.join(sorted(places))}"[:300]) from None


def pack_incoming(value: Incoming) -> dict[str, Any]:
    """An event as JSON."""
    return _INCOMING.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_incoming(body: Any) -> Incoming:
    """An event from JSON."""
    return _read(_INCOMING, body)


def pack_reply(value: Reply) -> dict[str, Any]:
    """A reply as JSON."""
    return _REPLY.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_reply(body: Any) -> Reply:
    """A reply from JSON."""
    return _read(_REPLY, body)


def pack_action(value: Action) -> dict[str, Any]:
    """What a button does, as JSON."""
    return _ACTION.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_action(body: Any) -> Action:
    """What a button does, from JSON."""
    return _read(_ACTION, body)


def pack_state(value: Conversation) -> dict[str, Any]:
    """A conversation's memory as JSON."""
    return _STATE.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_state(body: Any) -> Conversation:
    """A conversation's memory from JSON."""
    return _read(_STATE, body)
