"""A desk written by hand: it keeps conversations in memory and answers from a table."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from bot.desk import ANSWER_BUDGET, Receipt, Unavailable
from intents.messages import (
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Heading,
    Incoming,
    Mark,
    Opened,
    Paragraph,
    Pressed,
    Reply,
    Said,
    SourceLine,
    Sources,
    Text,
)
from knowledge.model import Lang
from storage.messages import Logged

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def clock() -> datetime:
    """Noon in Tokyo."""
    return NOON


def answer_to(question: str, number: int = 0, lang: Lang = Lang.JA) -> Reply:
    """A reply with every common part, that repeats the question; its tokens carry its number."""
    line = (Text(f"「{question}」へのお答え"), Mark(1))
    offer = Choices("次にできること", (Choice("次の質問", f"next-{number}"),), ChoiceStyle.OFFER)
    votes = (Choice("役に立った", f"yes-{number}"), Choice("役に立たなかった", f"no-{number}"))
    helped = Choices("役に立ちましたか", votes, ChoiceStyle.FEEDBACK)
    sources = Sources("出典", (SourceLine(1, "実施要綱", "https://example.test/"),), "2026年11月23日時点")
    return Reply((Heading(question), Paragraph(line), Bullets((line,)), sources, offer, helped), lang)


class FakeDesk:
    """Fulfils `bot.desk.Desk`; `down`, `slow` and `ends` are its faults, `received` what reached it."""

    def __init__(self, *, ends: bool = False) -> None:
        self.down = self.slow = False
        self.ends = ends
        self.received: list[Incoming] = []
        self._log: list[tuple[str, Logged]] = []
        self._events: dict[str, int] = {}

    async def knows(self, channel: str, conversation: str) -> bool:  # noqa: ARG002 - the protocol's
        """Whether anything was said in a conversation."""
        if self.down:
            raise Unavailable("down")
        return any(key == conversation for key, _ in self._log)

    async def receive(self, incoming: Incoming) -> Receipt:
        """Keeps the event; the same key is the same event."""
        if self.down:
            raise Unavailable("down")
        known = self._events.get(incoming.event_key)
        if known is not None:
            return Receipt(known, duplicate=True)
        self.received.append(incoming)
        event = self._events[incoming.event_key] = len(self._events) + 1
        self._say(incoming, event)
        return Receipt(event, duplicate=False)

    def _say(self, incoming: Incoming, event: int) -> None:
        lang = incoming.lang or Lang.JA
        match incoming.content:
            case Said(text):
                self._write(incoming, event, text, None)
                self._write(incoming, event, "", answer_to(text, event, lang))
            case Pressed(token):
                self._write(incoming, event, "", answer_to(token, event, lang))
            case Opened():
                self._write(incoming, event, "", Reply((Paragraph((Text("ようこそ"),)),), lang))

    def _write(self, incoming: Incoming, event: int, text: str, reply: Reply | None) -> None:
        author = "desk" if reply else "person"
        logged = Logged(len(self._log) + 1, event, author, incoming.received_at, text, reply)  # type: ignore[arg-type]
        self._log.append((incoming.conversation, logged))

    async def answer(
        self,
        incoming: Incoming,
        budget: timedelta = ANSWER_BUDGET,  # noqa: ARG002 - the protocol's
    ) -> Logged | None:
        """The reply of the event, or nothing when it is slow."""
        event = (await self.receive(incoming)).event
        replies = (said for _, said in self._log if said.event == event and said.reply)
        return None if self.slow else next(replies)

    async def history(
        self,
        channel: str,  # noqa: ARG002 - the protocol's
        conversation: str,
        after: int = 0,
        limit: int = 200,
    ) -> tuple[Logged, ...]:
        """What was said in a conversation."""
        if self.down:
            raise Unavailable("down")
        mine = [said for whose, said in self._log if whose == conversation and said.id > after]
        return tuple(mine[-limit:])

    async def letter_button(self, token: str) -> str:
        """Every token but one is a seat to take."""
        return "" if token == "gone" else "seminar.accept"

    async def hurry(self, event: int) -> None:
        """Nothing waits here."""

    async def said_directly(self, event: int) -> None:
        """Nothing is left to send."""

    async def follow(self, channel: str, conversation: str, after: int = 0) -> AsyncIterator[Logged]:
        """What was said, then what comes; ends after the first look when it is told to."""
        while True:
            for logged in await self.history(channel, conversation, after):
                after = logged.id
                yield logged
            if self.ends:
                return
            await asyncio.sleep(0.02)
