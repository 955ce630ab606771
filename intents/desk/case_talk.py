"""The requester's side of a case: it is opened, heard, settled. Moments are UTC."""

from dataclasses import replace
from datetime import datetime

from intents.desk.case_books import CaseBooks
from intents.desk.case_changes import closed, follow, note_opened, save
from intents.desk.case_letters import Letters, askers
from intents.desk.case_merge import last
from intents.desk.case_records import (
    NOBODY,
    Case,
    CaseKind,
    CaseOutcome,
    CaseState,
    DateKind,
    NewCase,
    NoteKind,
)
from intents.desk.practice import Practice
from intents.desk.routing import desk_of


def open_case(books: CaseBooks, practice: Practice, new: NewCase) -> Case:
    """Opens a case in the queue of its desk with a promise; for the same event it is the same case."""
    promised = practice.promised(new.kind, books.now)
    case, known = books.cases.add(new, desk_of(new.methodology, new.topic), promised)
    if not known:
        note_opened(books, case)
    return case


def ask_person(books: CaseBooks, practice: Practice, new: NewCase) -> tuple[Case, bool]:
    """Brings a person in: a new case, or one more question on the open one of this person here (True)."""
    before = books.cases.asked_by(new.to.person, new.to.conversation)
    case = books.cases.lock(before.number) if before else None
    if case is None or not case.is_open:
        return open_case(books, practice, new), False
    heard(books, practice, case, new.summary)
    # A person was asked for now, not only a question left open.
    if new.kind is CaseKind.HANDOVER and case.kind is CaseKind.QUESTION:
        case = books.cases.lock(case.number) or case
        sooner = practice.promised(CaseKind.HANDOVER, books.now)
        by = min(case.promised_by or sooner, sooner)
        case = save(books, case, replace(case, kind=CaseKind.HANDOVER, promised_by=by), "person_asked")
    return case, True


def heard(books: CaseBooks, practice: Practice, case: Case, text: str) -> Case:
    """The requester wrote on their case: it is our turn again, with a promise."""
    if text.strip():
        books.cases.write(case, NoteKind.SAID, text.strip())
    if not case.is_open:
        return case
    state = CaseState.TAKEN if case.state is CaseState.WAITING else case.state
    owed = case.promised_by or practice.promised(case.kind, books.now)
    return save(books, case, replace(case, state=state, promised_by=owed), "heard")


def settle(books: CaseBooks, case: Case) -> Case:
    """The requester has what they wanted, or wants nothing any more; twice is once."""
    if not case.is_open:
        return case
    outcome = CaseOutcome.ANSWERED if case.owner else CaseOutcome.WITHDRAWN
    done = closed(replace(case, state=CaseState.DONE, outcome=outcome), books.now)
    return save(books, case, done, "settled")


def content(books: CaseBooks, case: Case, words: str) -> None:
    """One of several who asked has what they wanted: staff read it, and the case stays open for the others."""
    books.cases.write(case, NoteKind.SAID, words)
    save(books, case, case, "heard")


def leave(books: CaseBooks, letters: Letters, case: Case, person: str) -> None:
    """A requester wants the desk's own answers again; the case stays open.

    Who asked in a merged case leaves for themselves. When the case's own requester leaves, the talk is over, and the
    others are told; nobody else's name, as of a letter opened elsewhere by the only one who asked, means that one.
    """
    merged = books.cases.merged(case)
    if any(one.to.person == person for one in merged) and case.to.person != person:
        follow(books, case, NOBODY, person)
        return
    if case.talking:
        if len(askers(case, merged)) > 1:
            letters.desk_again(books, case, but=person)
        follow(books, case, NOBODY)
        save(books, case, replace(case, talking=NOBODY), "left_talk")


def booked(books: CaseBooks, number: str, starts_at: datetime) -> None:
    """The requester booked a time with an adviser, or moved it: the case runs towards it."""
    case = last(books.cases, number)
    if case and case.is_open:
        dated = replace(case, state=CaseState.APPOINTMENT, next_at=starts_at, next_kind=DateKind.APPOINTMENT)
        save(books, case, replace(dated, promised_by=None), "booked")


def given_back(books: CaseBooks, number: str, was: datetime, next_: datetime | None) -> None:
    """A booked time was given back: the case runs towards what else is booked for it, if anything.

    A date that was agreed on apart from that booking stays. A closed case forgets the date as well, for when it is
    reopened.
    """
    case = last(books.cases, number)
    if case is None or (case.next_at, case.next_kind) != (was, DateKind.APPOINTMENT):
        return
    kind = DateKind.APPOINTMENT if next_ else None
    free = replace(case, next_at=next_, next_kind=kind)
    if case.state is CaseState.APPOINTMENT and not next_:
        free = replace(free, state=CaseState.TAKEN if case.owner else CaseState.NEW)
    save(books, case, free, "booking_cancelled")
