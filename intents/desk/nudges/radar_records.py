"""The radar's values: what is known about a project without certification, and its line on a week's list."""

from datetime import date, datetime
from typing import NamedTuple


class Standing(NamedTuple):
    """What is known about one project without certification. `last_contact` is None where nobody ever was in touch.

    A tuple, as is a line of the list: of each project in the register there is one.
    """

    project: int
    registered_on: date
    last_contact: datetime | None = None
    unanswered: int = 0
    attended: int = 0
    asked: int = 0
    looked_after: bool = True
    muted: bool = False
    ends_on: date | None = None


class RadarNote(NamedTuple):
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
