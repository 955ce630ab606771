"""Due letters of the outbox to their channels: leased, backed off, parked; one channel never blocks another."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from bot import metrics
from bot.bell import Bell, within
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

    @property
    def pace(self) -> timedelta:
        """The least time between two letters to one place."""
        ...

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
    bell: Bell

    async def channel(self, channel: str) -> None:
        """Delivers on one channel until cancelled."""
        while True:
            due, sent = self.bell.next(outbox.RING), 0
            with contextlib.suppress(DatabaseDown):
                sent = await self.once(channel)
            if not sent:
                await within(due, POLL)

    async def once(self, channel: str) -> int:
        """Delivers what may leave a channel now, at most one letter for each place."""
        pace = self.senders[channel].pace
        claim = partial(outbox.claim, self.database, channel, self.name, self.clock(), CLAIM, pace)
        letters = await asyncio.to_thread(claim)
        await asyncio.gather(*(self._deliver(letter) for letter in letters))
        return len(letters)

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
            metrics.sent.labels(letter.channel).inc()
            await asyncio.to_thread(outbox.sent, self.database, letter.id, self.name, self.clock(), reference)

    async def _put_off(self, letter: Letter, seconds: float | None, why: str) -> None:
        # What the channel asked for is not a failure of the letter, however often it asks.
        if letter.failures + 1 >= TRIES and seconds is None:
            await self._park(letter, why)
            return
        metrics.retried.labels(letter.channel).inc()
        put_off = outbox.later if seconds is None else outbox.quiet
        wait = _back_off(letter.failures + 1) if seconds is None else timedelta(seconds=seconds)
        await asyncio.to_thread(put_off, self.database, letter.id, self.name, self.clock() + wait, why)

    async def _park(self, letter: Letter, why: str) -> None:
        metrics.parked.labels(letter.channel).inc()
        log.error("letter_parked", key=letter.key, why=why)
        await asyncio.to_thread(outbox.park, self.database, letter.id, self.name, why)


def _back_off(failures: int) -> timedelta:
    return min(FIRST_WAIT * float(2 ** (failures - 1)), LONGEST_WAIT)
