"""What the rules of consultations need from the books, as values and protocols. Moments are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intents.desk.books import Recipient
from intents.desk.case_books import CaseBooks


class Meeting(StrEnum):
    """How an adviser and the person meet."""

    ONLINE = "online"
    PHONE = "phone"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class NewSlot:
    """A time that an adviser offers; `place` is a room or a joining link."""

    starts_at: datetime
    ends_at: datetime
    way: Meeting
    place: str = ""
    adviser: str = ""


@dataclass(frozen=True, slots=True)
class Slot(NewSlot):
    """A slot in the books."""

    id: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Booking:
    """Who booked a slot, and for which case; a higher `sequence` replaces the date in calendars."""

    id: int
    slot: Slot
    case: str
    to: Recipient
    name: str
    sequence: int
    active: bool = True

    @property
    def number(self) -> str:
        """What people call it by: B-00001."""
        return f"B-{self.id:05d}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A consultation as it is kept: `topic` is the methodology's code, else the stage."""

    organisation: str
    corporate_number: str
    topic: str
    request: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Alike:
    """An open case about the same matter of the same organisation."""

    number: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case as the person who asked sees it."""

    number: str
    state: str
    summary: str
    opened_at: datetime


class Consultations(Protocol):
    """The consultations, slots and bookings within one transaction."""

    def open(self, number: str, wanted: Wanted) -> None:
        """Writes down what the case of that number asks for."""
        ...

    def alike(
        self, organisation_key: str, corporate_number: str, topic: str, since: datetime
    ) -> Alike | None:
        """The newest open case about that topic of that organisation."""
        ...

    def cases_of(self, person: str) -> tuple[OwnCase, ...]:
        """What a person asked the office, the newest first."""
        ...

    def publish(self, new: NewSlot) -> Slot:
        """Writes a slot down."""
        ...

    def free(self) -> tuple[Slot, ...]:
        """Open slots that nobody has booked and that have not begun, the earliest first."""
        ...

    def lock(self, slot: int) -> Slot | None:
        """The slot, held for this transaction; nothing when there is none."""
        ...

    def taken(self, slot: int) -> bool:
        """Whether somebody has booked it."""
        ...

    def withdraw(self, slot: int) -> None:
        """Takes a slot out of what can be booked."""
        ...

    def book(self, slot: Slot, case: str, to: Recipient, name: str) -> Booking:
        """Writes a booking down."""
        ...

    def bookings(self, person: str) -> tuple[Booking, ...]:
        """What a person has booked and not begun, the earliest first."""
        ...

    def earliest(self, case: str) -> datetime | None:
        """When the first time begins that is booked for a case, or for one that shares its end, and has not begun."""
        ...

    def of_closed_cases(self) -> tuple[Booking, ...]:
        """What is booked, has not begun, and belongs to a case that is closed."""
        ...

    def find(self, number: str) -> Booking | None:
        """The booking of that number."""
        ...

    def lock_booking(self, number: str) -> Booking | None:
        """The booking of that number as it is now; nobody else changes it until the transaction ends."""
        ...

    def bring(self, number: str, to: Recipient) -> None:
        """Moves a booking to the person who opened the link of its letter."""
        ...

    def save(self, booking: Booking) -> None:
        """Writes a booking down as it is now."""
        ...


class ConsultationBooks(CaseBooks, Protocol):
    """The office's books with the consultations."""

    @property
    def consultations(self) -> Consultations:
        """The consultations."""
        ...
