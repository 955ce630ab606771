"""The door: durable before the acknowledgement, and quick to refuse when it cannot be."""

import asyncio
import threading
import time

import pytest
from sqlalchemy import Table, func, select

from bot.desk import Conflict, Unavailable
from bot.office import Office
from storage import messages
from storage.database import Database
from storage.tables import case, inbox, message
from tests.kit import office, said


def _count(database: Database, table: Table) -> int:
    with database.look() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_slack_retry_once_in_parallel_and_after_a_restart(database: Database) -> None:
    """Four parallel deliveries, a restart, and one more: one message, one reply, the same receipt."""

    async def deliver(times: int) -> set[int]:
        desk = office(database)
        desk.start()
        receipts = await asyncio.gather(*(desk.receive(said("使い方", "same")) for _ in range(times)))
        logged = await desk.answer(said("使い方", "same"))
        await desk.stop()
        assert logged is not None
        return {receipt.event for receipt in receipts}

    assert asyncio.run(deliver(4)) == asyncio.run(deliver(1))
    assert _count(database, inbox) == 1
    assert _count(database, message) == 2


def test_what_was_stored_before_a_crash_is_answered_after_it(database: Database) -> None:
    """A process that only stored leaves the answering to the next one."""

    async def store_only() -> int:
        desk = office(database, "first")
        desk.start(worker=False)
        receipt = await desk.receive(said("使い方"))
        await desk.stop()
        return receipt.event

    async def answer_rest(event: int) -> bool:
        desk = office(database, "second")
        desk.start()
        for _ in range(200):
            if messages.reply_to(database, event):
                break
            await asyncio.sleep(0.02)
        await desk.stop()
        return messages.reply_to(database, event) is not None

    assert asyncio.run(answer_rest(asyncio.run(store_only())))


def test_ack_fast_when_the_database_is_held(sqlite_database: Database) -> None:
    """With the database held, every sender hears within a second; the event is stored afterwards all the same."""
    holding = threading.Event()

    def hold() -> None:
        with sqlite_database.begin():
            holding.set()
            time.sleep(1.3)

    async def receive() -> list[float]:
        desk = office(sqlite_database)
        desk.start(worker=False)
        thread = threading.Thread(target=hold)
        thread.start()
        holding.wait()
        waits = await asyncio.gather(*(_refused(desk, f"k{n}") for n in range(20)))
        await asyncio.to_thread(thread.join)
        receipt = await desk.receive(said("a", "k0"))
        await desk.stop()
        assert receipt.duplicate
        return waits

    assert max(asyncio.run(receive())) < 1.2


async def _refused(desk: Office, key: str) -> float:
    start = time.perf_counter()
    with pytest.raises(Unavailable):
        await desk.receive(said("a", key))
    return time.perf_counter() - start


def test_same_key_other_body_is_refused_not_merged(database: Database) -> None:
    """A used key with other content changes nothing; with the same content it gets the same reply."""

    async def scenario() -> None:
        desk = office(database)
        desk.start()
        first = await desk.answer(said("使い方", "same"))
        with pytest.raises(Conflict):
            await desk.answer(said("担当者を呼んで", "same"))
        again = await desk.answer(said("使い方", "same"))
        await desk.stop()
        assert first == again

    asyncio.run(scenario())
    assert _count(database, inbox) == 1
    assert _count(database, case) == 0
