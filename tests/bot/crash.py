"""Delivery that is killed at any step, and a chat outside that keeps what arrived; for the tests and the figures."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import event

from bot.bell import Bell
from bot.delivery import Delivery
from storage import outbox
from storage.database import Database
from storage.outbox import Letter
from tests.kit import NOON

CHAT = "chat"


class Guard(StrEnum):
    """What keeps a letter from being lost or seen twice; without the one or the other, it is."""

    ALL = "all"
    NO_LOOK = "no look"  # sends again without looking
    NO_LEASE = "no lease"  # calls a letter sent before it is


@dataclass(frozen=True, slots=True)
class Job:
    """One process that empties the outbox, and dies at a step of that number; at none when it is 0."""

    url: str
    file: str
    at: int = 0
    after: float = 0
    guard: Guard = Guard.ALL


def arrived(file: Path) -> Counter[str]:
    """How often each key was seen."""
    return Counter(file.read_text("utf-8").split()) if file.exists() else Counter()


@dataclass(frozen=True, slots=True)
class Chat:
    """A channel that, as Slack, shows what arrived; each key is on the disk before its sender hears of it."""

    file: Path
    step: Callable[[], None] = lambda: None
    looks: bool = True
    seconds: float = 0.0
    pace: timedelta = timedelta()

    async def send(self, letter: Letter) -> str:
        """Looks before it sends again."""
        if self.looks and letter.attempts > 1 and letter.key in arrived(self.file):
            return "there"
        self.step()
        await asyncio.sleep(self.seconds)
        with self.file.open("ab") as shown:
            shown.write(f"{letter.key}\n".encode())
            shown.flush()
            os.fsync(shown.fileno())
        self.step()
        return "sent"


class Hasty(Delivery):
    """The guard taken out: a letter counts as sent before it is."""

    async def _deliver(self, letter: Letter, claimed: datetime) -> None:  # noqa: ARG002 - Delivery names it
        outbox.sent(self.database, letter.id, self.name, self.clock(), "hoped")
        await self.senders[letter.channel].send(letter)


class Trap:
    """Counts the steps of this process and ends it at one of them, as a power cut would."""

    def __init__(self, at: int) -> None:
        self.at, self.steps = at, 0

    def step(self, *_: object) -> None:
        """One step further."""
        self.steps += 1
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def deliver(job: Job) -> int:
    """Empties the outbox in this process; gives the number of steps, unless it died at one."""
    trap, database = Trap(job.at), Database(job.url)
    for name in ("begin", "commit", "checkin"):
        event.listen(database.engine, name, trap.step)
    chat = Chat(Path(job.file), trap.step, looks=job.guard != Guard.NO_LOOK)
    kind = Hasty if job.guard == Guard.NO_LEASE else Delivery
    moment = NOON + timedelta(seconds=job.after)
    asyncio.run(_empty(kind(database, {CHAT: chat}, lambda: moment, f"w{os.getpid()}", Bell(database))))
    return trap.steps


async def _empty(delivery: Delivery) -> None:
    while await delivery.once(CHAT):
        pass


# ------------------------------------------------ processes


@contextmanager
def processes() -> Iterator[Callable[[Job], int]]:
    """Does jobs, each in a real process of its own; gives its number of steps, or 0 when it was killed.

    They are forked from one that has imported everything, as starting Python takes longer than the job.
    """
    command = [sys.executable, "-m", "tests.bot.crash"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        tells, hears = parent.stdin, parent.stdout
        assert tells
        assert hears

        def do(job: Job) -> int:
            tells.write(json.dumps(asdict(job)) + "\n")
            tells.flush()
            return int(hears.readline())

        yield do
        tells.close()


def _serve() -> None:
    for line in sys.stdin:
        sys.stdout.write(f"{_forked(Job(**json.loads(line)))}\n")
        sys.stdout.flush()


def _forked(job: Job) -> int:
    hear, tell = os.pipe()
    if pid := os.fork():
        os.close(tell)
        steps = os.read(hear, 20)
        os.close(hear)
        _, status = os.waitpid(pid, 0)
        assert bool(steps) != os.WIFSIGNALED(status), status
        return int(steps or 0)
    os.write(tell, str(deliver(job)).encode())
    os._exit(0)


def work(url: str, file: str, started: float, speed: float) -> None:
    """Delivers until it is killed, by a clock that runs faster: a lease of a minute lapses sooner."""

    def clock() -> datetime:
        return NOON + timedelta(seconds=(time.monotonic() - started) * speed)

    async def run() -> None:
        database = Database(url)
        bell = Bell(database)
        bell.start()
        chat = Chat(Path(file), seconds=0.005)
        await Delivery(database, {CHAT: chat}, clock, f"w{os.getpid()}", bell).channel(CHAT)

    asyncio.run(run())


if __name__ == "__main__":
    if sys.argv[1:]:
        work(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
    else:
        _serve()
