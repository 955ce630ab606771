"""Dates that concern everybody: retirement for reports, the registry's week, the review of the rules."""

from collections.abc import Iterator
from datetime import timedelta

from intents.desk.deadlines.calendar_math import (
    MARCH,
    add_months,
    fiscal_year,
    month_end,
    next_yearly,
    yearly,
)
from intents.desk.deadlines.found import SETTING_WRONG, Found, given, lacking
from intents.desk.deadlines.frame import LINGERS, Frame, InForce


def fiscal_year_retirement(frame: Frame, rule: InForce) -> Iterator[Found]:
    """The end of the fiscal year, with the months after it in which retirement counts for either year."""
    for year in (fiscal_year(frame.on) - 1, fiscal_year(frame.on)):
        due = month_end(year + 1, MARCH)
        later = add_months(due, rule.amount("grace_months"))
        grace = month_end(later.year, later.month)
        if grace >= frame.on:
            inputs = (given("fiscal_year", year), given("grace_end", grace))
            yield Found(due, "fiscal_year_end", inputs, anchors={"grace_end": grace})


def report_period_end(_: Frame, rule: InForce) -> Iterator[Found]:
    """The last day of the submission period, once the office has entered it."""
    due = rule.day("report_ends")
    if due is None:
        yield lacking("report_ends", warnings=(SETTING_WRONG,) if rule.wrong else ())
        return
    yield Found(due, "entered_setting", (given("report_ends", due),))


def weekly_cutoff(frame: Frame, rule: InForce) -> Iterator[Found]:
    """The next day of the week that the office entered."""
    weekday, hour = rule.number("weekday"), rule.number("hour")
    missing = [name for name, value in (("weekday", weekday), ("hour", hour)) if value is None]
    if weekday is None or missing:
        yield lacking(*missing, warnings=(SETTING_WRONG,) if rule.wrong else ())
        return
    due = frame.on + timedelta(days=(weekday - frame.on.isoweekday()) % 7)
    yield Found(due, "weekly", (given("weekday", weekday), given("hour", hour)))


def half_yearly_review(frame: Frame, rule: InForce) -> Iterator[Found]:
    """The first day of two months of each year; one that was lately is still there until it is dealt with."""
    for name in ("first_month", "second_month"):
        month = rule.amount(name)
        ahead = next_yearly(month, 1, frame.on)
        before = yearly(month, 1, ahead.year - 1)
        for due in (before, ahead) if before >= frame.on - LINGERS else (ahead,):
            yield Found(due, "first_of_month", (given("month", due.month),))
