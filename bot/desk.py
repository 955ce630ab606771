"""What a channel may ask of the desk: take an event, answer it now, read a conversation, follow it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from intents.messages import Incoming
from storage.messages import Logged

ANSWER_BUDGET = timedelta(seconds=2)


class Unavailable(Exception):
    """The event could not be stored in time: the sender must be told to send it again (HTTP 503)."""


class Conflict(Exception):
    """The key of an event that was stored already came again with other content (HTTP 409)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The inbox row of an event, whether the event had been stored before, and if so with the same content."""

    event: int
    duplicate: bool
    same: bool = True


class Desk(Protocol):
    """The core, as channels see it."""

    async def receive(self, incoming: Incoming) -> Receipt:
        """Stores the event durably; returns only then. Raises Unavailable."""
        ...

    async def answer(self, incoming: Incoming, budget: timedelta = ANSWER_BUDGET) -> Logged | None:
        """Stores the event and gives its reply, or nothing when the budget ran out (it follows later).

        A duplicate gets the reply that the first delivery got. Raises Unavailable and Conflict.
        """
        ...

    async def history(
        self, channel: str, conversation: str, after: int = 0, limit: int = 200
    ) -> tuple[Logged, ...]:
        """The messages with a larger id, oldest first; the newest `limit` of them. Raises Unavailable."""
        ...

    async def knows(self, channel: str, conversation: str) -> bool:
        """Whether anything has arrived in a conversation. Raises Unavailable."""
        ...

    async def letter_button(self, token: str) -> str:
        """The order that a letter's button gives; empty when it does nothing any more. Raises Unavailable."""
        ...

    async def said_directly(self, event: int) -> None:
        """The reply of an event went out as the answer to the request: nothing is left to send."""
        ...

    async def hurry(self, event: int) -> None:
        """The reply of an event did not go out as the answer to the request: the outbox sends it now."""
        ...

    def follow(self, channel: str, conversation: str, after: int = 0) -> AsyncIterator[Logged]:
        """The messages of a conversation with a larger id, then each new one as it comes; never ends."""
        ...
