"""The days that a text names, where they stand in it: dates in every usual spelling, weeks, weekdays, tomorrow."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from intents.readers.misread import Misread

# A day without a year that has passed is next year's only where that is nearer than this; else it is a slip.
HALF_YEAR = timedelta(days=183)
_WEEKDAYS = "月火水木金土日"
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b"
# After "next week's" a lone letter is a weekday only if no word goes on from it.
_LETTER = rf"([{_WEEKDAYS}])(?:曜日?|(?![一-龠々ァ-ヶ]))"
_YEARS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_THIS_YEAR = {"今年": 0, "本年": 0, "来年": 1, "this year": 0, "next year": 1}
_WEEKS = {"今週": 0, "this": 0, "来週": 1, "翌週": 1, "次の週": 1, "next": 1, "再来週": 2, "さ来週": 2}
_MONTHS_ON = {"今月": 0, "来月": 1, "翌月": 1, "再来月": 2}
_DAYS_ON = {
    "明々後日": 3, "明明後日": 3, "しあさって": 3, "明後日": 2, "あさって": 2, "the day after tomorrow": 2,
    "day after tomorrow": 2, "明日": 1, "あした": 1, "あす": 1, "tomorrow": 1, "今日": 0, "本日": 0, "きょう": 0, "today": 0,
    "一昨日": -2, "おととい": -2, "昨日": -1, "きのう": -1, "yesterday": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A day and where the words that name it begin and end."""

    day: date
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Here:
    """What a day is relative to: today, and the day named before in the same text."""

    today: date
    before: date | None


_Maker = Callable[[re.Match[str], _Here], date]


def days_named(text: str, today: date) -> tuple[Named, ...]:
    """Every day in a tidied lower-case text with Arabic digits; raises Misread for one that does not exist.

    A weekday or a day of the month alone counts from the day named before it.
    """
    found: list[Named] = []
    place = 0
    while first := _first(text, place):
        match, make = first
        before = found[-1].day if found else None
        day = make(match, _Here(today, before))
        end = _after_weekday(text, match.end(), day)
        if found and _announces(text, found[-1], match):
            _check_weekday(found[-1].day.weekday(), day)
            found[-1] = Named(day, found[-1].begin, end)
        else:
            found.append(Named(day, match.start(), end))
        place = end
    return tuple(found)


def numeric(day: date) -> str:
    """A day as both languages read it."""
    return f"{day.year}/{day.month}/{day.day}"


def _first(text: str, place: int) -> tuple[re.Match[str], _Maker] | None:
    matches = ((pattern.search(text, place), make) for pattern, make in _PATTERNS)
    found = [(match, make) for match, make in matches if match]
    return min(found, key=lambda pair: pair[0].start(), default=None)


def _after_weekday(text: str, end: int, day: date) -> int:
    """Where the weekday ends that stands in brackets or close behind a day; refuses another one than the day's."""
    found = _BEHIND.match(text, end)
    if not found:
        return end
    _check_weekday(_weekday(next(filter(None, found.groups()))), day)
    return found.end()


def _announces(text: str, last: Named, match: re.Match[str]) -> bool:
    """Whether an English weekday stands right before the date that it belongs to: "Tuesday, Dec 8"."""
    words = text[last.begin : last.end]
    close = re.fullmatch(r"\s*,?\s*(?:the\s+)?", text[last.end : match.start()])
    return bool(close and re.fullmatch(_DAY, words) and re.search(r"\d", match[0]))


def _check_weekday(weekday: int, day: date) -> None:
    if weekday != day.weekday():
        raise Misread("day_weekday", day=numeric(day))


def _weekday(word: str) -> int:
    return _WEEKDAYS.index(word[0]) if word[0] in _WEEKDAYS else _ENGLISH_DAYS.index(word[:3])


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Misread("day_not_real", day=f"{year}/{month}/{day}") from None


def _year_less(month: int, day: int, here: _Here) -> date:
    """The next such day; in a leap year to come where the other has none."""
    now = here.today
    years = [year for year in (now.year, now.year + 1) if _exists(year, month, day)]
    if not years:
        raise Misread("day_not_real", day=f"{month}/{day}")
    days = [date(year, month, day) for year in years]
    coming = next((each for each in days if each >= now), days[0])
    passed = days[0] < now
    return days[0] if passed and coming - now > HALF_YEAR else coming


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _western(found: re.Match[str], _here: _Here) -> date:
    return _real(int(found[1]), int(found[2]), int(found[3]))


def _era(found: re.Match[str], _here: _Here) -> date:
    year = _YEARS[found[1]] + (1 if found[2] == "元" else int(found[2]))
    return _real(year, int(found[3]), int(found[4]))


def _month_day(found: re.Match[str], here: _Here) -> date:
    if found[1]:
        return _real(here.today.year + _THIS_YEAR[found[1]], int(found[2]), int(found[3]))
    return _year_less(int(found[2]), int(found[3]), here)


def _english(month: str, day: str, year: str | None, here: _Here) -> date:
    number = _MONTHS.index(month[:3]) + 1
    return _real(int(year), number, int(day)) if year else _year_less(number, int(day), here)


def _of_month(found: re.Match[str], here: _Here) -> date:
    months = here.today.month - 1 + _MONTHS_ON[found[1]]
    return _real(here.today.year + months // 12, months % 12 + 1, int(found[2]))


def _of_week(week: str, weekday: str, here: _Here) -> date:
    # A week is Monday to Sunday: next week's Tuesday lies in the week that begins with the next Monday.
    monday = here.today - timedelta(days=here.today.weekday())
    return monday + timedelta(days=7 * _WEEKS[week] + _weekday(weekday))


def _coming_weekday(word: str, here: _Here) -> date:
    if here.before:
        return here.before + timedelta(days=_weekday(word) - here.before.weekday())
    return here.today + timedelta(days=(_weekday(word) - here.today.weekday() - 1) % 7 + 1)


def _bare_day(found: re.Match[str], here: _Here) -> date:
    """The next such day of a month that has it."""
    first, number = here.before or here.today, int(found[1])
    for ahead in range(62):
        if (first + timedelta(days=ahead)).day == number:
            return first + timedelta(days=ahead)
    raise Misread("day_not_real", day=found[0])


def _later(found: re.Match[str], here: _Here) -> date:
    number, unit = int(found[1]), found[2]
    return here.today + timedelta(days=number * (7 if unit in ("週間", "week", "weeks") else 1))


def _patterns() -> Iterator[tuple[str, _Maker]]:
    number = r"(\d{1,2})(?!\d)"
    yield rf"(?<!\d)(\d{{4}})\s*[-/.年]\s*{number}\s*[-/.月]\s*{number}\s*日?", _western
    yield r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)", _western
    eras = (
        rf"(令和|平成|昭和|(?<![a-z])[rhs])\s*(元|\d{{1,2}})\s*[-/.年]\s*{number}\s*[-/.月]\s*{number}\s*日?"
    )
    yield eras, _era
    year = r"(?:,?\s+(20\d\d)(?!\d))?"
    yield (
        rf"\b{_MONTH}\s*(?:the\s+)?{number}(?:st|nd|rd|th)?{year}",
        lambda m, h: _english(m[1], m[2], m[3], h),
    )
    yield (
        rf"(?<!\d){number}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}{year}",
        lambda m, h: _english(m[2], m[1], m[3], h),
    )
    yield rf"(?:({'|'.join(_THIS_YEAR)})の?\s*)?(?<!\d)(\d{{1,2}})\s*[/月]\s*{number}\s*日?", _month_day
    # Elsewhere "10-12" is a span of hours.
    yield r"^()(\d{1,2})[-.](\d{1,2})$", _month_day
    yield rf"({'|'.join(_MONTHS_ON)})の?\s*{number}\s*日", _of_month
    weeks = "|".join(sorted((week for week in _WEEKS if not week.isascii()), key=len, reverse=True))
    yield rf"({weeks})の?\s*{_LETTER}", lambda m, h: _of_week(m[1], m[2], h)
    yield rf"\b(next|this)\s+(?:week(?:'?s)?\s+)?(?:on\s+)?{_DAY}", lambda m, h: _of_week(m[1], m[2], h)
    yield rf"\b{_DAY},?\s+(?:of\s+)?(next|this)\s+week", lambda m, h: _of_week(m[2], m[1], h)
    yield r"(?<!\d)(\d{1,3})\s*(日|週間)後", _later
    yield r"\bin\s+(\d{1,3})\s+(days?|weeks?)\b", _later
    words = "|".join(sorted(_DAYS_ON, key=len, reverse=True))
    yield rf"({words})", lambda m, h: h.today + timedelta(days=_DAYS_ON[m[1]])
    yield rf"(?:次の|今度の)?([{_WEEKDAYS}])曜日?", lambda m, h: _coming_weekday(m[1], h)
    yield rf"\b{_DAY}", lambda m, h: _coming_weekday(m[1], h)
    yield r"(?<![\d年月/.])(\d{1,2})日(?![間目後前])", _bare_day
    yield r"\bthe\s+(\d{1,2})(?:st|nd|rd|th)\b", _bare_day


_PATTERNS = tuple((re.compile(pattern), make) for pattern, make in _patterns())
_BEHIND = re.compile(rf"\s*\(\s*(?:([{_WEEKDAYS}])(?:曜日?)?|{_DAY})\s*\)|\s*([{_WEEKDAYS}])曜日?")
