"""A loop that breaks is begun again, and readiness knows while it is down."""

import asyncio

from bot.loops import Loops


def test_a_broken_loop_begins_again() -> None:
    """The first run fails, the second goes on until it is stopped."""
    runs: list[int] = []

    async def breaks_once() -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            raise ZeroDivisionError
        await asyncio.Event().wait()

    async def watch() -> tuple[list[str], list[str]]:
        loops = Loops(restart=0.05)
        loops.run("worker", breaks_once)
        await asyncio.sleep(0.01)
        down = loops.broken()
        await asyncio.sleep(0.1)
        up = loops.broken()
        await loops.stop()
        return down, up

    assert asyncio.run(watch()) == (["worker"], [])
    assert runs == [0, 1]


def test_a_stopped_loop_stays_down() -> None:
    """Stopping is not breaking."""
    runs: list[int] = []

    async def endless() -> None:
        runs.append(1)
        await asyncio.Event().wait()

    async def watch() -> None:
        loops = Loops(restart=0.01)
        loops.run("worker", endless)
        await asyncio.sleep(0.01)
        await loops.stop()
        await asyncio.sleep(0.05)

    asyncio.run(watch())
    assert runs == [1]
