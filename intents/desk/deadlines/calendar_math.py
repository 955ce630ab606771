"""Days counted as the scheme counts them: calendar months that end with the month, fiscal years, working days."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cache

from intents.desk.office_hours import DAY, OfficeHours, add_working_days, is_working_day
from knowledge.reminder_model import Shift, Span, Unit

# No month is shorter, so the day exists in each of them.
ALWAYS_THERE = 28
# The fiscal year begins in April.
APRIL, DECEMBER, MARCH = 4, 12, 3


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, or earlier; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= ALWAYS_THERE:
        return date(year, month + 1, day.day)
    end = month_end(year, month + 1)
    return end.replace(day=min(day.day, end.day))


@cache
def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def fiscal_year(day: date) -> int:
    """The fiscal year of a day, by the calendar year in which it begins."""
    return day.year if day.month >= APRIL else day.year - 1


def yearly(month: int, day: int, year: int) -> date:
    """A day of each year in that year; 29 February is the 28th where there is none."""
    return date(year, month, day if day <= ALWAYS_THERE else min(day, month_end(year, month).day))


def next_yearly(month: int, day: int, on: date) -> date:
    """The next day of its kind that is not past."""
    this = yearly(month, day, on.year)
    return this if this >= on else yearly(month, day, on.year + 1)


class WorkingDays:
    """The working days of an office, each looked up once: thousands of projects share the same few."""

    def __init__(self, hours: OfficeHours) -> None:
        self._hours = hours
        self._shifted: Mapping[Shift, dict[date, date]] = {shift: {} for shift in Shift}
        self._added: dict[tuple[date, int], date] = {}

    def shifted(self, day: date, shift: Shift) -> date:
        """The day itself when the office works, else the last working day before it, or the next one after it."""
        known = self._shifted[shift]
        found = known.get(day)
        if found is None:
            found = known[day] = self._shift(day, shift)
        return found

    def _shift(self, day: date, shift: Shift) -> date:
        if is_working_day(self._hours, day):
            return day
        return add_working_days(self._hours, day, -1 if shift is Shift.BEFORE else 1)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after the day, or before it; see `office_hours.add_working_days`."""
        found = self._added.get((day, n))
        if found is None:
            found = self._added[day, n] = add_working_days(self._hours, day, n)
        return found

    def between(self, day: date, other: date) -> int:
        """How many working days lie behind a day up to another one, which counts; negative when that is past."""
        if other < day:
            return -self.between(other, day)
        days = (day + number * DAY for number in range(1, (other - day).days + 1))
        return sum(1 for one in days if is_working_day(self._hours, one))

    def moved(self, day: date, span: Span) -> date:
        """The day so far away, before it is looked at whether the office works."""
        if span.unit is Unit.MONTHS:
            return add_months(day, span.amount)
        if span.unit is Unit.DAYS:
            return day + span.amount * DAY
        return self.add(day, span.amount)


@cache
def working_days(hours: OfficeHours) -> WorkingDays:
    """The working days of these hours."""
    return WorkingDays(hours)
