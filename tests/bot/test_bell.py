"""The bell: who waits is woken when the transaction commits, in the same process and in another one."""

import asyncio

from sqlalchemy import text

from bot.bell import Bell, within
from storage.database import Database

TOPIC = "said:web:c1"


def _woken(listener: Database, ringer: Database, *, commits: bool) -> bool:
    def ring() -> None:
        with ringer.begin() as connection:
            ringer.ring(connection, TOPIC)
            if not commits:
                connection.rollback()

    async def wait() -> bool:
        bell = Bell(listener)
        bell.start()
        await asyncio.sleep(0.3)  # the listening connection opens in a thread
        event = bell.next(TOPIC)
        await asyncio.to_thread(ring)
        await within(event, 5 if commits else 0.5)
        await bell.stop()
        return event.is_set()

    return asyncio.run(wait())


def test_a_ring_wakes_the_same_process(database: Database) -> None:
    """No poll is needed for what this process did itself."""
    assert _woken(database, database, commits=True)


def test_a_ring_wakes_another_process(postgres_database: Database) -> None:
    """What one replica stored wakes the other by NOTIFY."""
    url = postgres_database.engine.url.render_as_string(hide_password=False)
    other = Database(url)
    assert _woken(postgres_database, other, commits=True)
    other.close()


def test_a_listener_comes_back_after_the_database_was_away(postgres_database: Database) -> None:
    """A server that was restarted is listened to again without anybody's help."""

    def cut_off() -> None:
        others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        with postgres_database.begin() as connection:
            connection.execute(text(others))

    def ring() -> None:
        with postgres_database.begin() as connection:
            postgres_database.ring(connection, TOPIC)

    async def wait() -> bool:
        bell = Bell(postgres_database)
        bell.start()
        await asyncio.sleep(0.3)
        await asyncio.to_thread(cut_off)
        event = bell.next(TOPIC)
        for _ in range(20):
            await asyncio.to_thread(ring)
            await within(event, 0.5)
        await bell.stop()
        return event.is_set()

    assert asyncio.run(wait())


def test_a_transaction_that_fails_rings_nobody(postgres_database: Database) -> None:
    """Nobody is woken for work that was never stored."""
    assert not _woken(postgres_database, postgres_database, commits=False)
