"""What staff type into a form or an option about projects and dates, as values. Days and hours are Tokyo's.

Raises Refused with the field, in the words of the cells of an import.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from intents.desk.moments import TOKYO
from intents.desk.projects.checks import ERASE
from intents.desk.refused import Refused
from intents.readers.misread import Misread
from intents.readers.plain import tidy
from intents.readers.register import register_day, whole

# When an office takes papers last.
CLOSES = time(17)
_HOUR = re.compile(r"\s*([01]?\d|2[0-3]):([0-5]\d)$")
T = TypeVar("T")


def read(field: str, text: str, reader: Callable[[str], T]) -> T | None:
    """The value of a text; None for nothing or a dash. Refused: as the reader misreads it."""
    if tidy(text) in ("", ERASE):
        return None
    try:
        return reader(text)
    except Misread as misread:
        raise Refused(misread.problem, **{"field": field, **misread.places}) from misread


def day(field: str, text: str | None, before: date | None = None) -> date | None:
    """The day that was typed; what was before when nothing was said."""
    return before if text is None else read(field, text, register_day)


def closing(field: str, text: str) -> datetime | None:
    """The last moment of a window; a day alone ends when the office does."""
    typed = tidy(text)
    hour = _HOUR.search(typed)
    found = read(field, typed[: hour.start()] if hour else typed, register_day)
    if found is None:
        return None
    return datetime.combine(found, time(int(hour[1]), int(hour[2])) if hour else CLOSES, TOKYO)


def levels(field: str, text: str) -> tuple[int, ...]:
    """Shares in per cent, separated by commas or spaces."""
    words = [word for word in re.split(r"[\s,/\u3001]+", tidy(text)) if word]
    return tuple(read(field, word, lambda one: whole(one, 1, 99)) or 0 for word in words)


def per_cent(field: str, text: str) -> int:
    """A share from 0 to 100. Refused: cell_whole."""
    found = read(field, text, lambda one: whole(one, 0, 100))
    if found is None:
        raise Refused("cell_whole", field=field, value=text, low=0, high=100)
    return found
