"""Due letters of the outbox to their channels: leased, backed off, parked; one channel never blocks another."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
# A channel that is away or asks to wait that long loses a letter that has another way.
PATIENCE = timedelta(hours=1)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)


class Later(Exception):
    """The channel cannot take the letter now; `seconds` is what it asked to wait, if it said so."""

    def __init__(self, seconds: float | None, why: str = "busy") -> None:
        super().__init__(why)
        self.seconds = seconds


class Hopeless(Exception):
    """The channel will never take this letter.

    `lost` says that its recipient is not there any more: `bounced` or `gone`, as `storage.lost_letters` reads it.
    """

    def __init__(self, why: str, lost: str = "") -> None:
        super().__init__(f"{lost}: {why}" if lost else why)


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

    async def once(self, channel: str, *, seen: bool = False) -> int:
        """Delivers what may leave a channel now, at most one letter for each place; `seen` as in `outbox.claim`."""
        pace, now = self.senders[channel].pace, self.clock()
        claim = partial(outbox.claim, self.database, channel, self.name, now, CLAIM, pace, seen=seen)
        letters = await asyncio.to_thread(claim)
        await asyncio.gather(*(self._deliver(letter, now) for letter in letters))
        return len(letters)

    def _in_time(self, claimed: datetime) -> bool:
        """Whether the lease lasts until a letter has been sent: while a process was held up, another may have it."""
        return self.clock() - claimed < outbox.LEASE / 2

    async def _deliver(self, letter: Letter, claimed: datetime) -> None:
        if not self._in_time(claimed):
            log.warning("letter_left_to_others", key=letter.key)
            return
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
        failed = letter.failures + 1 >= TRIES and seconds is None
        if failed or self._sooner_elsewhere(letter):
            await self._park(letter, why)
            return
        metrics.retried.labels(letter.channel).inc()
        put_off = outbox.later if seconds is None else outbox.quiet
        wait = _back_off(letter.failures + 1) if seconds is None else timedelta(seconds=seconds)
        await asyncio.to_thread(put_off, self.database, letter.id, self.name, self.clock() + wait, why)

    def _sooner_elsewhere(self, letter: Letter) -> bool:
        """Whether a letter has waited so long for this channel that its further way is the better one."""
        since = letter.put_at if letter.elsewhere and letter.attempts >= TRIES else None
        return since is not None and self.clock() - since >= PATIENCE

    async def _park(self, letter: Letter, why: str) -> None:
        park = partial(outbox.park, self.database, letter.id, self.name, why, self.clock())
        onward = await asyncio.to_thread(park)
        if onward is None:
            # Its lease was lost: whoever has it now says what becomes of it.
            return
        metrics.parked.labels(letter.channel).inc()
        if onward:
            log.warning("letter_passed_on", key=letter.key, why=why, to=onward)
        else:
            log.error("letter_parked", key=letter.key, why=why)


def _back_off(failures: int) -> timedelta:
    return min(FIRST_WAIT * float(2 ** (failures - 1)), LONGEST_WAIT)
