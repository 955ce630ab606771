"""Dates of a project that cannot all be right: named, so that somebody looks at them, and never counted from."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from intents.desk.deadlines.calendar_math import add_months
from intents.desk.projects.records import NewProject, Project, Round
from knowledge.reminders import load_rules

DATES = (
    "implementation_date",
    "registration_application_date",
    "registration_date",
    "monitoring_ready_date",
    "cp_start",
    "cp_end",
    "report_received_on",
    "plan_changed_on",
)
# Registered projects began long after the one and end long before the other; whatever lies beyond is a slip.
EARLIEST, LATEST = date(1950, 1, 1), date(2099, 12, 31)
CERTIFICATIONS, PERIODS, INSTRUMENTS = "certifications", "periods", "instruments"
NO_ROUND = -1


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Fields that cannot all be right, and why: a code of `wording/deadlines.toml`."""

    problem: str
    fields: tuple[str, ...]


def contradictions(project: NewProject) -> tuple[Contradiction, ...]:
    """Everything about a project's dates that cannot be; empty for most."""
    found = [*_slips(project), *_order(project)]
    if isinstance(project, Project):
        found += _applications(project)
    return tuple(found)


def _slips(project: NewProject) -> Iterator[Contradiction]:
    for name in DATES:
        day: date | None = getattr(project, name)
        if day is not None and not EARLIEST <= day <= LATEST:
            yield Contradiction("implausible_year", (name,))
    if isinstance(project, Project):
        for name, days in _days_of(project).items():
            if any(not EARLIEST <= day <= LATEST for day in days):
                yield Contradiction("implausible_year", (name,))


def _days_of(project: Project) -> Mapping[str, list[date]]:
    certified = project.certifications
    return {
        CERTIFICATIONS: [day for one in certified for day in (one.applied_on, one.listed_on) if day],
        PERIODS: [day for one in project.periods for day in (one.begins_on, one.ends_on)],
        INSTRUMENTS: [one.valid_until for one in project.instruments],
    }


def _order(project: NewProject) -> Iterator[Contradiction]:
    applied, registered = project.registration_application_date, project.registration_date
    start, end = project.cp_start, project.cp_end
    if applied and registered and registered < applied:
        yield Contradiction(
            "registered_before_application", ("registration_application_date", "registration_date")
        )
    if start and end and end < start:
        yield Contradiction("ends_before_start", ("cp_start", "cp_end"))
    elif start and end and project.is_forest and end > _longest(start):
        yield Contradiction("longer_than_allowed", ("cp_start", "cp_end"))
    done = project.implementation_date
    if done and applied and not project.is_forest and applied > _limit(done):
        yield Contradiction("implemented_too_early", ("implementation_date", "registration_application_date"))


def _limit(done: date) -> date:
    return _later(done, "DL-01", "months")


def _longest(start: date) -> date:
    # A day more than the reading that is counted with: which of the two is right is not confirmed.
    return _later(start, "DL-04", "longest_months")


def _later(day: date, rule: str, amount: str) -> date:
    # Far outside there is no such day, and that is said already.
    return add_months(min(day, LATEST), load_rules()[rule].versions[-1].amounts[amount])


def _applications(project: Project) -> Iterator[Contradiction]:
    registered = project.registration_date
    first = min(_applied(project), default=None)
    if registered and first and first < registered:
        yield Contradiction("certified_before_registration", ("registration_date", CERTIFICATIONS))
    if any(one.ends_on < one.begins_on for one in project.periods):
        yield Contradiction("period_reversed", (PERIODS,))


def _applied(project: Project) -> Iterator[date]:
    yield from (one.applied_on for one in project.certifications)
    yield from (one.applied_on for one in project.periods if one.applied_on)


# ------------------------------------------------ between projects


def contradictions_between(
    projects: Iterable[Project],
    rounds: Collection[Round] = (),
    registered_in: Mapping[str, int] | None = None,
) -> Mapping[str, Contradiction]:
    """Projects, by their id, whose registration cannot be of the day that stands there: their round came later.

    A committee is taken to register on the day it meets, after everything that it deals with was applied for.
    `registered_in` tells the round in which each was registered, by project id, as far as that is known; a
    registration on the day of a round that staff entered is of that round.
    """
    all_ = tuple(projects)
    newest = _newest_application(all_)
    known = registered_in or {}
    by_day = {one.held_on: one.number for one in rounds if one.held_on}
    found = {}
    for one in all_:
        registered = one.registration_date
        if registered is None:
            continue
        number = known.get(one.project_id, by_day.get(registered, NO_ROUND))
        if newest.get(number, registered) > registered:
            found[one.project_id] = Contradiction("registered_before_round", ("registration_date",))
    return found


def _newest_application(projects: Iterable[Project]) -> Mapping[int, date]:
    newest: dict[int, date] = {}
    for one in projects:
        for round_, day in _rounds_of(one):
            newest[round_] = max(day, newest.get(round_, day))
    return newest


def _rounds_of(project: Project) -> Iterator[tuple[int, date]]:
    yield from ((one.round, one.applied_on) for one in project.certifications if one.round is not None)
    yield from (
        (one.round, one.applied_on) for one in project.periods if one.round is not None and one.applied_on
    )
