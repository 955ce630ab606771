"""The only door to APScheduler: a clock that calls functions; what is due is decided from tables."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.delivery import PATIENCE
from bot.heartbeat import Watcher
from bot.wiring import House
from intents.desk import clock_work
from intents.desk.clock_units import Ahead, Area, Together, Unit
from intents.desk.clock_work import ClockBooks
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import setting_of
from intents.notices import load_notices
from storage import conversations, staff, tokens
from storage.books import StoredBooks, books
from storage.database import Database, DatabaseDown
from storage.further_ways import pass_on_unserved

# A dialog that nobody went on with is forgotten with everything typed into it.
DRAFT_LIFE = timedelta(days=30)
CLOCK = "clock"
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often each thing is done, in seconds."""

    refresh: float = 5
    beat: float = 10
    due: float = 30
    call: float = 60
    tidy: float = 6 * 60 * 60


PACE = Pace()


@asynccontextmanager
async def ticking(house: House, pace: Pace = PACE) -> AsyncIterator[None]:
    """Ticks while the process runs: what is due is done, a new edition is picked up, what expired is forgotten.

    Meanwhile it beats, and calls the watcher outside after rounds that ran through.
    """
    watcher = Watcher(house.settings.heartbeat_url.get_secret_value())

    def tidy() -> None:
        with house.database.begin() as connection:
            tokens.forget_expired(connection, house.clock())
            conversations.forget_drafts(connection, house.clock() - DRAFT_LIFE)
            staff.forget_expired(connection, house.clock())

    def due() -> None:
        areas = clock_work.areas(setting_of(house.live.current().edition))
        if do_due(house.database, house.clock, Pen(load_notices(), house.wording), areas):
            watcher.well()

    def onward() -> None:
        with _patient():
            now = house.clock()
            pass_on_unserved(house.database, house.settings.channels, now - PATIENCE, now)

    def beat() -> None:
        with _patient():
            house.heart.beat()

    scheduler = AsyncIOScheduler(timezone="UTC")
    once = {"max_instances": 1, "coalesce": True}
    scheduler.add_job(house.live.refresh, "interval", seconds=pace.refresh, **once)
    scheduler.add_job(tidy, "interval", seconds=pace.tidy, next_run_time=house.clock(), **once)
    for job, seconds in ((beat, pace.beat), (due, pace.due), (onward, pace.due), (watcher.call, pace.call)):
        scheduler.add_job(job, "interval", seconds=seconds, **once)
    house.heart.start()
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def do_due(
    database: Database, clock: Clock, pen: Pen, areas: Sequence[Area[ClockBooks]] = clock_work.AREAS
) -> bool:
    """Does what is due now, each unit in a transaction of its own, so that nobody waits long for the books.

    Every process may call it: each unit decides anew under its lock, so twice is once. What the database could not
    do stays due, and then it is not True that the round ran through. What is broken raises, after everything else
    was done.
    """
    missed: list[DatabaseDown] = []
    ahead = Ahead(areas)

    def look() -> tuple[Unit[ClockBooks], ...]:
        reached = False
        with _patient(missed), database.look() as connection:
            reached = True
            return ahead.units(StoredBooks(connection, database, clock(), CLOCK))
        if not reached:
            ahead.give_up()
        return ()

    def do(unit: Unit[ClockBooks]) -> None:
        with ExitStack() as stack:
            stack.push(partial(_one_by_one, unit, do))
            with _patient(missed), books(database, clock(), CLOCK) as opened:
                unit(opened, pen)

    with ExitStack() as stack:

        def go_on() -> None:
            if ahead:
                # Before anything is done, so that the round goes on whatever comes of it.
                stack.callback(go_on)
                _each(look(), do)

        go_on()
    return not missed


def _each(things: Sequence[T], do: Callable[[T], None]) -> None:
    """Does it with each in turn, also when one of them raises; that is raised at the end."""
    with ExitStack() as stack:
        # A stack unwinds from its end.
        for one in reversed(things):
            stack.callback(do, one)


def _one_by_one(unit: Unit[ClockBooks], do: Callable[[Unit[ClockBooks]], None], *failed: object) -> bool:
    """What is broken about one of several keeps nothing from the others: each is done again alone."""
    if not isinstance(unit, Together) or not isinstance(failed[1], Exception):
        return False
    _each(unit.apart, do)
    return True


@contextmanager
def _patient(missed: list[DatabaseDown] | None = None) -> Iterator[None]:
    """The database may be held or away: the next tick tries again; `missed` takes note."""
    try:
        yield
    except DatabaseDown as fault:
        log.warning("clock_database_down", error=str(fault))
        if missed is not None:
            missed.append(fault)
