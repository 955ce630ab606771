"""The desk in one process: the door with group commit, the worker, and the log that channels follow."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import ParamSpec, TypeVar

import structlog

from bot import metrics
from bot.bell import Bell, within
from bot.clock import Clock
from bot.desk import ANSWER_BUDGET, Conflict, Receipt, Unavailable
from bot.loops import Loops
from bot.pipeline import Pipeline, reply_key
from intents.messages import Incoming, Lane
from storage import inbox, messages, outbox
from storage.database import Database, DatabaseDown
from storage.messages import Logged
from storage.tokens import command_of

log = structlog.get_logger()
STORE_BUDGET = timedelta(milliseconds=900)
P = ParamSpec("P")
T = TypeVar("T")
# Rings wake at once; the poll finds leases that lapsed and rings that got lost.
POLL = 1.0
TURN_POLL = 0.02
CLAIM = 20


@dataclass(slots=True)
class _Waiting:
    incoming: Incoming
    stored: asyncio.Future[inbox.Stored]


class Office:
    """Fulfils `bot.desk.Desk`. `start` and `stop` belong to the process that hosts it."""

    def __init__(
        self, database: Database, pipeline: Pipeline, clock: Clock, name: str, bell: Bell, loops: Loops
    ) -> None:
        self._database, self._pipeline, self._clock, self._name = database, pipeline, clock, name
        self._bell, self._loops = bell, loops
        self._queue: list[_Waiting] = []
        self._arrived = asyncio.Event()
        # What an acknowledgement waits for has threads of its own: it never queues behind answers.
        self._writer = ThreadPoolExecutor(1, "inbox")
        self._door = ThreadPoolExecutor(2, "door")
        self._pool = ThreadPoolExecutor(8, "desk")

    def start(self, *, worker: bool = True) -> None:
        """Begins to store and, as a worker, to answer; call inside the event loop."""
        self._bell.start()
        self._loops.run("inbox", self._write_forever)
        if worker:
            self._loops.run("worker", self._work_forever)

    async def stop(self) -> None:
        """Ends the tasks; what is stored and unanswered is answered after the next start."""
        await self._bell.stop()
        await self._loops.stop()
        for pool in (self._writer, self._door, self._pool):
            pool.shutdown(wait=True)

    # -------------------------------------------------------- receive

    async def receive(self, incoming: Incoming) -> Receipt:
        """Stores the event durably; returns only then. Raises Unavailable."""
        waiting = _Waiting(incoming, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._arrived.set()
        try:
            async with asyncio.timeout(STORE_BUDGET.total_seconds()):
                stored = await waiting.stored
        except (TimeoutError, DatabaseDown) as fault:
            metrics.acknowledged_late.labels(incoming.channel).inc()
            raise Unavailable(str(fault)) from fault
        counter = metrics.duplicate if stored.duplicate else metrics.received
        counter.labels(incoming.channel).inc()
        return Receipt(stored.event, stored.duplicate, stored.same)

    async def _write_forever(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            batch, self._queue = self._queue, []
            await self._write(batch)

    async def _write(self, batch: list[_Waiting]) -> None:
        """Group commit: everything that arrived during the last transaction goes into this one."""
        loop = asyncio.get_running_loop()
        events = [waiting.incoming for waiting in batch]
        try:
            rows = await loop.run_in_executor(self._writer, inbox.add, self._database, events, self._name)
        except DatabaseDown as fault:
            for waiting in batch:
                _settle(waiting.stored, fault)
            return
        for waiting, row in zip(batch, rows, strict=True):
            _settle(waiting.stored, row)

    async def knows(self, channel: str, conversation: str) -> bool:
        """Whether anything has arrived in a conversation. Raises Unavailable."""
        look = asyncio.get_running_loop().run_in_executor(
            self._door, inbox.knows, self._database, channel, conversation
        )
        try:
            async with asyncio.timeout(STORE_BUDGET.total_seconds()):
                return await look
        except (TimeoutError, DatabaseDown) as fault:
            raise Unavailable(str(fault)) from fault

    # -------------------------------------------------------- answer at once

    async def answer(self, incoming: Incoming, budget: timedelta = ANSWER_BUDGET) -> Logged | None:
        """Stores the event and gives its reply, or nothing when the budget ran out (it follows later)."""
        receipt = await self.receive(replace(incoming, lane=Lane.FAST))
        if not receipt.same:
            raise Conflict(incoming.event_key)
        with contextlib.suppress(TimeoutError, DatabaseDown):
            async with asyncio.timeout(budget.total_seconds()):
                return await self._answer(receipt)
        await self._give_back(receipt.event)
        return None

    async def _give_back(self, event: int) -> None:
        # If even that is not possible now, the lease lapses by itself.
        with contextlib.suppress(DatabaseDown):
            await self._in_thread(inbox.give_back, self._database, event, self._name)

    async def _answer(self, receipt: Receipt) -> Logged:
        if not receipt.duplicate:
            while not await self._in_thread(inbox.is_its_turn, self._database, receipt.event):
                await asyncio.sleep(TURN_POLL)
            await self._run(receipt.event)
        while (logged := await self._in_thread(messages.reply_to, self._database, receipt.event)) is None:
            await asyncio.sleep(TURN_POLL)
        return logged

    async def letter_button(self, token: str) -> str:
        """The order that a letter's button gives; empty when it does nothing any more. Raises Unavailable."""
        try:
            return await self._in_thread(command_of, self._database, token, self._clock())
        except DatabaseDown as fault:
            raise Unavailable(str(fault)) from fault

    async def said_directly(self, event: int) -> None:
        """The reply of an event went out as the HTTP answer: the outbox need not send it."""
        # Not settled means sent once more, which is better than not at all.
        with contextlib.suppress(DatabaseDown):
            await self._in_thread(outbox.said_directly, self._database, reply_key(event), self._clock())

    async def hurry(self, event: int) -> None:
        """The reply of an event did not go out as the HTTP answer: the outbox sends it now."""
        # Not hurried means sent when its grace is over.
        with contextlib.suppress(DatabaseDown):
            await self._in_thread(outbox.hurry, self._database, reply_key(event), self._clock())

    # -------------------------------------------------------- the worker

    async def _work_forever(self) -> None:
        while True:
            work = self._bell.next(inbox.RING)
            with contextlib.suppress(DatabaseDown):
                while events := await self._in_thread(
                    inbox.claim, self._database, self._name, self._clock(), CLAIM
                ):
                    await asyncio.gather(*(self._run(event) for event in events))
            await within(work, POLL)

    async def _run(self, event: int) -> None:
        try:
            await self._in_thread(self._pipeline.run, event)
        except DatabaseDown:
            log.warning("turn_postponed", inbox_id=event)
            await self._give_back(event)
            raise

    # -------------------------------------------------------- read along

    async def history(
        self, channel: str, conversation: str, after: int = 0, limit: int = 200
    ) -> tuple[Logged, ...]:
        """The messages with a larger id, oldest first; the newest `limit` of them. Raises Unavailable."""
        try:
            return await self._in_thread(
                messages.history, self._database, channel, conversation, after, limit
            )
        except DatabaseDown as fault:
            raise Unavailable(str(fault)) from fault

    async def follow(self, channel: str, conversation: str, after: int = 0) -> AsyncIterator[Logged]:
        """The messages of a conversation with a larger id, then each new one as it comes."""
        while True:
            said = self._bell.next(messages.ring(channel, conversation))
            with contextlib.suppress(Unavailable):
                for logged in await self.history(channel, conversation, after):
                    after = logged.id
                    yield logged
            await within(said, POLL)

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args, **kwargs))


def _settle(future: asyncio.Future[inbox.Stored], result: inbox.Stored | DatabaseDown) -> None:
    # The sender may have given up meanwhile; the row is stored all the same and meets its retry.
    if future.done():
        return
    if isinstance(result, DatabaseDown):
        future.set_exception(result)
    else:
        future.set_result(result)
