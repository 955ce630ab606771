"""Booked times whose case is closed."""

from datetime import timedelta

from intents.desk import case_endings, consultations
from intents.desk.case_merge import merge
from intents.desk.case_records import CaseOutcome, CaseState, DateKind
from intents.desk.consultation_books import Meeting, NewSlot
from storage.database import Database
from tests.intents.desk.case_world import (
    DAY,
    LETTERS,
    PEN,
    PRACTICE,
    SATO,
    act,
    ask,
    case,
    letters,
    staffed,
    tick,
)
from tests.kit import NOON

WITHDRAWN = CaseOutcome.WITHDRAWN


def _booked(database: Database, days: int = 3) -> str:
    if not act(database, lambda opened: opened.staff.all()):
        staffed(database)
    number = ask(database)
    new = NewSlot(NOON + days * DAY, NOON + days * DAY + timedelta(hours=1), Meeting.PHONE)
    slot = act(database, lambda opened: opened.consultations.publish(new))
    to = case(database, number).to
    act(database, lambda opened: consultations.book(opened, PEN, slot.id, number, to, "田中"))
    return number


def _free(database: Database) -> int:
    return len(act(database, lambda opened: opened.consultations.free()))


def test_given_back_with_the_case(database: Database) -> None:
    """The slot is free again, who booked it is told once, and no reminder follows."""
    number = _booked(database)
    tick(database, NOON)
    assert _free(database) == 0
    act(database, lambda opened: case_endings.finish(opened, LETTERS, SATO, number, WITHDRAWN))
    for _ in range(2):
        tick(database, NOON)
    assert _free(database) == 1
    # Nobody said so in the chat, so every way is used, and a withdrawn consent to reminders does not matter.
    assert len(letters(database, "consultation_cancelled")) == len(
        set(letters(database, "consultation_cancelled"))
    )
    assert letters(database, "consultation_cancelled")


def test_kept_where_the_case_goes_on(sqlite_database: Database) -> None:
    """A case that was merged goes on in the other one."""
    number = _booked(sqlite_database)
    other = ask(sqlite_database)
    act(sqlite_database, lambda opened: merge(opened, SATO, number, other))
    tick(sqlite_database, NOON)
    assert _free(sqlite_database) == 0


def test_another_booking_of_the_case_stays_its_date(sqlite_database: Database) -> None:
    """Two people in one merged case: that one gives their time back does not hide the other's."""
    first = _booked(sqlite_database)
    second = _booked(sqlite_database, 5)
    act(sqlite_database, lambda opened: merge(opened, SATO, first, second))
    assert case(sqlite_database, second).next_at == NOON + 3 * DAY
    act(sqlite_database, lambda opened: consultations.cancel(opened, PEN, "B-00001"))
    assert case(sqlite_database, second).due == (NOON + 5 * DAY, DateKind.APPOINTMENT)


def test_reopened_after_the_booking_went(sqlite_database: Database) -> None:
    """A closed case forgets a time that was given back; one that still holds is an appointment again."""
    number = _booked(sqlite_database)
    act(sqlite_database, lambda opened: case_endings.finish(opened, LETTERS, SATO, number, WITHDRAWN))
    again = act(sqlite_database, lambda opened: case_endings.reopen(opened, LETTERS, PRACTICE, SATO, number))
    assert again.state is CaseState.APPOINTMENT
    act(sqlite_database, lambda opened: case_endings.finish(opened, LETTERS, SATO, number, WITHDRAWN))
    tick(sqlite_database, NOON)
    again = act(sqlite_database, lambda opened: case_endings.reopen(opened, LETTERS, PRACTICE, SATO, number))
    assert (again.state, again.next_at) == (CaseState.TAKEN, None)
