"""One turn of a dialog in the warm core, and the last seat of a seminar that a hundred people want at once."""

import time
from collections import Counter

from storage import inbox
from storage.database import Database
from storage.migrate import migrate
from tests.benchmarks.engines import fresh
from tests.benchmarks.figures import show
from tests.kit import event, said
from tests.storage.test_seminars import RACERS, repeat_last_seat
from tests.world import Talk, open_office

BEGINNING = ("個別相談を申し込みます", "はい", "2")
MIDDLE = (*BEGINNING, "埼玉", "株式会社グリーン", "なし", "製造", "なし", "費用を知りたい")
PAIRS, TIMES = 150, 50


def report(name: str, server_url: str) -> None:
    """Prints the figures in milliseconds."""
    for place, said_before, answer in (
        ("third", BEGINNING, "埼玉"),
        ("ninth", MIDDLE, "オンライン"),
    ):
        with fresh(server_url) as url:
            times = _turns(url, said_before, answer)
            show(f"{name}: one dialog turn, warm, at the {place} question (goal: median <= 5 ms)", times)
    with fresh(server_url) as url:
        database = Database(url)
        migrate(database)
        start = time.perf_counter()
        found = Counter(repeat_last_seat(database, TIMES))
        took = time.perf_counter() - start
        right = found[1, RACERS - 1]
        database.close()
        print(
            f"{name}: {RACERS} at once for one seat, {TIMES} times: right {right} of {TIMES}, "
            f"{took * 1000 / TIMES:.0f} ms each time",
            flush=True,
        )


def _turns(url: str, said_before: tuple[str, ...], answer: str) -> list[float]:
    """A typed answer and a step back, again and again; in milliseconds, storing the event left out."""
    database = Database(url)
    migrate(database)
    open_office(database)
    talk = Talk(database)
    for text in said_before:
        talk.say(text)
    times = []
    for text in (answer, "戻る") * PAIRS:
        row = inbox.add(database, [event(said(text).content)], "bench")[0]
        start = time.perf_counter()
        talk.line.run(row.event)
        times.append((time.perf_counter() - start) * 1000)
    database.close()
    return times[20:]
