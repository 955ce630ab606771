"""The only door to APScheduler: a clock that calls functions; what is due is decided from tables."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.wiring import House
from intents.desk import clock_work
from intents.desk.clock_units import Unit
from intents.desk.clock_work import ClockBooks
from intents.desk.consultations import Pen
from intents.notices import load_notices
from storage import conversations, tokens
from storage.books import StoredBooks, books
from storage.database import Database, DatabaseDown

REFRESH_SECONDS = 5
DUE_SECONDS = 30
TIDY_HOURS = 6
# A dialog that nobody went on with is forgotten with everything typed into it.
DRAFT_LIFE = timedelta(days=30)
CLOCK = "clock"
log = structlog.get_logger()


@asynccontextmanager
async def ticking(house: House) -> AsyncIterator[None]:
    """Ticks while the process runs: what is due is done, a new edition is picked up, expired tokens are forgotten."""

    def tidy() -> None:
        with house.database.begin() as connection:
            tokens.forget_expired(connection, house.clock())
            conversations.forget_drafts(connection, house.clock() - DRAFT_LIFE)

    def due() -> None:
        do_due(house.database, house.clock, Pen(load_notices(), house.wording))

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


def do_due(database: Database, clock: Clock, pen: Pen) -> None:
    """Does what is due now, each unit in a transaction of its own, so that nobody waits long for the books.

    Every process may call it: each unit decides anew under its lock, so twice is once. What the database could not
    do stays due. A unit that is broken raises, after all others were done.
    """
    with ExitStack() as units:
        # A stack unwinds from its end, and goes on when a unit raises.
        for unit in reversed(_look(database, clock)):
            units.callback(_do, unit, database, clock, pen)


def _look(database: Database, clock: Clock) -> tuple[Unit[ClockBooks], ...]:
    try:
        with database.look() as connection:
            return clock_work.due(StoredBooks(connection, database, clock(), CLOCK))
    except DatabaseDown as fault:
        log.warning("clock_database_down", error=str(fault))
        return ()


def _do(unit: Unit[ClockBooks], database: Database, clock: Clock, pen: Pen) -> None:
    try:
        with books(database, clock(), CLOCK) as opened:
            unit(opened, pen)
    except DatabaseDown as fault:
        log.warning("clock_database_down", error=str(fault))
