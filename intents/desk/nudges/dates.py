"""Every date of a project that people are nudged about, whichever room it is counted in."""

from collections.abc import Collection
from datetime import date

from intents.desk.deadlines.engine import deadlines
from intents.desk.deadlines.records import Almanac, Deadline
from intents.desk.projects.records import Project


def dates_of(
    project: Project, almanac: Almanac, on: date, *, of: Collection[str] | None = None
) -> tuple[Deadline, ...]:
    """All dates of a project as things stand on a day, or those of some rules alone."""
    return deadlines(project, almanac, on, of=of)
