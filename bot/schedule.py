"""The only door to APScheduler: a clock that calls functions; what is due is decided from tables."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.wiring import House
from intents.desk import clock_work
from intents.desk.clock_units import Area, Subject, Unit
from intents.desk.clock_work import ClockBooks
from intents.desk.consultations import Pen
from intents.desk.practice import practice_of
from intents.notices import load_notices
from storage import conversations, staff, tokens
from storage.books import StoredBooks, books
from storage.database import Database, DatabaseDown

REFRESH_SECONDS = 5
DUE_SECONDS = 30
TIDY_HOURS = 6
# A dialog that nobody went on with is forgotten with everything typed into it.
DRAFT_LIFE = timedelta(days=30)
CLOCK = "clock"
T = TypeVar("T")
log = structlog.get_logger()


@asynccontextmanager
async def ticking(house: House) -> AsyncIterator[None]:
    """Ticks while the process runs: what is due is done, a new edition is picked up, what expired is forgotten."""

    def tidy() -> None:
        with house.database.begin() as connection:
            tokens.forget_expired(connection, house.clock())
            conversations.forget_drafts(connection, house.clock() - DRAFT_LIFE)
            staff.forget_expired(connection, house.clock())

    def due() -> None:
        areas = clock_work.areas(practice_of(house.live.current().edition))
        do_due(house.database, house.clock, Pen(load_notices(), house.wording), areas)

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(house.live.refresh, "interval", seconds=REFRESH_SECONDS, max_instances=1, coalesce=True)
    scheduler.add_job(
        tidy, "interval", hours=TIDY_HOURS, max_instances=1, coalesce=True, next_run_time=house.clock()
    )
    scheduler.add_job(due, "interval", seconds=DUE_SECONDS, max_instances=1, coalesce=True)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def do_due(
    database: Database, clock: Clock, pen: Pen, areas: Sequence[Area[ClockBooks]] = clock_work.AREAS
) -> None:
    """Does what is due now, each unit in a transaction of its own, so that nobody waits long for the books.

    Every process may call it: each unit decides anew under its lock, so twice is once. What the database could not
    do stays due. What is broken raises, after everything else was done.
    """

    def look(through: Callable[[ClockBooks], Iterator[T]]) -> tuple[T, ...]:
        with _patient(), database.look() as connection:
            return tuple(through(StoredBooks(connection, database, clock(), CLOCK)))
        return ()

    def do(unit: Unit[ClockBooks]) -> None:
        with _patient(), books(database, clock(), CLOCK) as opened:
            unit(opened, pen)

    def do_subject(subject: Subject[ClockBooks]) -> None:
        _each(look(subject), do)

    def do_area(area: Area[ClockBooks]) -> None:
        _each(look(area), do_subject)

    _each(areas, do_area)


def _each(things: Sequence[T], do: Callable[[T], None]) -> None:
    """Does it with each in turn, also when one of them raises; that is raised at the end."""
    with ExitStack() as stack:
        # A stack unwinds from its end.
        for one in reversed(things):
            stack.callback(do, one)


@contextmanager
def _patient() -> Iterator[None]:
    """The database may be held or away: the next tick tries again."""
    try:
        yield
    except DatabaseDown as fault:
        log.warning("clock_database_down", error=str(fault))
