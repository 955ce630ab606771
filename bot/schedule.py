"""The only door to APScheduler: a clock that calls functions; what is due is decided from tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.wiring import House
from storage import tokens

REFRESH_SECONDS = 5
TIDY_HOURS = 6


@asynccontextmanager
async def ticking(house: House) -> AsyncIterator[None]:
    """Ticks while the process runs: a new edition is picked up, expired tokens are forgotten."""

    def tidy() -> None:
        with house.database.begin() as connection:
            tokens.forget_expired(connection, house.clock())

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(house.live.refresh, "interval", seconds=REFRESH_SECONDS, max_instances=1, coalesce=True)
    scheduler.add_job(
        tidy, "interval", hours=TIDY_HOURS, max_instances=1, coalesce=True, next_run_time=house.clock()
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
