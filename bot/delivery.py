"""Due letters of the outbox to their channels: leased, backed off, parked; one channel never blocks another."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Protocol

import structlog

from bot.clock import Clock
from storage import outbox
from storage.database import Database, DatabaseDown
from storage.outbox import Letter

log = structlog.get_logger()
TRIES = 8
CLAIM = 20
POLL = 0.25
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)


class Later(Exception):
    """The channel cannot take the letter now; `seconds` is what it asked to wait, if it said so."""

    def __init__(self, seconds: float | None, why: str = "busy") -> None:
        super().__init__(why)
        self.seconds = seconds


class Hopeless(Exception):
    """The channel will never take this letter."""


class Sender(Protocol):
    """How a channel sends."""

    async def send(self, letter: Letter) -> str:
        """Sends and gives the channel's reference. Raises Later and Hopeless."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """The loop that empties the outbox."""

    database: Database
    senders: Mapping[str, Sender]
    clock: Clock
    name: str

    async def run_forever(self) -> None:
        """Delivers on every channel until cancelled."""
        await asyncio.gather(*(self._channel(channel) for channel in self.senders))

    async def _channel(self, channel: str) -> None:
        while True:
            sent = 0
            with contextlib.suppress(DatabaseDown):
                sent = await self.once(channel)
            if not sent:
                await asyncio.sleep(POLL)

    async def once(self, channel: str) -> int:
        """Delivers what is due on a channel now, in order within each conversation."""
        claim = partial(outbox.claim, self.database, channel, self.name, self.clock(), CLAIM)
        letters = await asyncio.to_thread(claim)
        lines = groupby(sorted(letters, key=_place), key=_place)
        await asyncio.gather(*(self._line(list(line)) for _, line in lines))
        return len(letters)

    async def _line(self, letters: list[Letter]) -> None:
        for letter in sorted(letters, key=lambda letter: letter.id):
            await self._deliver(letter)

    async def _deliver(self, letter: Letter) -> None:
        try:
            reference = await self.senders[letter.channel].send(letter)
        except Hopeless as fault:
            await self._park(letter, str(fault))
        except Later as fault:
            await self._put_off(letter, fault.seconds, str(fault))
        except Exception as fault:
            log.exception("letter_failed", key=letter.key)
            await self._put_off(letter, None, repr(fault))
        else:
            await asyncio.to_thread(outbox.sent, self.database, letter.id, self.name, self.clock(), reference)

    async def _put_off(self, letter: Letter, seconds: float | None, why: str) -> None:
        # What the channel asked for is not a failure of the letter, however often it asks.
        if letter.attempts >= TRIES and seconds is None:
            await self._park(letter, why)
            return
        wait = timedelta(seconds=seconds) if seconds is not None else _back_off(letter.attempts)
        await asyncio.to_thread(outbox.later, self.database, letter.id, self.name, self.clock() + wait, why)

    async def _park(self, letter: Letter, why: str) -> None:
        log.error("letter_parked", key=letter.key, why=why)
        await asyncio.to_thread(outbox.park, self.database, letter.id, self.name, why)


def _back_off(attempts: int) -> timedelta:
    return min(FIRST_WAIT * float(2 ** (attempts - 1)), LONGEST_WAIT)


def _place(letter: Letter) -> str:
    return repr(sorted(letter.address.items()))
