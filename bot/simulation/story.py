"""What truly happened outside the books: what arrived where, what people said, what went wrong. Moments are UTC."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from intents.desk.nudges.records import Obligation


@dataclass(frozen=True, slots=True)
class Arrival:
    """A letter as a channel showed it; `buttons` are the first ones of each thing it speaks of, `again` says that it was there."""

    at: datetime
    key: str
    channel: str
    to: str
    subject: str
    buttons: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered about an obligation, which is given as it stood before.

    `to` is the day until which it rests, `last` its last notice that was still to come then: name and day.
    """

    at: datetime
    by: str
    before: Obligation
    answer: str
    to: date | None = None
    last: tuple[str, date] | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody began to look after a project."""

    at: datetime
    project: int
    contact: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which no process was at work."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Seats:
    """A seminar's seats after something happened to them; `overtaken` is somebody who waits while a later one was asked."""

    at: datetime
    capacity: int
    taken: int
    overtaken: str = ""


@dataclass(slots=True)
class Story:
    """Everything in the order in which it happened.

    `begun` is when the try began by which a letter arrived and `hindered` what went wrong with it first, both by its
    key; `unheard` how often it arrived without the desk hearing of it, `returned` what came back because nobody is
    there; `counted`
    is how often other things happened, by their names in `wording/simulate.toml`. `muted` is who wants no nudges since
    when, `levels` when a share of some money was entered.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    seats: list[Seats] = field(default_factory=list)
    begun: dict[str, datetime] = field(default_factory=dict)
    hindered: dict[str, str] = field(default_factory=dict)
    unheard: Counter[str] = field(default_factory=Counter)
    returned: set[str] = field(default_factory=set)
    muted: dict[int, datetime] = field(default_factory=dict)
    levels: list[datetime] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
