"""The endless tasks of a process: begun by name, begun again when one breaks, ended together."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger()
RESTART_SECONDS = 1.0
Make = Callable[[], Coroutine[Any, Any, None]]


class Loops:
    """A loop that breaks is a fault to mend, but the desk goes on: it is logged and begun again."""

    def __init__(self, restart: float = RESTART_SECONDS) -> None:
        self._restart = restart
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def run(self, name: str, make: Make) -> None:
        """Begins a loop, inside the running event loop."""
        self._stopping = False
        task = asyncio.get_running_loop().create_task(make(), name=name)
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._ended(name, make, done))

    def broken(self) -> list[str]:
        """The loops that are down at this moment."""
        return [name for name, task in self._tasks.items() if task.done()]

    async def stop(self) -> None:
        """Ends every loop."""
        self._stopping = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    def _ended(self, name: str, make: Make, task: asyncio.Task[None]) -> None:
        if self._stopping or task.cancelled():
            return
        fault = task.exception()
        log.error("loop_broke", loop=name, exc_info=fault)
        task.get_loop().call_later(self._restart, self._again, name, make)

    def _again(self, name: str, make: Make) -> None:
        if not self._stopping:
            self.run(name, make)
