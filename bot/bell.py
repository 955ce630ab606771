"""Wakes the loops of a process when there is work, whichever process made it; a poll catches the rest."""

import asyncio
import contextlib
import threading
from weakref import WeakValueDictionary

from storage.database import Database


class Bell:
    """Events of the running loop that the database's rings set."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._events: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        database.hear(self._heard)

    def start(self) -> None:
        """Begins to hear, inside the running loop; other processes by a thread of its own."""
        self._loop = asyncio.get_running_loop()
        self._stop.clear()
        if not self._database.embedded:
            self._thread = threading.Thread(target=self._database.listen, args=(self._stop,), name="bell")
            self._thread.start()

    async def stop(self) -> None:
        """Hears nothing more."""
        self._loop = None
        self._stop.set()
        if self._thread:
            await asyncio.to_thread(self._thread.join)

    def next(self, topic: str) -> asyncio.Event:
        """What the next ring of a topic sets; take it before you look, so that no ring is missed."""
        event = self._events.get(topic) or asyncio.Event()
        self._events[topic] = event
        return event

    def _heard(self, topic: str) -> None:
        if loop := self._loop:
            # The loop may close between the two: then nobody waits any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._ring, topic)

    def _ring(self, topic: str) -> None:
        if event := self._events.pop(topic, None):
            event.set()


async def within(event: asyncio.Event, seconds: float) -> None:
    """Waits for the event, but no longer than that."""
    # Not wait_for: until Python 3.12 it can swallow the cancellation that ends a loop.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
