"""The dates of a project as its page shows them: each with how firm it is, its notices, and how it was counted."""

from dataclasses import dataclass

from bot.clock import tokyo_day
from bot.console.visit import Visit
from bot.project_words import Words
from intents.desk.deadlines.almanac import almanac_of, hours_of
from intents.desk.deadlines.engine import deadlines
from intents.desk.deadlines.explain import Explanation, explain
from intents.desk.deadlines.records import Deadline
from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.records import Project
from intents.desk.refused import Refused


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: the day it leaves, what it says, and why it leaves on another day than planned (empty: it does not)."""

    on: str
    what: str
    shift: str
    past: bool


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date in words, with its notices."""

    rule: str
    kind: str
    told: Explanation
    notices: tuple[Notice, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates to come, those that are over or stopped, those that cannot be counted yet, and why none can (empty: they can)."""

    coming: tuple[DateRow, ...] = ()
    over: tuple[DateRow, ...] = ()
    missing: tuple[DateRow, ...] = ()
    problem: str = ""


def dates_of(visit: Visit, books: ProjectBooks, project: Project) -> Dates:
    """Every date as things stand today."""
    edition = visit.house.live.current().edition
    try:
        almanac = almanac_of(books, hours_of(edition))
        found = deadlines(project, almanac, tokyo_day(visit.now))
    except Refused as refused:
        return Dates(problem=Words(visit.wording, visit.lang).refusal(refused))
    rows = [_row(visit, one) for one in found if not one.missing]
    return Dates(
        tuple(row for row in rows if not row.over),
        tuple(row for row in rows if row.over),
        tuple(_row(visit, one) for one in found if one.missing),
    )


def _row(visit: Visit, one: Deadline) -> DateRow:
    today = tokyo_day(visit.now)
    sources = visit.house.live.current().edition.sources
    told = explain(one, visit.wording, visit.lang, sources)
    shifts = told.shifts
    notices = tuple(
        Notice(
            step.on.isoformat(),
            step.rule.what[visit.lang],
            shifts.get(step.name, ""),
            step.on < today,
        )
        for step in one.steps
    )
    over = one.stopped is not None or (one.due_on is not None and one.due_on < today)
    return DateRow(one.rule.id, one.kind.value, told, notices, over)
