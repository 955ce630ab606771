"""One process of the office: its own connections, its own delivery, its rounds of the clock; it can be killed at any step.

Between any two transactions of a round another process may do a whole round of its own, and a process that dies takes
the transaction with it in which it was.
"""

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.bell import Bell, within
from bot.delivery import Delivery, Sender
from bot.schedule import PACE, do_due
from bot.simulation.hurry import Hours
from bot.simulation.plan import Areas
from intents.desk.consultations import Pen
from storage import outbox
from storage.database import Database
from storage.outlook import next_letter, waiting_channels

# What a transaction takes: what is written in a later one leaves later.
WRITING = timedelta(milliseconds=15)
# A letter that waits behind another one of its place is asked for again that soon, in seconds.
HELD = 1.0
# How likely a rival comes in before a transaction, and how many transactions a process that dies in a round still does.
BETWEEN, LAST_STEPS = 0.3, 12
EVERY = timedelta(seconds=PACE.due)


class Killed(RuntimeError):
    """The process is no more."""


class Contested(Database):
    """A way to the database that tells its process of each step: before a transaction, and before it is committed."""

    def __init__(self, url: str, before: Callable[[], None], inside: Callable[[], None]) -> None:
        super().__init__(url, durable=False)
        self._before, self._inside = before, inside

    @contextmanager
    def begin(self) -> Iterator[Any]:
        """One transaction that may write."""
        self._before()
        with super().begin() as connection:
            yield connection
            self._inside()


@dataclass(slots=True)
class Bells:
    """What wakes every process when a letter was put, as PostgreSQL's notifications do; where none waits, nobody looks."""

    database: Database
    # In the order in which they began to wait: the same seed wakes them in the same order.
    waiting: dict[str, list[asyncio.Event]] = field(default_factory=lambda: defaultdict(list))
    rung: bool = False

    def next(self, channel: str) -> asyncio.Event:
        """What the next letter of a channel sets."""
        event = asyncio.Event()
        self.waiting[channel].append(event)
        return event

    def tied(self, database: Database) -> None:
        """From now on what is put by this database is heard; to be called in the running loop."""
        loop = asyncio.get_running_loop()

        def hear(topic: str) -> None:
            if topic == outbox.RING and not self.rung:
                self.rung = True
                loop.call_soon(self._ring)

        database.hear(hear)

    def _ring(self) -> None:
        self.rung = False
        for channel in waiting_channels(self.database):
            for event in self.waiting.pop(channel, ()):
                event.set()


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all processes are made from."""

    hours: Hours
    url: str
    areas: Areas
    pen: Pen
    senders: Callable[[], Mapping[str, Sender]]
    bells: Bells


class Process:
    """One of the office's processes; `phase` is when in the half minute of the clock it looks."""

    def __init__(self, shop: Workshop, number: int, dice: Random) -> None:
        self._shop, self._number, self._dice = shop, number, dice
        self._phase = timedelta(seconds=dice.uniform(0, PACE.due))
        self._tasks: list[asyncio.Task[None]] = []
        self._rival: Process | None = None
        self._born, self._left, self._done = 0, 0, 0
        self._in_round = False
        self.alive = False
        # Its connections end with it; what they are made from would only have to be put together again.
        self._database = Contested(shop.url, self._before, self._inside)

    # ------------------------------------------------ life and death

    def start(self) -> None:
        """A process of that number begins, with connections and a delivery made anew."""
        self._born += 1
        self.alive = True
        if self._born == 1:
            self._shop.bells.tied(self._database)
        senders, name = self._shop.senders(), f"{self._number}.{self._born}"
        bell = Bell(self._database)
        delivery = Delivery(self._database, senders, self._shop.hours.now, name, bell)
        self._tasks = [asyncio.ensure_future(self._deliver(delivery, channel)) for channel in senders]
        for task in self._tasks:
            task.add_done_callback(_broken)

    def kill(self) -> None:
        """The process ends where it stands: nothing is tidied up."""
        self.alive = False
        for task in self._tasks:
            task.cancel()
        self._database.close()

    # ------------------------------------------------ the outbox

    async def _deliver(self, delivery: Delivery, channel: str) -> None:
        """As `Delivery.channel`, but it sleeps until there is something to do, instead of looking again and again."""
        while True:
            rung, now = self._shop.bells.next(channel), self._shop.hours.now()
            moment = next_letter(self._database, channel, now)
            if moment is None:
                await rung.wait()
            elif moment > now or not await delivery.once(channel, seen=True):
                await within(rung, max(HELD, (moment - now).total_seconds()))

    # ------------------------------------------------ the clock

    def next_tick(self, after: datetime) -> datetime:
        """When it looks next at what is due."""
        first = self._shop.hours.begin + self._phase
        return first + EVERY * max(0, math.ceil((after - first) / EVERY))

    def round(self, rival: "Process | None" = None, *, dies: bool = False) -> int:
        """Does what is due and gives how many transactions that took; a rival comes in between, and it may die on the way."""
        self._rival, self._done, self._in_round = rival, 0, True
        self._left = self._dice.randint(1, LAST_STEPS) if dies else -1
        with suppress(Killed):
            do_due(self._database, self._shop.hours.now, self._shop.pen, self._shop.areas)
        self._in_round = False
        if self._left == 0:
            self.kill()
        return self._done

    def _before(self) -> None:
        if not self._in_round:
            return
        if self._left == 0:
            raise Killed
        if self._rival and self._rival.alive and self._dice.random() < BETWEEN:
            rival, self._rival = self._rival, None
            rival.round()
        self._shop.hours.busy += WRITING

    def _inside(self) -> None:
        if self._in_round:
            self._done += 1
            self._left -= 1
            if self._left == 0:
                raise Killed


def _broken(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (fault := task.exception()):
        raise fault
