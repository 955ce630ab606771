"""A seminar with people waiting is one case for staff, which closes by itself when there is nothing left to decide."""

import threading
from datetime import datetime

import pytest

from intents.desk import case_endings, cases, seminars, seminars_staff, waitlist_clock
from intents.desk.books import Recipient
from intents.desk.case_records import Case, CaseKind, CaseOutcome, CaseState, DateKind
from intents.desk.clock_units import due
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import NewSeminar, Seminar, SignUp
from intents.notices import load_notices
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.case_due import StoredCaseDue
from storage.database import Database
from tests.intents.desk.case_world import DAY, HOUR, LETTERS, PEN, SATO, WORDING, act, actions, staffed, tick
from tests.kit import NOON

STARTS = NOON + 20 * DAY


def _seminar(database: Database, deadline: datetime | None = None) -> Seminar:
    new = NewSeminar(
        title="説明会",
        starts_at=STARTS,
        ends_at=STARTS + HOUR,
        capacity=1,
        deadline=deadline,
        link="https://m.example",
    )
    return act(database, lambda opened: seminars_staff.create(opened, new))


def _sign_up(database: Database, seminar: Seminar, number: int, now: datetime = NOON, party: int = 1) -> str:
    to = Recipient(0, f"web:p{number}", f"p{number}@example.jp", Lang.JA)
    wanted = SignUp(to=to, name=f"人{number}", organisation="試験工業", party=party)
    with books(database, now, f"person:web:p{number}") as opened:
        pen = letters_with_buttons(opened.links, load_notices(), WORDING)
        return seminars.sign_up(opened, pen, seminar.number, wanted).registration.number


def _cancel(database: Database, registration: str, now: datetime = NOON) -> None:
    with books(database, now, "person:web:p1") as opened:
        seminars.cancel(opened, letters_with_buttons(opened.links, load_notices(), WORDING), registration)


def _cases(database: Database, seminar: Seminar) -> list[Case]:
    with database.look() as connection:
        opened = StoredBooks(connection, database, NOON, "x")
        found = [opened.cases.find(f"K-{id_:05d}") for id_ in range(1, 9)]
    return [one for one in found if one and one.about == seminar.subject]


def _full(database: Database, deadline: datetime | None = None) -> Seminar:
    """A seminar with one guest and a party of two waiting."""
    staffed(database)
    seminar = _seminar(database, deadline)
    _sign_up(database, seminar, 1)
    _sign_up(database, seminar, 2, party=1)
    _sign_up(database, seminar, 3, party=1)
    return seminar


def test_opened_once(database: Database) -> None:
    """With the seminar's name, how many wait, and until when; nobody is told."""
    seminar = _full(database, deadline=NOON + 10 * DAY)
    tick(database, NOON)
    tick(database, NOON + HOUR)
    (found,) = _cases(database, seminar)
    assert (found.kind, found.state, found.owner) == (CaseKind.WAITLIST, CaseState.NEW, "")
    assert (found.due, found.promised_by) == ((NOON + 10 * DAY, DateKind.SEMINAR), None)
    assert all(word in found.summary for word in ("説明会", seminar.number, "2名"))
    assert actions(database, found.number) == ["opened"]


def test_nobody_waits_no_case(sqlite_database: Database) -> None:
    """A seminar that is only full is nobody's business."""
    staffed(sqlite_database)
    seminar = _seminar(sqlite_database)
    _sign_up(sqlite_database, seminar, 1)
    tick(sqlite_database, NOON)
    assert _cases(sqlite_database, seminar) == []


def _all_leave(database: Database, seminar: Seminar) -> datetime:
    for number in (3, 2):
        _cancel(database, f"R-{number:05d}")
    return NOON + HOUR


def _calls_off(database: Database, seminar: Seminar) -> datetime:
    with books(database, NOON, "staff:sato") as opened:
        pen = letters_with_buttons(opened.links, load_notices(), WORDING)
        seminars_staff.cancel_seminar(opened, pen, seminar.number, "会場の都合")
    return NOON + HOUR


def _begins(_: Database, __: Seminar) -> datetime:
    return STARTS


def _gets_seats(database: Database, seminar: Seminar) -> datetime:
    with books(database, NOON, "staff:sato") as opened:
        pen = letters_with_buttons(opened.links, load_notices(), WORDING)
        seminars_staff.raise_capacity(opened, pen, seminar.number, 5)
    return NOON + HOUR


@pytest.mark.parametrize("ending", [_all_leave, _calls_off, _begins, _gets_seats])
@pytest.mark.parametrize("taken", [False, True])
def test_settled_by_itself(sqlite_database: Database, ending: object, *, taken: bool) -> None:
    """Whether staff had taken it or not, with one line."""
    seminar = _full(sqlite_database)
    tick(sqlite_database, NOON)
    (found,) = _cases(sqlite_database, seminar)
    if taken:
        act(sqlite_database, lambda opened: cases.take(opened, SATO, found.number))
    assert callable(ending)
    later = ending(sqlite_database, seminar)
    tick(sqlite_database, later)
    tick(sqlite_database, later + HOUR)
    (after,) = _cases(sqlite_database, seminar)
    assert (after.state, after.outcome) == (CaseState.DONE, CaseOutcome.SETTLED)
    assert actions(sqlite_database, found.number) == ["opened", *(["taken"] if taken else []), "settled"]


def test_what_staff_decided_stands(database: Database) -> None:
    """A case that they closed is opened again only when somebody else waits; one that settled, whenever they do."""
    seminar = _full(database)
    tick(database, NOON)
    (found,) = _cases(database, seminar)
    closing = CaseOutcome.ANSWERED
    act(
        database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, found.number, closing),
        now=NOON + HOUR,
    )
    tick(database, NOON + 2 * HOUR)
    assert len(_cases(database, seminar)) == 1
    _sign_up(database, seminar, 4, NOON + 3 * HOUR)
    tick(database, NOON + 4 * HOUR)
    assert [one.is_open for one in _cases(database, seminar)] == [False, True]


def test_two_clocks_at_once(database: Database) -> None:
    """One case, closed once."""
    seminar = _full(database)
    _together(database, NOON)
    assert len(_cases(database, seminar)) == 1
    _together(database, STARTS)
    assert actions(database, _cases(database, seminar)[0].number) == ["opened", "settled"]


def _together(database: Database, now: datetime) -> None:
    gate = threading.Barrier(3)

    def run() -> None:
        gate.wait()
        for _ in range(2):
            tick(database, now)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Blind(StoredCaseDue):
    """Does not see that there is a case."""

    def last_about(self, subject: str) -> None:
        """Nothing, whatever there is."""


@pytest.mark.parametrize(("due_of", "made"), [(StoredCaseDue, 1), (Blind, 2)])
def test_a_unit_decides_anew(sqlite_database: Database, due_of: type[StoredCaseDue], made: int) -> None:
    """Two clocks saw the same line of people; without looking again under the lock there would be two cases."""
    seminar = _full(sqlite_database)
    with sqlite_database.look() as connection:
        seen = StoredBooks(connection, sqlite_database, NOON, "clock")
        units = [unit for _ in range(2) for unit in due(waitlist_clock.subjects, seen)]
    for unit in units:
        with books(sqlite_database, NOON, "clock") as opened:
            opened.case_due = due_of(opened._connection, NOON)
            unit(opened, PEN)
    assert len(_cases(sqlite_database, seminar)) == made
