"""Times of day as people type them, on the clock of Asia/Tokyo: one time, a span, or a part of the day."""

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from intents.readers.misread import Misread
from intents.readers.plain import bare, filled, numerals

# "2 o'clock" at an office is the afternoon; a leading zero or a word for the morning says otherwise.
FIRST_MORNING_HOUR = 7
_AM, _PM = ("午前", "朝", "am"), ("午後", "昼", "夕方", "夜", "pm")
_HALF = r"(?:(午前|午後|朝の?|昼の?|夕方の?|夜の?|am|pm)\s*)?"
_MINUTES = r"(?:\s*(時)\s*(?:(\d{1,2})\s*分|(半))?|:(\d{2})(?::\d{2})?(?!\d))"
_ENGLISH = r"(?:\s*([ap])\.?\s?m\b\.?|\s*o'?\s?clock)"
_CLOCK = re.compile(rf"{_HALF}(?<![\d/.:-])(\d{{1,2}})(?:{_MINUTES}{_ENGLISH}?|{_ENGLISH})")
# In a span one end may go without its unit: "10-12時", "2-4pm".
_END = rf"{_HALF}(\d{{1,2}})(?:{_MINUTES})?(?:\s*([ap])\.?\s?m\b\.?)?"
_SPAN = re.compile(rf"(?<![\d/.:-]){_END}\s*(?:~|-|から|より|\bto\b|\buntil\b)\s*{_END}(?![\d/月])")
_NOON = re.compile(r"正午|お昼の?12時|\bnoon\b|\bmidday\b")
_FROM_BEHIND = re.compile(r"\s*(?:以降|以後|から|より後|過ぎ|~|onwards?|or later)")
_TO_BEHIND = re.compile(r"\s*(?:まで|以前|より前|or earlier)")
_FROM_BEFORE = re.compile(r"(?:after|from|since)\s*$")
_TO_BEFORE = re.compile(r"(?:until|till|by|before)\s*$")


class Part(StrEnum):
    """A part of the day where no time is named."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_PARTS = (
    (Part.MORNING, re.compile(r"午前|朝|\bmornings?\b|\ba\.?m\b")),
    (Part.AFTERNOON, re.compile(r"午後|昼過ぎ|昼すぎ|\bafternoons?\b|\bp\.?m\b")),
    (Part.EVENING, re.compile(r"夕方|夜|\bevenings?\b")),
)


@dataclass(frozen=True, slots=True)
class Hours:
    """When on a day: a part of it, or from one time to another, either of them open where it is None."""

    part: Part = Part.ANY
    begins: time | None = None
    ends: time | None = None


def time_of_day(text: str) -> time:
    """One time; an hour from 1 to 6 without a zero or a half of the day is in the afternoon."""
    typed = numerals(bare(filled(text))).lower()
    if _NOON.fullmatch(typed):
        return time(12)
    found = _CLOCK.fullmatch(typed)
    if not found:
        raise Misread("time_unclear")
    return _of(found)


def hours_named(text: str) -> Hours:
    """What a tidied lower-case text with Arabic digits says about the time; all day where it says nothing."""
    plain = _NOON.sub("12:00", text)
    if span := _span(plain):
        return span
    found = _CLOCK.search(plain)
    if not found:
        return Hours(_part(plain))
    moment = _of(found)
    if _TO_BEHIND.match(plain, found.end()) or _TO_BEFORE.search(plain[: found.start()]):
        return Hours(ends=moment)
    return Hours(begins=moment)


def _span(text: str) -> Hours | None:
    for found in _SPAN.finditer(text):
        first, second = found.groups()[:7], found.groups()[7:]
        # Two bare numbers are no times.
        if any((*first[:1], *first[2:], *second[:1], *second[2:])):
            return _ordered(*_halves(first, second), first, second)
    return None


_End = tuple[str | None, ...]


def _halves(first: _End, second: _End) -> tuple[str, str]:
    """The half of the day of each end, empty where nothing says it; the first one's holds for the second."""
    one, two = _half(first[0], first[6]), _half(second[0], second[6])
    if two == "pm" and not one:
        early, late = _hour(first), _hour(second)
        one = "pm" if early < 12 and early % 12 <= late % 12 else ""
    return one, two or ("pm" if one == "pm" and _hour(second) < 12 else "")


def _ordered(one: str, two: str, first: _End, second: _End) -> Hours:
    begins = _time(first[1] or "", _minute(first), one)
    ends = _time(second[1] or "", _minute(second), two)
    if ends <= begins and not two and ends.hour < 12:
        ends = ends.replace(hour=ends.hour + 12)
    if ends <= begins:
        raise Misread("time_order", begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")
    return Hours(begins=begins, ends=ends)


def _of(found: re.Match[str]) -> time:
    half, hour, unit, minutes, middle, colon, letter, lone = found.groups()
    return _time(hour, _minute((half, hour, unit, minutes, middle, colon)), _half(half, letter or lone))


def _half(word: str | None, letter: str | None) -> str:
    name = (word or "").removesuffix("の")
    if letter == "a" or name in _AM:
        return "am"
    return "pm" if letter == "p" or name in _PM else ""


def _hour(end: _End) -> int:
    return int(end[1] or 0)


def _minute(end: _End) -> int:
    return 30 if end[4] else int(end[3] or end[5] or 0)


def _time(digits: str, minute: int, half: str) -> time:
    hour = int(digits)
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif not half and 0 < hour < FIRST_MORNING_HOUR and not digits.startswith("0"):
        hour += 12
    if hour > 23 or minute > 59:
        raise Misread("time_not_real", time=f"{digits}:{minute:02}")
    return time(hour, minute)


def _part(text: str) -> Part:
    parts = [part for part, pattern in _PARTS if pattern.search(text)]
    return parts[0] if len(parts) == 1 else Part.ANY
