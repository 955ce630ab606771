"""By when the office promises to answer, in working time (`office_hours`)."""

from datetime import datetime

from intents.desk.office_hours import OfficeHours, add_working_time
from knowledge.promises import Promise


def promised_by(hours: OfficeHours, promise: Promise, opened_at: datetime) -> datetime:
    """The moment, UTC, until which whoever asked at `opened_at` gets an answer."""
    return add_working_time(hours, opened_at, promise.answer)


def near_at(hours: OfficeHours, promise: Promise, promised_by: datetime) -> datetime:
    """The moment, UTC, at which staff are warned that the promised one is near."""
    return add_working_time(hours, promised_by, -promise.near)
