"""Calendar months, fiscal years and working days: month ends, leap days, the turn of the fiscal year."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.desk.deadlines.calendar_math import add_months, fiscal_year, next_yearly, working_days
from intents.desk.deadlines.frame import closing_day
from intents.desk.office_hours import is_working_day
from intents.desk.projects.records import Window, WindowKind
from knowledge.reminder_model import Shift, Span, Unit
from tests.intents.desk.deadlines.world import HOURS, almanac, dates, day, one, project

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
MANY = settings(max_examples=200, deadline=None)
WORKING = working_days(HOURS)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 24, "2026-02-28"),  # the leap day has no second anniversary
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", 96, "2032-02-29"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-08-31", -2, "2025-06-30"),
        ("2026-02-28", 1, "2026-03-28"),  # the last day of a month stays the day that it is
        ("2026-12-15", 1, "2027-01-15"),
        ("2027-01-31", -1, "2026-12-31"),
        ("2029-11-30", -24, "2027-11-30"),
    ],
)
def test_months_end_with_the_month(start: str, months: int, end: str) -> None:
    """The same day where the month has it, else the month's last."""
    assert add_months(day(start), months) == day(end)


@MANY
@given(DAYS, st.integers(-400, 400))
def test_months_are_months(start: date, months: int) -> None:
    """So many months on, on the same day, or on the last day of a shorter month, and never a day later."""
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])


@MANY
@given(DAYS, st.integers(0, 200))
def test_there_and_back_is_at_most_the_month_end(start: date, months: int) -> None:
    """Exact where no month was too short; never more than three days off."""
    back = add_months(add_months(start, months), -months)
    assert back == start or (start.day > 28 and timedelta() < start - back <= timedelta(days=3))


@MANY
@given(DAYS, st.integers(1, 120))
def test_later_days_stay_later(start: date, months: int) -> None:
    """Adding the same months never turns the order around."""
    assert add_months(start, months) <= add_months(start + timedelta(days=1), months)


@MANY
@given(DAYS, st.integers(-60, 60))
def test_business_day_math(start: date, n: int) -> None:
    """Adding and then subtracting working days comes back to the same working day."""
    first = WORKING.add(start, 0)
    there = WORKING.moved(first, Span(n, Unit.WORKING_DAYS))
    assert is_working_day(HOURS, there)
    assert WORKING.moved(there, Span(-n, Unit.WORKING_DAYS)) == first


@MANY
@given(DAYS, st.sampled_from(list(Shift)))
def test_a_notice_goes_to_the_nearest_working_day(start: date, shift: Shift) -> None:
    """To a working day on its side, with none between."""
    found = WORKING.shifted(start, shift)
    assert is_working_day(HOURS, found)
    assert found <= start if shift is Shift.BEFORE else found >= start
    low, high = min(found, start), max(found, start)
    between = (low + timedelta(days=n) for n in range(1, (high - low).days))
    assert not any(is_working_day(HOURS, each) for each in between)


@MANY
@given(DAYS)
def test_a_yearly_day_is_within_the_next_year(on: date) -> None:
    """Also the one that most years do not have."""
    for month, number in ((2, 29), (3, 31), (12, 31), (4, 1)):
        found = next_yearly(month, number, on)
        assert on <= found <= on + timedelta(days=366)
        assert found.month == month


# ------------------------------------------------ the turn of the fiscal year


def test_fiscal_year_edge() -> None:
    """31 March belongs to the year that ends, 1 April to the one that begins."""
    assert fiscal_year(day("2027-03-31")) == 2026
    assert fiscal_year(day("2027-04-01")) == 2027
    assert [one_.due_on for one_ in dates("DL-20", None, on=day("2027-03-31"))] == [day("2027-03-31")]
    assert [one_.due_on for one_ in dates("DL-20", None, on=day("2027-04-01"))] == [
        day("2027-03-31"),
        day("2028-03-31"),
    ]


@pytest.mark.parametrize(
    ("utc", "tokyo"), [("2027-03-31T14:59", "2027-03-31"), ("2027-03-31T15:00", "2027-04-01")]
)
def test_fiscal_year_edge_of_a_window(utc: str, tokyo: str) -> None:
    """A moment's day is Tokyo's: 23:59 on 31 March, and midnight behind it."""
    closes = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    window = Window(id=1, kind=WindowKind.SUPPORT, name="w", year=2026, closes_at=closes)
    assert closing_day(window) == day(tokyo)
    found = one("DL-12", project(), almanac(window))
    assert found.due_on == day(tokyo)
