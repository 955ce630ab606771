"""Cases as values: what they are about, how they stand, when they are due. Moments are UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intents.desk.books import Recipient


class CaseKind(StrEnum):
    """What led to a case."""

    CONSULTATION = "consultation"
    HANDOVER = "handover"
    QUESTION = "question"
    OFFSET = "offset"
    WAITLIST = "waitlist"
    PROJECT = "project"
    FAULT = "fault"


class CaseState(StrEnum):
    """How a case stands."""

    NEW = "new"
    TAKEN = "taken"
    WAITING = "waiting"
    APPOINTMENT = "appointment"
    DONE = "done"
    NOT_FOR_US = "not_for_us"


OPEN = frozenset({CaseState.NEW, CaseState.TAKEN, CaseState.WAITING, CaseState.APPOINTMENT})
CLOSED = frozenset({CaseState.DONE, CaseState.NOT_FOR_US})


class CaseOutcome(StrEnum):
    """What came of a closed case."""

    ANSWERED = "answered"
    CONSULTED = "consulted"
    REFERRED = "referred"
    NO_REPLY = "no_reply"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    MERGED = "merged"


class DateKind(StrEnum):
    """What a date that a case runs towards is."""

    PROMISE = "promise"
    APPOINTMENT = "appointment"
    SEMINAR = "seminar"
    COMMITTEE = "committee"
    OTHER = "other"


class NoteKind(StrEnum):
    """Who may read what stands on a case: notes are internal, a reply went to the requester, who said the rest."""

    NOTE = "note"
    REPLY = "reply"
    SAID = "said"


NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to be opened; `about` names what it is about when nobody asked, such as seminar:S-0001."""

    kind: CaseKind
    summary: str
    to: Recipient
    name: str = ""
    organisation: str = ""
    prefecture: str = ""
    topic: str = ""
    methodology: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(NewCase):
    """A case in the books. `owner` is the name of one of staff, empty for nobody.

    `talking` is who of staff is in talks with the requester, whose messages then go to the case and not to the desk's
    own understanding; empty when nobody is.

    `promised_by` is when the requester was told to hear from us, None where we owe no answer; `next_at` is the next
    real date and `next_kind` what it is; `desk` is whose queue it is in. `version` grows with every change.
    """

    id: int
    state: CaseState
    desk: str
    opened_at: datetime
    changed_at: datetime
    owner: str = NOBODY
    talking: str = NOBODY
    promised_by: datetime | None = None
    next_at: datetime | None = None
    next_kind: DateKind | None = None
    outcome: CaseOutcome | None = None
    closed_at: datetime | None = None
    merged_into: int = 0
    version: int = 1

    @property
    def number(self) -> str:
        """The receipt number: K-00001."""
        return case_number(self.id)

    @property
    def subject(self) -> str:
        """What the audit calls it."""
        return case_subject(self.number)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN

    @property
    def due(self) -> tuple[datetime, DateKind] | None:
        """The first date that it runs towards; nothing for one that waits for nobody here.

        An answer is owed only while it is our turn; the next real date stands whoever's turn it is.
        """
        dates = []
        if self.is_open and self.promised_by and self.state is not CaseState.WAITING:
            dates.append((self.promised_by, DateKind.PROMISE))
        if self.is_open and self.next_at and self.next_kind:
            dates.append((self.next_at, self.next_kind))
        return min(dates, default=None)


@dataclass(frozen=True, slots=True)
class CaseNote:
    """One thing written on a case: by whom (person:…, staff:…), for whom, and the channel's name of the message."""

    id: int
    case: int
    at: datetime
    author: str
    kind: NoteKind
    text: str
    reference: str = ""


def case_number(id_: int) -> str:
    """The receipt number of a case."""
    return f"K-{id_:05d}"


def case_subject(number: str) -> str:
    """What the audit calls the case of a receipt number."""
    return f"case:{number}"


def case_id(number: str) -> int:
    """The row that a receipt number names; 0 when it names none."""
    digits = number.rpartition("-")[2]
    # Longer ones are not ours, and no database takes them.
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
