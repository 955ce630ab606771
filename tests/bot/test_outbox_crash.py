"""A process killed between commit and send: no letter is lost and none is seen twice, on both engines."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import outbox
from storage.database import Database
from storage.tables import outbox as table
from tests.bot.crash import CHAT, Guard, Job, arrived, processes
from tests.kit import NOON

REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)
LEASE = outbox.LEASE.total_seconds() + 1
SEED, RANDOM_POINTS, LETTERS = 20261124, 12, 3
Do = Callable[[Job], int]


@pytest.fixture(scope="module")
def do() -> Iterator[Do]:
    """Does jobs, each in a process of its own."""
    with processes() as run:
        yield run


class Crashes:
    """An outbox that is filled again and again, and emptied by processes that die."""

    def __init__(self, database: Database, folder: Path, do: Do, guard: Guard) -> None:
        self._database, self._do, self._guard = database, do, guard
        self._file, self._put, self._after = folder / "arrived", 0, 0.0

    def fill(self, letters: int) -> None:
        """So many letters, each to a place of its own."""
        for _ in range(letters):
            self._put += 1
            whole = (f"n:{self._put}", CHAT, {"channel": f"C{self._put}"}, REPLY, NOON, NOON)
            with self._database.begin() as connection:
                outbox.put(connection, self._database, *whole)

    def deliver(self, at: int = 0) -> int:
        """One process, after whoever died before has lost its lease."""
        self._after += LEASE
        url = self._database.engine.url.render_as_string(hide_password=False)
        return self._do(Job(url, str(self._file), at, self._after, self._guard))

    def crash_at(self, points: Sequence[int], letters: int) -> None:
        """For each point some letters, a process that dies there, and one that goes on."""
        for point in points:
            self.fill(letters)
            assert self.deliver(point) == 0, f"outlived step {point}"
            self.deliver()

    @property
    def seen(self) -> Counter[int]:
        """How many letters were seen how often."""
        found = arrived(self._file)
        return Counter(found[f"n:{number}"] for number in range(1, self._put + 1))

    @property
    def left(self) -> int:
        """How many the outbox does not call sent."""
        with self._database.look() as connection:
            open_ = select(func.count()).select_from(table).where(table.c.state != "sent")
            return connection.scalar(open_) or 0

    def steps(self, letters: int) -> int:
        """How many steps it takes to send so many letters, undisturbed."""
        self.fill(letters)
        return self.deliver()


def test_outbox_crash_at_every_step_of_a_letter(database: Database, tmp_path: Path, do: Do) -> None:
    """Each begin, each commit, before and after the channel took it: seen once, as without a crash."""
    crashes = Crashes(database, tmp_path, do, Guard.ALL)
    steps = crashes.steps(1)
    assert steps > 10
    crashes.crash_at(range(1, steps + 1), 1)
    assert (crashes.seen, crashes.left) == ({1: steps + 1}, 0)


def test_outbox_crash_at_random_steps_of_several(database: Database, tmp_path: Path, do: Do) -> None:
    """Letters on their way together, and the process dies in the midst of them."""
    crashes, dice = Crashes(database, tmp_path, do, Guard.ALL), random.Random(SEED)
    steps = crashes.steps(LETTERS)
    points = [dice.randint(1, steps - 4) for _ in range(RANDOM_POINTS)]
    crashes.crash_at(points, LETTERS)
    assert (crashes.seen, crashes.left) == ({1: (RANDOM_POINTS + 1) * LETTERS}, 0), f"{SEED=} {points=}"


def test_outbox_crash_without_looking_is_seen_twice(database: Database, tmp_path: Path, do: Do) -> None:
    """The twin: who does not look before sending again repeats what arrived, and loses nothing."""
    crashes = Crashes(database, tmp_path, do, Guard.NO_LOOK)
    crashes.crash_at(range(1, crashes.steps(1) + 1), 1)
    assert crashes.seen[2] > 0
    assert crashes.seen[0] == 0


def test_outbox_crash_without_the_lease_is_lost(database: Database, tmp_path: Path, do: Do) -> None:
    """The twin: what counts as sent before it is gone never goes."""
    crashes = Crashes(database, tmp_path, do, Guard.NO_LEASE)
    crashes.crash_at(range(1, crashes.steps(1) + 1), 1)
    assert crashes.seen[0] > 0
