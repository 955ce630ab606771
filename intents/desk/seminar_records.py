"""Seminars and the registrations for them, as values. All moments are UTC."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from intents.desk.books import Recipient
from intents.desk.seats import ACTIVE, SeatState
from knowledge.model import Lang

PARTY_LIMIT = 5
QUESTION_LIMIT = 3
OFFER_HOURS = 24
# A seat that is held for less than a night or a working day is no offer.
LEAST_OFFER_HOURS = 6


class SeminarKind(StrEnum):
    """What people sign up for: a seminar, or a meeting of the network."""

    SEMINAR = "seminar"
    MEETING = "meeting"


class SeminarState(StrEnum):
    """From draft to held; only an open one takes sign-ups, a cancelled one is over."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    HELD = "held"


class Ways(StrEnum):
    """How a seminar can be attended."""

    ONLINE = "online"
    VENUE = "venue"
    BOTH = "both"


class Way(StrEnum):
    """How one party attends."""

    ONLINE = "online"
    VENUE = "venue"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeminar:
    """What staff say about a seminar; without a deadline, sign-up ends when it starts.

    `link` is the joining link, for confirmed people only; `questions` are asked at sign-up, three at most;
    `offer_hours` is how long a seat is held for somebody from the waiting list; see `Seminar.held_hours`.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    kind: SeminarKind = SeminarKind.SEMINAR
    ways: Ways = Ways.ONLINE
    venue: str = ""
    link: str = ""
    programme: str = ""
    deadline: datetime | None = None
    materials_url: str = ""
    materials_text: str = ""
    questions: tuple[str, ...] = ()
    offer_hours: int = OFFER_HOURS
    state: SeminarState = SeminarState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Seminar(NewSeminar):
    """A seminar in the books."""

    id: int

    @property
    def number(self) -> str:
        """What people call it by: S-0001."""
        return f"S-{self.id:04d}"

    @property
    def subject(self) -> str:
        """Its name in the audit."""
        return f"seminar:{self.number}"

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it: a seminar that was announced, no draft and no meeting of invited people."""
        return self.kind is SeminarKind.SEMINAR and self.state is not SeminarState.DRAFT

    @property
    def held_hours(self) -> int:
        """How many hours an offered seat is held, unless it starts sooner: six at least, whatever staff wrote."""
        return max(self.offer_hours, LEAST_OFFER_HOURS)

    @property
    def sign_up_ends(self) -> datetime:
        """The moment after which nobody can sign up."""
        return min(self.deadline or self.starts_at, self.starts_at)

    def ahead(self, now: datetime) -> bool:
        """Whether it will take place and has not begun: seats can still move."""
        return self.state in (SeminarState.OPEN, SeminarState.CLOSED) and now < self.starts_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody says when signing up; `consent` is the version of the purpose text they agreed to.

    `extras` are the answers to the seminar's own questions, by question.
    """

    to: Recipient
    name: str
    organisation: str
    phone: str = ""
    prefecture: str = ""
    party: int = 1
    way: Way = Way.ONLINE
    question: str = ""
    wants_consultation: bool = False
    extras: Mapping[str, str] = field(default_factory=dict)
    consent: str = ""

    @property
    def key(self) -> str:
        """What tells one registrant from another at the same seminar."""
        return registrant_key(self.to.mail, self.to.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One party at one seminar; ids rise in the order of arrival, and `party` counts the people.

    `offered_until` of somebody who waits is the end of an offer that could not be made;
    `sequence` numbers what they were told, so that a newer calendar file replaces an older one;
    `reminded_to` is the latest reminder's moment that has been dealt with; `attended` is None until it is known.
    """

    id: int
    seminar: int
    conversation: int
    person: str
    lang: Lang
    name: str
    organisation: str
    mail: str
    phone: str
    prefecture: str
    party: int
    way: Way
    question: str
    wants_consultation: bool
    extras: Mapping[str, str]
    consent: str
    state: SeatState
    signed_up_at: datetime
    offered_until: datetime | None = None
    confirmed_at: datetime | None = None
    reminded_to: datetime | None = None
    attended: bool | None = None
    sequence: int = 0

    @property
    def number(self) -> str:
        """The receipt number: R-00001."""
        return receipt(self.id)

    @property
    def passed_over(self) -> bool:
        """Whether their turn came and they could not be told."""
        return self.state is SeatState.WAITING and self.offered_until is not None

    @property
    def active(self) -> bool:
        """Whether they sit, are offered a seat, or wait."""
        return self.state in ACTIVE

    @property
    def key(self) -> str:
        """What tells one registrant from another at the same seminar."""
        return registrant_key(self.mail, self.person)

    @property
    def to(self) -> Recipient:
        """Where to write to them."""
        return Recipient(self.conversation, self.person, self.mail, self.lang)


@dataclass(frozen=True, slots=True)
class Seats:
    """The people of a seminar: those with a seat, and those who wait and whom nobody may overtake."""

    taken: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class CapacityChange:
    """One line of a seminar's history of seats."""

    at: datetime
    actor: str
    before: int
    after: int


def receipt(registration: int) -> str:
    """The receipt number of a registration: R-00001."""
    return f"R-{registration:05d}"


def mail_key(mail: str) -> str:
    """A mail address with everything gone that does not make it another person's: width, case, space, plus tag."""
    plain = unicodedata.normalize("NFKC", mail).casefold().strip()
    local, at, domain = plain.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def registrant_key(mail: str, person: str) -> str:
    """The mail address's key, or the person where there is no mail address."""
    return mail_key(mail) or f"person:{person}"
