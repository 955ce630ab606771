"""What the rules of cases need from the books, as protocols."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from intents.desk.books import Books
from intents.desk.case_records import Case, CaseKind, CaseNote, NewCase, NoteKind, case_subject
from intents.desk.looks import LookBooks
from intents.desk.seminar_books import SeminarBooks
from intents.desk.staff_books import Staff


class Cases(Protocol):
    """The cases within one transaction."""

    def add(self, new: NewCase, desk: str, promised_by: datetime | None) -> tuple[Case, bool]:
        """Writes a case down for this turn's event; True with it when that had been done before."""
        ...

    def split(self, case: Case, summary: str) -> Case:
        """Writes a second case of the same requester down, without an event of its own."""
        ...

    def find(self, number: str) -> Case | None:
        """The case of that number as it was last committed."""
        ...

    def lock(self, number: str) -> Case | None:
        """The case of that number; nobody else changes it or its conversation until the transaction ends."""
        ...

    def save(self, case: Case) -> Case:
        """Writes down how a case stands now and gives it with its new version; what it is about stays."""
        ...

    def asked_by(self, person: str, conversation: int) -> Case | None:
        """The newest open hand-over or unanswered question of a person in a conversation."""
        ...

    def about(self, subject: str) -> Case | None:
        """The open case about that subject."""
        ...

    def write(self, case: Case, kind: NoteKind, text: str, reference: str = "") -> CaseNote:
        """Writes a note down in the name of whoever acts; the same reference twice is one note."""
        ...

    def notes(self, case: Case) -> tuple[CaseNote, ...]:
        """What stands on a case, oldest first."""
        ...

    def note_at(self, reference: str) -> CaseNote | None:
        """The note that the message of that name in a channel became, or as which the desk showed it there."""
        ...

    def say_again_as(self, note: CaseNote, kind: NoteKind) -> None:
        """Makes an internal note one that went to the requester."""
        ...

    def move_notes(self, of: Case, to: Case) -> None:
        """Puts what stands on one case onto another."""
        ...

    def talking_with(self, person: str, conversation: int, *, anywhere: bool) -> Case | None:
        """The open case in which one of staff is talking with a person, held; in this conversation, or anywhere."""
        ...

    def queued(self, owner: str, late_at: datetime | None, limit: int) -> tuple[Case, ...]:
        """Open cases by their due date: of an owner (empty: of nobody), or those due before a moment, whoever's."""
        ...

    def open_before(self, moment: datetime) -> Collection[tuple[str, str]]:
        """Whose open cases came in before that moment (empty: nobody's), and of which desks they are."""
        ...

    def merged(self, case: Case) -> tuple[Case, ...]:
        """The cases that were merged into this one, and into those."""
        ...

    def hold_place(self, case: Case) -> None:
        """Takes the lock of the requester's conversation, for what must come before that of the case."""
        ...

    def card(self, reference: str) -> str:
        """The number of the case whose card a channel knows by that name; empty for none."""
        ...


class CaseBooks(Books, Protocol):
    """The office's books with the cases and the staff."""

    @property
    def cases(self) -> Cases:
        """The cases."""
        ...

    @property
    def staff(self) -> Staff:
        """The staff."""
        ...


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the audit about a case, as far as the clock looks at it; `at` is UTC."""

    subject: str
    action: str
    reason: str
    at: datetime


class Owed(NamedTuple):
    """An answer that we owe: in which case, of what kind, and by when, UTC."""

    number: str
    kind: CaseKind
    by: datetime

    @property
    def subject(self) -> str:
        """What the audit calls the case."""
        return case_subject(self.number)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many people wait for a seat at a seminar, and when the newest of them signed up, UTC."""

    seminar: int
    people: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter to a requester that was taken aside on each of its ways.

    `letter` is its key without the way, `what` is note, closed or appointed, `ways` are the channels.
    """

    letter: str
    what: str
    ways: tuple[str, ...]

    @property
    def case(self) -> str:
        """The number of the case that it was written on."""
        return self.letter.split(":")[1]

    @property
    def reference(self) -> str:
        """What the note calls itself that tells of it, so that there is one."""
        return f"undelivered:{self.letter}"


class CaseDue(Protocol):
    """What the clock looks for among the cases; takes no lock."""

    def promised(self, until: datetime) -> tuple[Owed, ...]:
        """The answers that we owe in open cases by that moment or before, the earliest first."""
        ...

    def silent(self, since: datetime) -> tuple[Case, ...]:
        """Open cases in which it is our turn to talk with the requester and nothing has changed since then."""
        ...

    def waiting(self, since: datetime) -> tuple[Case, ...]:
        """Cases that wait for the requester and were opened by that moment."""
        ...

    def quiet(self, since: datetime) -> tuple[Case, ...]:
        """Cases in which it is our turn, nothing is due, and nothing has changed since then."""
        ...

    def waitlists(self) -> tuple[Case, ...]:
        """Open cases about seminars with people waiting."""
        ...

    def last_about(self, subject: str) -> Case | None:
        """The newest case about that subject, open or closed."""
        ...

    def noted(self, cases: Collection[Case | Owed], actions: Collection[str]) -> tuple[Noted, ...]:
        """The lines of the audit about these cases with these actions, of each case the oldest first."""
        ...

    def undelivered(self, letter: str = "") -> tuple[Undelivered, ...]:
        """Letters that reached a requester on no way and of which their case does not tell yet; or only the one."""
        ...

    def lines_of_people(self, seminar_id: int = 0) -> tuple[Waiting, ...]:
        """The seminars that have not begun and for which people wait; or only the one."""
        ...


class CaseClockBooks(CaseBooks, SeminarBooks, LookBooks, Protocol):
    """The office's books with what the clock needs about cases."""

    @property
    def case_due(self) -> CaseDue:
        """What the clock looks for."""
        ...
