"""What happens by the clock where people wait for a seat: staff get one case a seminar, to decide about more seats.

It closes by itself when nobody waits any more, or when the seminar began or was cancelled.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from intents.desk.books import Recipient
from intents.desk.case_books import CaseClockBooks, Waiting
from intents.desk.case_changes import closed, note_opened, save
from intents.desk.case_records import CaseKind, CaseOutcome, CaseState, DateKind, NewCase
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.routing import desk_of
from intents.desk.seminar_records import Seminar
from knowledge.model import Lang

NOBODY_TO_TELL = Recipient(0, "", "", Lang.JA)
_SUBJECT = "seminar:"


def subjects(_: CaseClockBooks) -> Iterator[Subject[CaseClockBooks]]:
    """The seminars with people waiting, and the cases about such."""
    yield _to_keep_up


def _to_keep_up(books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    """First the cases to open, then those to close."""
    lines = books.case_due.lines_of_people()
    yield from (partial(_open, one.seminar) for one in lines if _is_news(books, one))
    waited_for = {_subject(one.seminar) for one in lines}
    for case in books.case_due.waitlists():
        if case.about not in waited_for:
            yield partial(_close, case.number)


def _subject(seminar: int) -> str:
    return f"{_SUBJECT}S-{seminar:04d}"


def _is_news(books: CaseClockBooks, waiting: Waiting) -> bool:
    """Whether nobody looks after it: no case is open, and none was closed by staff since the newest signed up."""
    last = books.case_due.last_about(_subject(waiting.seminar))
    if last is None or last.outcome is CaseOutcome.SETTLED:
        return True
    return last.closed_at is not None and waiting.newest > last.closed_at


def _open(seminar_id: int, books: CaseClockBooks, pen: Pen) -> None:
    seminar = books.seminars.lock(seminar_id)
    waiting = next(iter(books.case_due.lines_of_people(seminar_id)), None)
    if waiting is None or not _is_news(books, waiting):
        return
    case, _ = books.cases.add(_new(seminar, waiting, pen), desk_of("", ""), None)
    until = seminar.sign_up_ends if seminar.sign_up_ends > books.now else seminar.starts_at
    note_opened(books, books.cases.save(replace(case, next_at=until, next_kind=DateKind.SEMINAR)))


def _new(seminar: Seminar, waiting: Waiting, pen: Pen) -> NewCase:
    places = {"title": seminar.title, "number": seminar.number, "people": waiting.people}
    summary = pen.wording.say("case_clock.waitlist", Lang.JA, **places, capacity=seminar.capacity)
    return NewCase(kind=CaseKind.WAITLIST, summary=summary, to=NOBODY_TO_TELL, about=seminar.subject)


def _close(number: str, books: CaseClockBooks, _: Pen) -> None:
    found = books.cases.find(number)
    seminar = books.seminars.find(found.about.removeprefix(_SUBJECT)) if found else None
    # Always the seminar before the case, as where one is opened.
    if seminar:
        books.seminars.lock(seminar.id)
        if books.case_due.lines_of_people(seminar.id):
            return
    case = books.cases.lock(number)
    if case and case.is_open:
        done = replace(case, state=CaseState.DONE, outcome=CaseOutcome.SETTLED)
        save(books, case, closed(done, books.now), "settled")
