"""What is measured every month: a date for each of the newest months of which something is missing."""

from collections.abc import Iterator, Mapping
from datetime import date

from intents.desk.deadlines.case import Case, case_of
from intents.desk.deadlines.found import Found, given
from intents.desk.deadlines.frame import InForce, frame
from intents.desk.deadlines.records import Almanac, Stop
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.months import Bounds, asked, first_day, following, gaps, last_full, month_of, spans
from intents.desk.projects.records import Project

RECORDED = Stop("recorded")
FOR_MONTH, ITEM, MISSING = "for_month", "item", "missing_months"


def month_recorded(case: Case, rule: InForce) -> Iterator[Found]:
    """One date for the running month and for the newest ones before it of which something is missing.

    The running one is there so that it is planned before its notice leaves. Of the newest months, those of which
    nothing is missing any more have stopped.
    """
    running, newest = month_of(case.frame.on), rule.amount("newest")
    found = asked(case.project, bounds_of(case), running)
    over = [month for month, items in found.items() if items and month < running]
    complete = [month for month in found if following(running, -newest) <= month and not found[month]]
    for month in sorted({*over[-newest:], *complete, *({running} & set(found))}):
        yield _date(month, found[month], over, rule)


def _date(month: str, missing: tuple[MonitoringItem, ...], over: list[str], rule: InForce) -> Found:
    due = first_day(following(month)).replace(day=rule.amount("day"))
    inputs = [given(FOR_MONTH, month)]
    if not missing:
        return Found(due, "month_recorded", tuple(inputs), apart=month, about=month, stopped=RECORDED)
    inputs.append(given(ITEM, missing[0].name))
    if over:
        inputs.append(given(MISSING, spans(over)))
    return Found(due, "month_recorded", tuple(inputs), apart=month, about=f"{month} {missing[0].name}")


def bounds_of(case: Case) -> Bounds:
    """The certification period, as far as it is known."""
    return Bounds(case.start.day, case.end.day)


def missing_of(project: Project, almanac: Almanac, on: date) -> Mapping[str, tuple[MonitoringItem, ...]]:
    """The months that are over on a day and of which something is missing, the oldest first, each with what it is.

    Raises CalendarFault as the engine does.
    """
    return gaps(project, bounds_of(case_of(project, frame(almanac, on))), last_full(on))
