"""The one place that reads the wall clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def tokyo_day(moment: datetime) -> date:
    """The calendar day of a moment in Tokyo."""
    return moment.astimezone(TOKYO).date()
