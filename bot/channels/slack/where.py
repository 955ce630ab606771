"""Where the answers to a modal go: kept for us in the modal by Slack, as the modal itself is in no channel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Where:
    """The conversation that a modal belongs to, and the address of what is said there."""

    conversation: str
    address: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a modal brought back: its place, and the token that the core judges."""

    where: Where
    token: str


def keep(where: Where, token: str) -> str:
    """The text for `private_metadata`; empty when Slack would not keep it all."""
    kept = {"conversation": where.conversation, "address": dict(where.address), "token": token}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= LIMIT else ""


def kept_in(view: Mapping[str, Any]) -> Kept:
    """What was kept in a modal; raises KeyError, TypeError, AttributeError and ValueError when it is not ours."""
    kept = json.loads(view["private_metadata"])
    address = {str(name): str(value) for name, value in kept["address"].items()}
    return Kept(Where(str(kept["conversation"]), address), str(kept["token"]))
