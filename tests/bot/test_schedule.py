"""What the clock does at work: in short transactions, each thing once, the rest also when something is broken."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, func, select, text, update
from structlog.testing import capture_logs

from bot.schedule import do_due
from intents.desk import clock_work
from intents.desk.books import Recipient
from intents.desk.case_records import CaseKind
from intents.desk.clock_units import LETTERS
from intents.desk.consultations import Pen
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.notices import Notices, load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database
from storage.seminars import StoredSeminars
from storage.tables import outbox, seminar, seminar_registration
from tests.kit import NOON

PEN = Pen(load_notices(), load_wording())
DAY = timedelta(days=1)
PEOPLE = 3 * LETTERS + 2
WAITING = 7
# Ten o'clock in Tokyo, three days before.
LATER = NOON + 6 * DAY


def _fill(database: Database, people: int, state: SeatState = SeatState.CONFIRMED) -> int:
    """A seminar with so many people, nine days ahead; gives its id."""
    with books(database, NOON, "staff:t") as opened:
        new = NewSeminar(
            title="会",
            starts_at=NOON + 9 * DAY,
            ends_at=NOON + 10 * DAY,
            capacity=people,
            deadline=NOON + DAY,
        )
        found = opened.seminars.add(new)
        for number in range(people):
            to = Recipient(0, f"web:{number}", f"p{found.id}.{number}@example.jp", Lang.JA)
            wanted = SignUp(to=to, name="山田", organisation="個人")
            opened.seminars.register(found.id, wanted, state)
    return found.id


def _letters(database: Database) -> int:
    with database.look() as connection:
        return connection.scalar(select(func.count()).select_from(outbox)) or 0


def _tick(database: Database, pen: Pen = PEN) -> None:
    do_due(database, lambda: LATER, pen)


@contextmanager
def _counting(database: Database) -> Iterator[list[int]]:
    """How many letters each transaction wrote."""
    written: list[int] = []

    def count(connection: Connection) -> None:
        there = connection.execute(text("select count(*) from outbox")).scalar_one()
        written.append(there - sum(written))

    event.listen(database.engine, "commit", count)
    yield written
    event.remove(database.engine, "commit", count)


def test_no_transaction_writes_many_letters(sqlite_database: Database) -> None:
    """Reminders leave in batches; a second tick writes nothing."""
    _fill(sqlite_database, PEOPLE)
    with _counting(sqlite_database) as written:
        _tick(sqlite_database)
        _tick(sqlite_database)
    assert sum(written) == PEOPLE
    assert max(written) == LETTERS


def test_one_tick_in_one_transaction_writes_them_all(sqlite_database: Database) -> None:
    """The guard taken out: nobody gets at the books before the last letter is written."""
    _fill(sqlite_database, PEOPLE)
    with _counting(sqlite_database) as written, books(sqlite_database, LATER, "clock") as opened:
        clock_work.tick(opened, PEN.notices, PEN.wording)
    assert max(written) == PEOPLE


def test_offers_lapse_in_batches(sqlite_database: Database) -> None:
    """Each seat that comes free goes to the next in line within the same transaction."""
    id_ = _fill(sqlite_database, 2 * WAITING, SeatState.WAITING)
    with sqlite_database.begin() as connection:
        first = seminar_registration.c.id <= WAITING
        held = {"state": "offered", "offered_until": NOON + DAY}
        connection.execute(update(seminar_registration).where(first).values(held))
        connection.execute(update(seminar).values(capacity=WAITING))
    with _counting(sqlite_database) as written:
        _tick(sqlite_database)
    with sqlite_database.look() as connection:
        found = StoredSeminars(connection, sqlite_database, LATER).registrations(id_)
    assert [one.state for one in found] == [SeatState.EXPIRED] * WAITING + [SeatState.OFFERED] * WAITING
    assert max(written) <= LETTERS


def test_many_processes_tick_at_once(database: Database) -> None:
    """Each letter is written once, whoever is quicker."""
    _fill(database, PEOPLE)
    start = threading.Barrier(3)

    def run() -> None:
        start.wait()
        _tick(database)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _tick(database)
    assert _letters(database) == PEOPLE


def test_what_is_broken_stops_nothing_else(sqlite_database: Database) -> None:
    """One seminar that cannot be read, one kind of letter that is missing: all else is done, then it is raised."""
    broken = _fill(sqlite_database, 1)
    _fill(sqlite_database, 3)
    with sqlite_database.begin() as connection:
        mine = seminar_registration.c.seminar_id == broken
        connection.execute(update(seminar_registration).where(mine).values(lang="xx"))
    with pytest.raises(ValueError, match="xx"):
        _tick(sqlite_database)
    assert _letters(sqlite_database) == 3
    assert _states(sqlite_database) == ["closed", "closed"]


def test_a_missing_letter_leaves_it_due(sqlite_database: Database) -> None:
    """What could not be written is written when it can be."""
    _fill(sqlite_database, 3)
    fewer = {name: notice for name, notice in PEN.notices.notices.items() if name != "seminar_reminder"}
    with pytest.raises(KeyError, match="seminar_reminder"):
        _tick(sqlite_database, Pen(Notices(fewer), PEN.wording))
    assert (_letters(sqlite_database), _states(sqlite_database)) == (0, ["closed"])
    _tick(sqlite_database)
    assert _letters(sqlite_database) == 3


def _states(database: Database) -> list[str]:
    with database.look() as connection:
        return list(connection.scalars(select(seminar.c.state).order_by(seminar.c.id)))


def test_a_database_that_is_held_is_tried_again(sqlite_database: Database) -> None:
    """It is noted, not raised; the next tick does it."""
    _fill(sqlite_database, 1)
    do_due(sqlite_database, lambda: NOON + 2 * DAY, PEN)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with sqlite_database.begin():
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with capture_logs() as logs:
        _tick(sqlite_database)
    done.set()
    holder.join()
    assert {line["event"] for line in logs} == {"clock_database_down"}
    assert _letters(sqlite_database) == 0
    _tick(sqlite_database)
    assert _letters(sqlite_database) == 1


def test_looking_needs_no_lock(sqlite_database: Database) -> None:
    """With nothing due, the clock does not wait for a writer."""
    _fill(sqlite_database, 1)
    _tick(sqlite_database)
    with sqlite_database.begin() as connection, capture_logs() as logs:
        StoredBooks(connection, sqlite_database, LATER, "x").audit.note("x", "x")
        _tick(sqlite_database)
    assert logs == []


def test_what_another_release_wrote_keeps_nothing_else_of_the_desk(sqlite_database: Database) -> None:
    """A seminar that nobody can read stops the areas behind it no more than a letter that cannot be written."""
    id_ = _fill(sqlite_database, 1)
    _fill(sqlite_database, 1, SeatState.WAITING)
    with sqlite_database.begin() as connection:
        connection.execute(update(seminar).where(seminar.c.id == id_).values(kind="webinar"))
    with pytest.raises(ValueError, match="webinar"):
        _tick(sqlite_database)
    with books(sqlite_database, LATER, "staff:t") as opened:
        assert [case.kind for case in opened.cases.queued("", None, 2)] == [CaseKind.WAITLIST]
