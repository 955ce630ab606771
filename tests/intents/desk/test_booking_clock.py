"""Booked times whose case is closed."""

from datetime import timedelta

from intents.desk import case_endings, consultations
from intents.desk.case_merge import merge
from intents.desk.case_records import CaseOutcome
from intents.desk.consultation_books import Meeting, NewSlot
from storage.database import Database
from tests.intents.desk.case_world import DAY, LETTERS, PEN, SATO, act, ask, case, letters, staffed, tick
from tests.kit import NOON


def _booked(database: Database) -> str:
    staffed(database)
    number = ask(database)
    new = NewSlot(NOON + 3 * DAY, NOON + 3 * DAY + timedelta(hours=1), Meeting.PHONE)
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
    act(database, lambda opened: case_endings.finish(opened, LETTERS, SATO, number, CaseOutcome.WITHDRAWN))
    for _ in range(2):
        tick(database, NOON)
    assert _free(database) == 1
    assert len(letters(database, "consultation_cancelled")) == 1


def test_kept_where_the_case_goes_on(sqlite_database: Database) -> None:
    """A case that was merged goes on in the other one."""
    number = _booked(sqlite_database)
    other = ask(sqlite_database)
    act(sqlite_database, lambda opened: merge(opened, SATO, number, other))
    tick(sqlite_database, NOON)
    assert _free(sqlite_database) == 0
