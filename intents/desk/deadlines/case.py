"""One project as formulas see it: its fields without those that are in doubt, and the days others are counted from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import TypeAlias

from intents.desk.deadlines.calendar_math import add_months
from intents.desk.deadlines.contradictions import contradictions
from intents.desk.deadlines.found import CONTRADICTION, SETTING_WRONG, UNVERIFIED, Inputs, Known, given
from intents.desk.deadlines.frame import Frame
from intents.desk.office_hours import DAY
from intents.desk.projects.records import Project

CAP = "scheme_cap_date"
Application: TypeAlias = tuple[date, int | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A project against a frame. `doubts` are fields that nothing is counted from, each with the warning that says why.

    `start` and `end` are those of its certification period: the plan's days, or else computed. `applications` are
    those for certification, the earliest first, each with its round where that is known.
    """

    project: Project
    frame: Frame
    doubts: Mapping[str, str]
    start: Known
    end: Known
    applications: tuple[Application, ...]

    def first_application(self, since: date = date.min) -> date | None:
        """The first application for certification on or after a day."""
        for day, _ in self.applications:
            if day >= since:
                return day
        return None

    def known(self, name: str) -> Known:
        """A day field of the project; without a day when it is empty or in doubt."""
        return field_of(self.project, name, self.doubts)


def case_of(project: Project, frame: Frame) -> Case:
    """The project as the formulas see it."""
    doubts = doubts_of(project)
    start = _start(project, doubts)
    end = _end(project, frame, doubts, start)
    return Case(project, frame, doubts, start, end, _applications(project))


def doubts_of(project: Project) -> Mapping[str, str]:
    """Fields marked as unverified, and fields that contradict one another."""
    doubts = dict.fromkeys(project.unverified, UNVERIFIED)
    for found in contradictions(project):
        doubts |= dict.fromkeys(found.fields, CONTRADICTION)
    return doubts


def field_of(project: Project, name: str, doubts: Mapping[str, str]) -> Known:
    """A day field of a project; without a day when it is empty or in doubt."""
    day: date | None = getattr(project, name)
    if day is None:
        return Known(None, missing=(name,))
    if name in doubts:
        return Known(None, missing=(name,), warnings=(doubts[name],))
    return Known(day, inputs=(given(name, day),))


def _start(project: Project, doubts: Mapping[str, str]) -> Known:
    if project.cp_start is not None:
        planned = field_of(project, "cp_start", doubts)
        return Known(planned.day, "plan_start", planned.inputs, False, planned.missing, planned.warnings)
    applied = field_of(project, "registration_application_date", doubts)
    ready = field_of(project, "monitoring_ready_date", doubts)
    if applied.day is None or ready.day is None:
        missing, warnings = applied.missing + ready.missing, applied.warnings + ready.warnings
        return Known(None, missing=missing, warnings=warnings)
    later = max(applied.day, ready.day)
    return Known(later, "later_of_two", applied.inputs + ready.inputs, estimated=True)


def _end(project: Project, frame: Frame, doubts: Mapping[str, str], start: Known) -> Known:
    if project.cp_end is not None:
        planned = field_of(project, "cp_end", doubts)
        return Known(planned.day, "plan_end", planned.inputs, False, planned.missing, planned.warnings)
    if start.day is None:
        return start
    rule = frame.by_formula.get("forest_period_end" if project.is_forest else "period_end")
    if rule is None:
        return Known(None, missing=("cp_end",))
    end = ordinary_end(start.day, rule.amount("months"))
    inputs = (*start_inputs(start), given("months", rule.amount("months")))
    if project.is_forest:
        return Known(end, "years_from_start", inputs, estimated=True)
    if CAP in rule.wrong:
        return Known(None, missing=(CAP,), warnings=(SETTING_WRONG,))
    cap = rule.day(CAP)
    if cap is not None and cap < end:
        return Known(cap, "capped", (*inputs, given(CAP, cap)), estimated=True)
    return Known(end, "years_from_start", inputs, True, warnings=() if cap else ("cap_not_confirmed",))


def start_inputs(start: Known) -> Inputs:
    """The way to the start of the period, and the start itself where it was computed."""
    return (*start.inputs, given("cp_start", start.day)) if start.estimated else start.inputs


def ordinary_end(start: date, months: int) -> date:
    """The day on which so many months have passed since the start, by the earlier of two readings."""
    return add_months(start, months) - DAY


def _applications(project: Project) -> tuple[Application, ...]:
    """What the certifications tell, and the periods: some applications are known by their period only."""
    if not project.certifications and not project.periods:
        return ()
    found = [(one.applied_on, one.round) for one in project.certifications]
    found += [(one.applied_on, one.round) for one in project.periods if one.applied_on]
    return tuple(sorted(found, key=itemgetter(0)))
