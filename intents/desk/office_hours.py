"""When the office works, and how working time and working days are counted.

Moments are UTC in and out and need a time zone; days and opening hours are those of Asia/Tokyo. A working day is
Monday to Friday without national holidays (substitute days among them, by the `holidays` package) and without the
days that the office's own calendar closes. Beyond `horizon` the national holidays are not certain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

import holidays

from intents.appointments import TOKYO
from knowledge.model import Lang, OfficeCalendar

SATURDAY = 5
DAY = timedelta(days=1)
NONE = timedelta()
# So many days on end no office is closed; a calendar that says so would have us search for ever.
LONGEST_CLOSURE = 366


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening hours and closed days (month, day) besides weekends and national holidays."""

    opens: time
    closes: time
    closed_days: frozenset[tuple[int, int]]
    horizon: date
    unverified: bool

    @property
    def day(self) -> timedelta:
        """How long a working day is."""
        closes, opens = self.closes, self.opens
        return timedelta(hours=closes.hour - opens.hour, minutes=closes.minute - opens.minute)


def office_hours(calendar: OfficeCalendar) -> OfficeHours:
    """The hours of an edition's calendar; raises ValueError when they are no times, or end before they begin."""
    opens, closes = time.fromisoformat(calendar.opens), time.fromisoformat(calendar.closes)
    if opens >= closes:
        raise ValueError(f"calendar: opens {calendar.opens} must be before closes {calendar.closes}")
    return OfficeHours(opens, closes, calendar.closed_days, calendar.horizon, calendar.hours_unverified)


# ------------------------------------------------ days


def holiday_name(day: date, lang: Lang) -> str:
    """The national holiday of that day, by its name; empty when it is none."""
    return _national(day.year, "ja" if lang is Lang.JA else "en_US").get(day, "")


@cache
def _national(year: int, language: str) -> dict[date, str]:
    return dict(holidays.country_holidays("JP", years=year, language=language))


def is_working_day(hours: OfficeHours, day: date) -> bool:
    """Whether the office works on that day."""
    closed = (day.month, day.day) in hours.closed_days
    return day.weekday() < SATURDAY and not closed and not holiday_name(day, Lang.JA)


# Every look of the clock and every date goes so many days from the same few ones.
@lru_cache(maxsize=1024)
def add_working_days(hours: OfficeHours, day: date, n: int) -> date:
    """The n-th working day after the day, or before it when n is negative.

    With 0 it is the day itself, or the next working day when it is none.
    """
    if n == 0:
        return day if is_working_day(hours, day) else _working_day(hours, day, DAY)
    for _ in range(abs(n)):
        day = _working_day(hours, day, DAY if n > 0 else -DAY)
    return day


def _working_day(hours: OfficeHours, day: date, step: timedelta) -> date:
    for _ in range(LONGEST_CLOSURE):
        day += step
        if is_working_day(hours, day):
            return day
    raise ValueError(f"calendar: no working day within a year of {day}")


# ------------------------------------------------ moments


def is_open(hours: OfficeHours, moment: datetime) -> bool:
    """Whether the office is open; at the minute of closing it no longer is."""
    here = _here(moment)
    return is_working_day(hours, here.date()) and hours.opens <= here.time() < hours.closes


def next_open(hours: OfficeHours, moment: datetime) -> datetime:
    """The moment itself when the office is open, else the next opening."""
    here = _here(moment)
    if is_open(hours, moment):
        return moment.astimezone(UTC)
    if is_working_day(hours, here.date()) and here.time() < hours.opens:
        return _at(here.date(), hours.opens)
    return _at(_working_day(hours, here.date(), DAY), hours.opens)


def add_working_time(hours: OfficeHours, moment: datetime, amount: timedelta) -> datetime:
    """The moment at which so much open time has passed; a negative amount goes back.

    What ends with the office day ends at closing (Friday 16:30 and half an hour is Friday 17:00, not Monday); nothing
    lands later than closing or before opening. Zero gives the next open moment.
    """
    if amount < NONE:
        return _back(hours, moment, -amount)
    at = next_open(hours, moment)
    while amount > (left := _at(_here(at).date(), hours.closes) - at):
        amount -= left
        at = next_open(hours, at + left)
    return at + amount


def _back(hours: OfficeHours, moment: datetime, amount: timedelta) -> datetime:
    at = _last_open(hours, moment)
    while amount > (since := at - _at(_here(at).date(), hours.opens)):
        amount -= since
        at = _last_open(hours, at - since)
    return at - amount


def _last_open(hours: OfficeHours, moment: datetime) -> datetime:
    """The moment itself when the office was open just before it, else the last closing."""
    here = _here(moment)
    if is_working_day(hours, here.date()) and here.time() > hours.opens:
        return min(moment.astimezone(UTC), _at(here.date(), hours.closes))
    return _at(_working_day(hours, here.date(), -DAY), hours.closes)


def working_time_between(hours: OfficeHours, a: datetime, b: datetime) -> timedelta:
    """The open time from one moment to the other; negative when b is before a."""
    if b < a:
        return -working_time_between(hours, b, a)
    return sum((_overlap(hours, day, a, b) for day in _days(a, b) if is_working_day(hours, day)), NONE)


def _overlap(hours: OfficeHours, day: date, a: datetime, b: datetime) -> timedelta:
    return max(NONE, min(b, _at(day, hours.closes)) - max(a, _at(day, hours.opens)))


def _days(a: datetime, b: datetime) -> Iterator[date]:
    first, last = _here(a).date(), _here(b).date()
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _here(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(TOKYO)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, TOKYO).astimezone(UTC)
