"""Puts the simulation together and lets the time pass: a database of its own, the office, the people, two processes."""

import asyncio
import gc
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

import structlog

from bot.delivery import Sender
from bot.simulation.cast import MAIL, SLACK, WEB, Cast
from bot.simulation.dates_desk import DatesDesk
from bot.simulation.hurry import Hours, hurried
from bot.simulation.outside import Line, LineSender
from bot.simulation.people import People
from bot.simulation.plan import DAY, Plan
from bot.simulation.process import Bells, Process, Workshop
from bot.simulation.register import enter
from bot.simulation.seminar_rush import SeminarRush
from bot.simulation.staff_desk import StaffDesk
from bot.simulation.story import Story
from bot.simulation.takeovers import Takeovers
from bot.simulation.watch import Watch
from bot.simulation.world import World, tokyo
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import Setting, setting_of
from intents.notices import load_notices
from knowledge.model import Edition
from knowledge.wording import load_wording
from storage.database import Database
from storage.migrate import migrate

PROCESSES = 2
# How many new things Python waits for before it looks for what nobody needs any more; nearly all of ours is kept.
MUCH = 100_000
Progress = Callable[[date], None]


@dataclass(frozen=True, slots=True)
class Lived:
    """What is left of a simulated time, to be looked into: the books, and the story of what truly happened."""

    plan: Plan
    setting: Setting
    database: Database
    cast: Cast
    story: Story


@contextmanager
def live(plan: Plan, edition: Edition, progress: Progress = lambda _: None) -> Iterator[Lived]:
    """Lives through the whole time in a database that is gone afterwards; `progress` hears of each new day."""
    setting = setting_of(edition)
    with tempfile.TemporaryDirectory(prefix="jdesk-sim") as folder, _silence(), _undisturbed():
        url = f"sqlite:///{Path(folder) / 'sim.sqlite3'}"
        database = Database(url, durable=False)
        migrate(database)
        cast, story = Cast(), Story()
        hurried(_Life(plan, setting, url, database, cast, story).lived(progress))
        yield Lived(plan, setting, database, cast, story)
        database.close()


@contextmanager
def _silence() -> Iterator[None]:
    """What the delivery logs of each fault that we make ourselves, nobody has to read."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What is there already and what a year leaves behind need not be looked through again and again."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(MUCH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class _Life:
    """Everything that acts, made from one plan."""

    def __init__(
        self, plan: Plan, setting: Setting, url: str, database: Database, cast: Cast, story: Story
    ) -> None:
        self._plan, self._story, self._cast = plan, story, cast
        self._hours = Hours(plan.begins)
        self._bells = Bells(database)
        self._lines = [Line(name, plan, self._hours, cast, story) for name in (WEB, SLACK, MAIL)]
        pen = Pen(load_notices(), load_wording())
        areas = plan.parts.areas(setting)
        shop = Workshop(self._hours, url, areas, pen, self._senders, self._bells)
        processes = [Process(shop, n, Random(f"{plan.seed}:process {n}")) for n in range(PROCESSES)]
        self._watch = Watch(plan, self._hours, cast, story, setting, processes)
        dice = Random(f"{plan.seed}:world")
        self._world = World(
            plan, self._hours, dice, setting, pen, database, cast, story, self._watch.look, self._watch.told
        )

    def _senders(self) -> Mapping[str, Sender]:
        looks = self._plan.parts.looks
        return {line.name: LineSender(line, self._story, looks) for line in self._lines}

    async def lived(self, progress: Progress) -> None:
        """From the first day to the last."""
        self._bells.tied(self._world.database)
        enter(self._world)
        people, takeovers, rush = People(self._world), Takeovers(self._world), SeminarRush(self._world)
        for line in self._lines:
            line.hears += [people.hear, takeovers.hear, rush.hear]
        for one in (self._watch, DatesDesk(self._world), StaffDesk(self._world), takeovers, rush):
            one.begin()
        day = self._plan.first
        while day <= self._plan.last:
            self._hours.at(tokyo(day, 0), partial(progress, day))
            day += DAY
        await self._hours.until(self._plan.ends)
        self._watch.end()
        await asyncio.sleep(0)
