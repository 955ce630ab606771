"""Working time: counted only while the office is open, forwards and backwards, across holidays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.appointments import TOKYO
from intents.desk.office_hours import (
    NONE,
    OfficeHours,
    add_working_days,
    add_working_time,
    holiday_name,
    is_open,
    is_working_day,
    next_open,
    office_hours,
    working_time_between,
)
from intents.desk.promises import near_at, promised_by
from knowledge.model import Lang, OfficeCalendar
from knowledge.promises import load_promises
from knowledge.reader import files_in, read

CALENDAR = read(files_in()).edition.calendar
assert CALENDAR
HOURS = office_hours(CALENDAR)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
AMOUNTS = st.timedeltas(NONE, timedelta(hours=200))
MANY = settings(max_examples=60, deadline=None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).astimezone(UTC)


def _within(moment: datetime) -> bool:
    here = moment.astimezone(TOKYO)
    return is_working_day(HOURS, here.date()) and HOURS.opens <= here.time() <= HOURS.closes


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-27 16:30", 60, "2026-11-30 09:30"),  # a weekend
        ("2026-11-27 16:30", 30, "2026-11-27 17:00"),  # up to closing
        ("2026-11-27 17:00", 0, "2026-11-30 09:00"),
        ("2026-11-27 08:00", 0, "2026-11-27 09:00"),
        ("2026-11-28 12:00", 480, "2026-11-30 17:00"),
        ("2026-11-20 16:30", 60, "2026-11-24 09:30"),  # a holiday on the Monday
        ("2026-12-28 16:00", 120, "2027-01-04 10:00"),  # the turn of the year
        ("2026-05-01 16:00", 120, "2026-05-07 10:00"),  # holidays in a row, a substitute day among them
        ("2026-09-18 16:00", 120, "2026-09-24 10:00"),  # a day between two holidays is one, too
        ("2026-11-30 09:30", -60, "2026-11-27 16:30"),
        ("2026-11-30 09:30", -30, "2026-11-30 09:00"),
    ],
)
def test_working_time_counts_open_minutes(start: str, minutes: int, end: str) -> None:
    """Weekends, holidays and nights do not count."""
    assert add_working_time(HOURS, _moment(start), minutes * MINUTE) == _moment(end)


@pytest.mark.parametrize(
    "day",
    ["2026-12-29", "2026-12-31", "2027-01-01", "2027-01-03", "2026-05-06", "2027-03-22", "2026-11-23"],
)
def test_the_office_is_closed_on_holidays(day: str) -> None:
    """National holidays with their substitute days, and the turn of the year."""
    assert not is_working_day(HOURS, date.fromisoformat(day))


def test_a_holiday_has_a_name_in_both_languages() -> None:
    """And an ordinary day has none."""
    day = date(2026, 11, 23)
    assert holiday_name(day, Lang.JA) == "勤労感謝の日"
    assert holiday_name(day, Lang.EN).isascii()
    assert holiday_name(date(2026, 11, 24), Lang.JA) == ""


def test_closing_is_not_open() -> None:
    """The first minute counts, the last one does not."""
    assert is_open(HOURS, _moment("2026-11-24 09:00"))
    assert not is_open(HOURS, _moment("2026-11-24 17:00"))


@MANY
@given(DAYS, st.integers(-40, 40))
def test_working_days_return(day: date, n: int) -> None:
    """There and back again is the same working day."""
    start = add_working_days(HOURS, day, 0)
    there = add_working_days(HOURS, start, n)
    assert is_working_day(HOURS, there)
    assert add_working_days(HOURS, there, -n) == start


@MANY
@given(MOMENTS, AMOUNTS)
def test_adding_is_what_lies_between(moment: datetime, amount: timedelta) -> None:
    """Whatever is added lies between, and going back ends where it began."""
    end = add_working_time(HOURS, moment, amount)
    assert _within(end)
    assert working_time_between(HOURS, moment, end) == amount
    assert working_time_between(HOURS, end, moment) == -amount
    back = add_working_time(HOURS, end, -amount)
    assert _within(back)
    assert working_time_between(HOURS, back, moment) == NONE


@MANY
@given(MOMENTS, MOMENTS)
def test_what_lies_between_leads_there(a: datetime, b: datetime) -> None:
    """Adding the time between reaches the same point of the office's time."""
    between = working_time_between(HOURS, a, b)
    assert working_time_between(HOURS, add_working_time(HOURS, a, between), b) == NONE


@MANY
@given(MOMENTS)
def test_the_next_open_moment_is_open(moment: datetime) -> None:
    """It never lies before, and no open time passes until then."""
    opening = next_open(HOURS, moment)
    assert opening >= moment
    assert is_open(HOURS, opening)
    assert working_time_between(HOURS, moment, opening) == NONE


@MANY
@given(MOMENTS, st.sampled_from(sorted(load_promises())))
def test_a_promise_ends_while_the_office_works(moment: datetime, kind: str) -> None:
    """The warning comes after the opening of the case and before the promised moment."""
    promise = load_promises()[kind]
    due = promised_by(HOURS, promise, moment)
    near = near_at(HOURS, promise, due)
    assert moment < near < due
    assert _within(due)
    assert _within(near)
    assert working_time_between(HOURS, near, due) == promise.near


def test_hours_that_cannot_be_are_refused() -> None:
    """An office that closes before it opens, or never opens, is a slip in the calendar."""
    with pytest.raises(ValueError, match="before"):
        office_hours(OfficeCalendar("17:00", "09:00", frozenset(), date(2027, 12, 31)))
    always = frozenset((month, day) for month in range(1, 13) for day in range(1, 32))
    shut = OfficeHours(time(9), time(17), always, date(2027, 12, 31), unverified=True)
    with pytest.raises(ValueError, match="no working day"):
        next_open(shut, _moment("2026-11-24 12:00"))


def test_a_moment_needs_a_zone() -> None:
    """Without one it would mean another time on each machine."""
    with pytest.raises(ValueError, match="zone"):
        is_open(HOURS, datetime(2026, 11, 24, 12))  # noqa: DTZ001 - what is refused
