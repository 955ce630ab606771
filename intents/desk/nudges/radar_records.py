"""The radar's values: what is known about a project without certification, and its line on a week's list."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about one project without certification. `last_contact` is None where nobody ever was in touch."""

    project: int
    registered_on: date
    last_contact: datetime | None = None
    unanswered: int = 0
    attended: int = 0
    asked: int = 0
    looked_after: bool = True
    muted: bool = False
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class RadarNote:
    """One line of a week's outreach list: a project, its rank, its score and the reasons with their numbers.

    `week` is a Monday. A reason is a code of `wording/radar.toml` and a number: months, days, letters, seats.
    """

    week: date
    project: int
    rank: int
    score: int
    reasons: tuple[tuple[str, int], ...]
    called_at: datetime | None = None
    called_by: str = ""
    outcome: str = ""
