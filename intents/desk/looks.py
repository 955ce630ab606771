"""What the clock asks before it looks closer: of which kinds there is anything, several kinds in one question.

Mostly there is nothing. Where there is something it is looked for on its own, and decided about under its lock.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class OfDesk:
    """Seminars to watch, running surveys, lines for seats or cases about them, and times booked for closed cases.

    Of who took over a project: who has something to hear, and who has heard all of it and is not known as such.
    """

    seminars: bool
    surveys: bool
    lines: bool
    bookings: bool
    to_hear: bool
    caught_up: bool


@dataclass(frozen=True, slots=True)
class OfCases:
    """Letters that were lost, talks in which nobody says anything, requesters who do not answer, and quiet cases."""

    letters: bool
    talks: bool
    requesters: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class OfProjects:
    """Obligations that nobody answers, questions who takes over, people who are silent or not reached; and orphans.

    `listed` is whether the radar's list of the week is whole; a week without such projects never is.
    """

    unanswered: bool
    successions: bool
    people: bool
    orphans: bool
    listed: bool


class Silence(NamedTuple):
    """What is silence about projects: nothing since `told`, `asked`, `unseen` (so many `letters`) and `stuck`, by `day`.

    `week` is the Monday whose list the radar has written, or has not.
    """

    told: datetime
    asked: datetime
    unseen: datetime
    letters: int
    stuck: datetime
    day: date
    week: date


class Looks(Protocol):
    """The clock's first questions; they take no lock."""

    def desk(self, since: datetime, begun_before: datetime) -> OfDesk:
        """What there is whenever it is; `since` is the one of `Seminars.watched`, caught up is who began before then."""
        ...

    def cases(self, talked: datetime, asked: datetime, moved: datetime) -> OfCases:
        """What there is of cases: nothing said since `talked`, no answer since `asked`, nothing done since `moved`."""
        ...

    def projects(self, silence: Silence) -> OfProjects:
        """What there is of projects about which somebody is silent, and whether they are listed."""
        ...


class LookBooks(Protocol):
    """Books of which the clock asks first."""

    @property
    def looks(self) -> Looks:
        """The first questions."""
        ...
