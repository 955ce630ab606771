"""When somebody may be written to: on working days, from a stated hour until closing, by the clock of their own zone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from intents.appointments import TOKYO
from intents.desk.books import Span
from intents.desk.office_hours import DAY, OfficeHours, add_working_days, is_working_day
from intents.desk.projects.records import Contact
from knowledge.nudge_terms import NudgeTerms

# The first place on earth where a day begins: whoever is to be looked at today anywhere, is found by it.
EARLIEST = timedelta(hours=14)
# A letter that no channel could carry for a week of working days leaves whenever one can.
SPANS = 5
END_OF_DAY = time.max.replace(tzinfo=TOKYO)


def first_day(now: datetime) -> date:
    """The newest calendar day that has begun anywhere."""
    return (now.astimezone(UTC) + EARLIEST).date()


def monday(now: datetime) -> date:
    """The Monday of the week, in Tokyo."""
    today = now.astimezone(TOKYO).date()
    return today - timedelta(days=today.weekday())


class Placed(Protocol):
    """Somebody who lives by the clock of a zone."""

    @property
    def zone(self) -> str:
        """Its name, as in `zoneinfo`."""
        ...


def local_day(contact: Placed, now: datetime) -> date:
    """The calendar day where somebody is."""
    return now.astimezone(ZoneInfo(contact.zone)).date()


def may_write(contact: Placed, terms: NudgeTerms, hours: OfficeHours, now: datetime) -> bool:
    """Whether it is a working day where somebody is, after the stated hour and before closing.

    Two clock times in one night of daylight saving are one day: letters are keyed by the day.
    """
    here = now.astimezone(ZoneInfo(contact.zone))
    return is_working_day(hours, here.date()) and terms.hour <= here.time() < hours.closes


def spans(contact: Contact, terms: NudgeTerms, hours: OfficeHours, now: datetime) -> tuple[Span, ...]:
    """The hours of this and the next working days in which somebody may be written to; UTC."""
    zone, today = ZoneInfo(contact.zone), local_day(contact, now)
    days = [add_working_days(hours, today, 0)]
    while len(days) < SPANS:
        days.append(add_working_days(hours, days[-1], 1))
    ends = (terms.hour, hours.closes)
    both = ([datetime.combine(day, end, zone).astimezone(UTC) for end in ends] for day in days)
    return tuple((begin, end) for begin, end in both)


def must_write(
    due_on: date | None, contact: Contact, terms: NudgeTerms, hours: OfficeHours, now: datetime
) -> bool:
    """Whether a date of the scheme would be over before somebody may be written to again: then any hour will do."""
    if due_on is None:
        return False
    here = now.astimezone(ZoneInfo(contact.zone))
    today = here.date()
    # Early in the morning of a working day its own hours are still to come.
    again = add_working_days(hours, today, 0 if here.time() < terms.hour else 1)
    return today <= due_on < again


def working_days_ago(hours: OfficeHours, now: datetime, days: int) -> datetime:
    """The same time of day so many working days earlier, by Tokyo's clock; on a closed day the last one is over."""
    here = now.astimezone(TOKYO)
    day, clock = here.date(), here.timetz()
    if not is_working_day(hours, day):
        day, clock = add_working_days(hours, day, -1), END_OF_DAY
    return datetime.combine(add_working_days(hours, day, -days), clock)


def tomorrow(contact: Contact, hours: OfficeHours, now: datetime) -> date:
    """The next working day where somebody is."""
    return add_working_days(hours, local_day(contact, now) + DAY, 0)
