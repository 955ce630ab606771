"""Two thousand due letters and four processes that are killed again and again: whether one is lost or seen twice."""

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, insert, select

from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage.codec import pack_reply
from storage.database import Database
from storage.migrate import migrate
from storage.outbox import LEASE
from storage.tables import outbox
from tests.benchmarks.engines import fresh
from tests.bot.crash import CHAT, Guard, Job, arrived, processes
from tests.kit import NOON

LETTERS, PLACES, WORKERS, KILLS, TOGETHER = 2_000, 500, 4, 12, 3
# The clock of the workers runs so much faster: a lease of a minute lapses in six seconds.
SPEED, PATIENCE = 10.0, 180.0
POINTS, FULL_POINTS, BLIND_POINTS = 200, 1_000, 50
SEED = 20261124
BODY = pack_reply(Reply((Paragraph((Text("モニタリング報告書の期限が近づいています"),)),), Lang.JA))


def report(name: str, server_url: str, *, full: bool) -> None:
    """Prints how many letters were lost or seen twice; many processes need PostgreSQL."""
    _points(name, server_url, FULL_POINTS if full else POINTS)
    if server_url:
        _killed(name, server_url)


def _fill(database: Database, first: int, letters: int) -> None:
    """So many letters to people, some of whom get several."""
    rows = [
        {
            "key": f"n:{number}",
            "channel": CHAT,
            "place": f"channel:U{number % PLACES}",
            "address": {"channel": f"U{number % PLACES}"},
            "body": BODY,
            "state": "due",
            "attempts": 0,
            "due_at": NOON,
            "put_at": NOON,
        }
        for number in range(first, first + letters)
    ]
    with database.begin() as connection:
        connection.execute(insert(outbox), rows)


def _wrong(file: Path, letters: int) -> str:
    """How many of the letters nobody saw, and how many somebody saw twice."""
    found = arrived(file)
    seen = Counter(found[f"n:{number}"] for number in range(letters))
    return f"{seen[0]} lost, {letters - seen[0] - seen[1]} seen twice"


# ------------------------------------------------ four workers


def _killed(name: str, server_url: str) -> None:
    with fresh(server_url) as url, tempfile.TemporaryDirectory() as folder:
        database, file = Database(url), Path(folder) / "arrived"
        migrate(database)
        _fill(database, 0, LETTERS)
        start = time.monotonic()
        kills = _work(database, url, file, start)
        took = time.monotonic() - start
        with database.look() as connection:
            again = connection.scalar(select(func.count()).where(outbox.c.attempts > 1))
        left, wrong = _left(database), _wrong(file, LETTERS)
        database.close()
    print(
        f"{name}: {LETTERS} due letters, {WORKERS} workers, {kills} SIGKILLs (goal: 0 lost, 0 seen twice): "
        f"{wrong}, {again} taken up again, {left} left, {took:.0f} s, seed {SEED}",
        flush=True,
    )


def _work(database: Database, url: str, file: Path, start: float) -> int:
    """Runs the workers until nothing is left, and kills them at random moments on the way; gives the kills."""
    dice, workers = random.Random(SEED), [_worker(url, file, start) for _ in range(WORKERS)]
    # At which part of the work each one dies.
    moments = sorted(dice.uniform(0.02, 0.98) * LETTERS for _ in range(KILLS))
    try:
        while _left(database) and time.monotonic() - start < PATIENCE:
            time.sleep(dice.uniform(0, 0.02))
            if moments and sum(arrived(file).values()) >= moments[0]:
                moments.pop(0)
                number = dice.randrange(WORKERS)
                workers[number].send_signal(signal.SIGKILL)
                workers[number].wait()
                workers[number] = _worker(url, file, start)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return KILLS - len(moments)


def _worker(url: str, file: Path, start: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.bot.crash", url, str(file), str(start), str(SPEED)]
    return subprocess.Popen(command)


def _left(database: Database) -> int:
    with database.look() as connection:
        open_ = select(func.count()).select_from(outbox).where(outbox.c.state != "sent")
        return connection.scalar(open_) or 0


# ------------------------------------------------ one after the other, at any step


def _points(name: str, server_url: str, points: int) -> None:
    """Processes that die at a random step, each followed by one that goes on; also where nobody looks."""
    for guard, count in ((Guard.ALL, points), (Guard.NO_LOOK, BLIND_POINTS)):
        with fresh(server_url) as url, tempfile.TemporaryDirectory() as folder, processes() as do:
            database, file = Database(url), Path(folder) / "arrived"
            migrate(database)
            killed = _die(database, Job(url, str(file), guard=guard), count, do)
            database.close()
            letters = TOGETHER * (count + 1)
            told = (
                "goal: 0 lost, 0 seen twice" if guard is Guard.ALL else "without looking before sending again"
            )
            print(
                f"{name}: {killed} crashes at random steps ({told}): {_wrong(file, letters)} of {letters}, "
                f"seed {SEED}",
                flush=True,
            )


def _die(database: Database, job: Job, points: int, do: Callable[[Job], int]) -> int:
    """For each point some letters, a process that dies there, and one that goes on; gives how many died."""
    dice, killed = random.Random(SEED), 0
    _fill(database, 0, TOGETHER)
    steps = do(job)
    for number in range(1, points + 1):
        _fill(database, number * TOGETHER, TOGETHER)
        after = 2 * number * LEASE.total_seconds()
        killed += not do(replace(job, at=dice.randint(1, steps), after=after))
        do(replace(job, after=after + LEASE.total_seconds() + 1))
    return killed
