"""What the office may enter for a rule of deadlines: how each kind of value is written, and how it is read."""

import re
from collections.abc import Callable, Mapping
from datetime import date

# A day, a number, or a month with its day.
SettingValue = date | int | tuple[int, int]
LONGEST_DAYS = 3650
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
# Has a 29 February, so that every day of any year can be written.
_LEAP_YEAR = 2000


def read_setting(kind: str, text: str) -> SettingValue:
    """The value that somebody typed for a setting of that kind; raises ValueError when it is none."""
    return KINDS[kind](text.strip())


def _number(first: int, last: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not first <= int(text) <= last:
            raise ValueError(f"{text!r} is no number from {first} to {last}")
        return int(text)

    return read


def _month_day(text: str) -> tuple[int, int]:
    if not (found := _MONTH_DAY.fullmatch(text)):
        raise ValueError(f"{text!r} is no month and day such as 04-01")
    day = date(_LEAP_YEAR, int(found[1]), int(found[2]))
    return day.month, day.day


KINDS: Mapping[str, Callable[[str], SettingValue]] = {
    "date": date.fromisoformat,
    "days": _number(0, LONGEST_DAYS),
    "month": _number(1, 12),
    "month_day": _month_day,
    "weekday": _number(1, 7),
    "hour": _number(0, 23),
}
