"""An event loop in which nobody waits: when there is nothing to do, its time leaps to the next thing to come.

Everything runs in the order of the simulated moments and in one thread at a time, so that the same seed gives the same
year. Times of the loop are seconds since its beginning.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple, Unpack

# Far into a year a loop no longer tells smaller steps apart, and would take a timer that is due for one to come.
LEAST = 1e-6
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class NothingToCome(RuntimeError):
    """Everybody waits for somebody else."""


class _Leap(selectors.DefaultSelector):
    """Waiting takes no time; it only says how much of it has passed. Nothing comes from outside, so nobody looks there."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise NothingToCome
        self.passed += max(timeout, LEAST)
        return []


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop with a time of its own."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def run_in_executor(self, _: object, func: Callable[[Unpack[Ts]], T], *args: *Ts) -> asyncio.Future[T]:
        """What is for a thread is done at once; the loop stands still meanwhile."""
        done: asyncio.Future[T] = self.create_future()
        done.set_result(func(*args))
        return done

    def time(self) -> float:
        """Simulated seconds since the loop was made."""
        return self._leap.passed


class Hours:
    """The simulated clock; to be read while its loop runs. Moments are UTC.

    `busy` is what the work of this very moment has taken so far: computing takes time, too.
    """

    def __init__(self, begin: datetime) -> None:
        self.begin = begin.astimezone(UTC)
        self.busy = timedelta()
        self._read, self._moment = 0.0, self.begin

    def now(self) -> datetime:
        """This moment."""
        seconds = asyncio.get_running_loop().time()
        # Everything asks for it, and time stands still while anything is done.
        if seconds != self._read:
            self._read, self._moment = seconds, self.begin + timedelta(seconds=seconds)
        return self._moment + self.busy

    async def until(self, moment: datetime) -> None:
        """Waits until then; not at all when that is past."""
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        """Does something then, or at once when that is past."""
        loop = asyncio.get_running_loop()
        loop.call_at(max(loop.time(), (moment - self.begin).total_seconds()), act)


def hurried(main: Coroutine[Any, Any, T]) -> T:
    """Runs it from beginning to end in a loop of its own; what breaks in anything that was put off breaks it all."""
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        return runner.run(_watched(main))


async def _watched(main: Coroutine[Any, Any, T]) -> T:
    broken: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def breaks(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not broken.done():
            broken.set_exception(context.get("exception") or RuntimeError(context["message"]))

    asyncio.get_running_loop().set_exception_handler(breaks)
    task = asyncio.ensure_future(main)
    await asyncio.wait({task, broken}, return_when=asyncio.FIRST_COMPLETED)
    if broken.done():
        task.cancel()
        await asyncio.wait({task})
        return broken.result()
    broken.cancel()
    return task.result()
