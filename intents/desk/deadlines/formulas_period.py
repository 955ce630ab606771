"""Dates that follow from the certification period: its start and end, monitoring periods, what comes afterwards."""

from collections.abc import Iterator
from datetime import date, timedelta

from intents.desk.deadlines.calendar_math import DECEMBER, MARCH, add_months, month_end, next_yearly
from intents.desk.deadlines.case import Case, ordinary_end, start_inputs
from intents.desk.deadlines.found import SETTING_WRONG, Found, given, lacking, not_known
from intents.desk.deadlines.frame import InForce
from intents.desk.deadlines.records import Stop
from intents.desk.office_hours import DAY
from intents.desk.projects.records import Project

# The two days at which a period is best cut: the ends of the calendar year and of the fiscal year.
CUTS = ((DECEMBER, 31), (MARCH, 31))


def application_limit(case: Case, rule: InForce) -> Iterator[Found]:
    """The last day to apply for registration: so many months after the activity was carried out.

    A project that has applied needs no such day; one that has and never said when it was carried out shows none.
    """
    stop, done = _applied(case.project), case.known("implementation_date")
    if done.day is not None:
        months = rule.amount("months")
        inputs = (*done.inputs, given("months", months))
        yield Found(add_months(done.day, months), "months_after", inputs, estimated=True, stopped=stop)
    elif not stop or done.warnings:
        yield not_known(done)


def _applied(project: Project) -> Stop | None:
    if project.registration_application_date:
        return Stop("applied_for_registration", project.registration_application_date)
    return Stop("registered", project.registration_date) if project.registration_date else None


def period_start(case: Case, _: InForce) -> Iterator[Found]:
    """The first day of the certification period: the plan's, or the later of application and readiness."""
    start = case.start
    if start.day is None:
        yield not_known(start)
        return
    begun = min((one.begins_on for one in case.project.periods), default=None)
    stop = Stop("monitoring_begun", begun) if begun else None
    yield Found(start.day, start.reason, start.inputs, start.estimated, stopped=stop)


def period_end(case: Case, _: InForce) -> Iterator[Found]:
    """The last day of the certification period: the plan's, or counted from its start."""
    end = case.end
    if end.day is None:
        yield not_known(end)
        return
    yield Found(end.day, end.reason, end.inputs, end.estimated, warnings=end.warnings)


def forest_period_end(case: Case, rule: InForce) -> Iterator[Found]:
    """The last day of a forest's period; whether to extend it is asked before the ordinary number of years is over."""
    end, start = case.end, case.start
    if end.day is None:
        yield not_known(end)
        return
    if start.day is None:
        # The plan says when it ends, and nothing says when the ordinary years are over.
        yield Found(end.day, end.reason, end.inputs, end.estimated, warnings=("start_unknown",))
        return
    ordinary = ordinary_end(start.day, rule.amount("months"))
    # One day more is the other reading of the same eight years.
    stop = Stop("extended", end.day) if end.day > ordinary + DAY else None
    anchors = {"ordinary_end": ordinary}
    yield Found(end.day, end.reason, end.inputs, end.estimated, anchors, stopped=stop)


def yearly_submission(case: Case, rule: InForce) -> Iterator[Found]:
    """The last day of the office's month in each of the years after the period."""
    end, month = case.end, rule.number("submission_month")
    if month is None:
        yield lacking("submission_month", warnings=(SETTING_WRONG,) if rule.wrong else ())
    elif end.day is None:
        yield not_known(end)
    else:
        years = rule.amount("years")
        inputs = (*end.inputs, given("submission_month", month), given("years", years))
        for number in range(1, years + 1):
            due = month_end(end.day.year + number, month)
            yield Found(due, "year_after_end", (*inputs, given("number", number)), end.estimated)


def final_application(case: Case, rule: InForce) -> Iterator[Found]:
    """What is left after the period: so many days where the office knows them, else the question how many."""
    end, days = case.end, rule.number("final_application_limit_days")
    if end.day is None:
        yield not_known(end)
        return
    if rule.wrong:
        yield lacking("final_application_limit_days", warnings=(SETTING_WRONG,))
        return
    applied = case.first_application(end.day + DAY)
    stop = Stop("applied", applied) if applied else None
    anchors, inputs = {"period_end": end.day}, (*end.inputs, given("period_end", end.day))
    if days is None:
        yield Found(None, "limit_not_known", inputs, end.estimated, anchors, stopped=stop)
        return
    due = end.day + timedelta(days=days)
    inputs = (*inputs, given("final_application_limit_days", days))
    yield Found(due, "days_after_end", inputs, end.estimated, anchors, last=due, stopped=stop)


# ------------------------------------------------ monitoring periods


def monitoring_end(case: Case, _: InForce) -> Iterator[Found]:
    """Where monitoring periods are best cut, from the last recorded one, or from the start, up to the next one ahead."""
    yield from _chain(case)


def member_list(case: Case, rule: InForce) -> Iterator[Found]:
    """So many days after each of the same ends."""
    days = rule.amount("days")
    for one in _chain(case):
        if one.due is None:
            yield one
            continue
        inputs = (*one.inputs, given("period_end", one.due), given("days", days))
        due, anchors = one.due + timedelta(days=days), {"period_end": one.due}
        yield Found(due, "days_after_period", inputs, one.estimated, anchors, stopped=one.stopped)


def _chain(case: Case) -> Iterator[Found]:
    origin = _origin(case)
    if origin.due is None:
        yield origin
        return
    latest = case.end.day or date.max
    end = _cut_after(origin.due, ahead=bool(case.project.periods))
    month, day = end.month, end.day
    while end <= latest:
        applied = case.first_application(end)
        stop = Stop("applied", applied) if applied else None
        yield Found(end, origin.reason, origin.inputs, origin.estimated, stopped=stop)
        if end >= case.frame.on:
            return
        end = next_yearly(month, day, end + DAY)


def _origin(case: Case) -> Found:
    """The day from which the chain of periods is counted: the last recorded end, or the start of the whole."""
    project, start = case.project, case.start
    if project.periods:
        if "periods" in case.doubts:
            return lacking("periods", warnings=(case.doubts["periods"],))
        last = max(one.ends_on for one in project.periods)
        return Found(last, "cut_after_period", (given("last_period_end", last),))
    if start.day is None:
        return not_known(start)
    return Found(start.day, "cut_after_start", start_inputs(start), start.estimated)


def _cut_after(day: date, *, ahead: bool) -> date:
    """The nearer of the two cuts behind a day; a year on where a period ended on one of them already."""
    if ahead and (day.month, day.day) in CUTS:
        return next_yearly(day.month, day.day, day + DAY)
    return min(next_yearly(month, last, day + DAY) for month, last in CUTS)
