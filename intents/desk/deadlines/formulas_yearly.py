"""Dates of projects that come again each year: contact checks, and the season of AG-005."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from intents.desk.deadlines.calendar_math import add_months, month_end, next_yearly, yearly
from intents.desk.deadlines.case import Case
from intents.desk.deadlines.found import SETTING_WRONG, Found, given, lacking, not_known
from intents.desk.deadlines.frame import LINGERS, Frame, InForce
from intents.desk.deadlines.records import Stop

MONTHS = ("first_month", "second_month")


def contact_check(case: Case, rule: InForce) -> Iterator[Found]:
    """The first working day of two months of each year; one that was lately is still there for who has not answered."""
    for due in _first_working_days(case.frame, rule):
        yield Found(due, "first_working_day", (given("month", due.month),))


@lru_cache(maxsize=8)
def _first_working_days(frame: Frame, rule: InForce) -> tuple[date, ...]:
    """Those from not long ago up to the next one of each month."""
    found = []
    for name in MONTHS:
        month, year = rule.amount(name), frame.on.year
        days = [frame.days.add(date(one, month, 1), 0) for one in (year - 1, year, year + 1)]
        ahead = next(day for day in days if day >= frame.on)
        found += [day for day in days if frame.on - LINGERS <= day <= ahead]
    return tuple(sorted(found))


# ------------------------------------------------ AG-005


def before_cultivation(case: Case, rule: InForce) -> Iterator[Found]:
    """The office's day of each year by which registration must be done; one that was lately passed is still there."""
    project, frame = case.project, case.frame
    if "registration_day" in rule.wrong:
        yield lacking("registration_day", warnings=(SETTING_WRONG,))
        return
    month, day = rule.month_day("registration_day") or (1, 1)
    estimated = not rule.entered("registration_day", frame.almanac)
    stop = Stop("registered", project.registration_date) if project.registration_date else None
    ahead = next_yearly(month, day, frame.on)
    before = yearly(month, day, ahead.year - 1)
    for due in (before, ahead) if before >= frame.on - LINGERS else (ahead,):
        inputs = (given("registration_day", f"{month:02}-{day:02}"),)
        anchors = {"new_year": date(due.year, 1, 1)}
        yield Found(due, "day_of_year", inputs, estimated, anchors, last=due, stopped=stop)


def drainage_record(case: Case, rule: InForce) -> Iterator[Found]:
    """This year's end of the month in which records are handed in, for whoever is registered."""
    if case.project.registration_date is None:
        return
    registered = case.known("registration_date")
    if registered.day is None:
        yield not_known(registered)
        return
    year, month = case.frame.on.year, rule.amount("month")
    anchors = {"new_year": date(year, 1, 1)}
    heading = rule.number("heading_month")
    if heading is not None:
        anchors["after_heading"] = add_months(date(year, heading, 1), 1)
    warnings = (SETTING_WRONG,) if rule.wrong else ()
    due = month_end(year, month)
    yield Found(due, "end_of_month", (given("month", month),), anchors=anchors, warnings=warnings)
