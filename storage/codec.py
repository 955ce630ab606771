"""Frozen values to JSON columns and back; `kind` tells them apart."""

from typing import Any

from pydantic import TypeAdapter

from intents.conversation import Conversation
from intents.messages import Action, Incoming, Reply

_INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
_ACTION: TypeAdapter[Action] = TypeAdapter(Action)
_STATE: TypeAdapter[Conversation] = TypeAdapter(Conversation)


def pack_incoming(value: Incoming) -> dict[str, Any]:
    """An event as JSON."""
    return _INCOMING.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_incoming(body: Any) -> Incoming:
    """An event from JSON."""
    return _INCOMING.validate_python(body)


def pack_reply(value: Reply) -> dict[str, Any]:
    """A reply as JSON."""
    return _REPLY.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_reply(body: Any) -> Reply:
    """A reply from JSON."""
    return _REPLY.validate_python(body)


def pack_action(value: Action) -> dict[str, Any]:
    """What a button does, as JSON."""
    return _ACTION.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_action(body: Any) -> Action:
    """What a button does, from JSON."""
    return _ACTION.validate_python(body)


def pack_state(value: Conversation) -> dict[str, Any]:
    """A conversation's memory as JSON."""
    return _STATE.dump_python(value, mode="json")  # type: ignore[no-any-return]


def unpack_state(body: Any) -> Conversation:
    """A conversation's memory from JSON."""
    return _STATE.validate_python(body)
