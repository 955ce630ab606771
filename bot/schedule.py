"""The only door to APScheduler: a clock that calls functions; what is due is decided from tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.wiring import House
from intents.desk import clock_work
from intents.notices import load_notices
from storage import conversations, tokens
from storage.books import books
from storage.database import DatabaseDown

REFRESH_SECONDS = 5
DUE_SECONDS = 30
TIDY_HOURS = 6
# A dialog that nobody went on with is forgotten with everything typed into it.
DRAFT_LIFE = timedelta(days=30)


@asynccontextmanager
async def ticking(house: House) -> AsyncIterator[None]:
    """Ticks while the process runs: what is due is done, a new edition is picked up, expired tokens are forgotten."""

    def tidy() -> None:
        with house.database.begin() as connection:
            tokens.forget_expired(connection, house.clock())
            conversations.forget_drafts(connection, house.clock() - DRAFT_LIFE)

    def due() -> None:
        # Every process ticks; what is due is decided and done under locks, so twice is once.
        with suppress(DatabaseDown), books(house.database, house.clock(), "clock") as opened:
            clock_work.tick(opened, load_notices(), house.wording)

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
