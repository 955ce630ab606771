"""Days and wishes for an appointment; calendar days and times are those of Asia/Tokyo."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from intents.readers.calendar_words import Named, days_named, numeric
from intents.readers.clock_words import Hours, Part, hours_named
from intents.readers.clock_words import time_of_day as time_of_day
from intents.readers.misread import Misread
from intents.readers.plain import bare, filled, numerals
from knowledge.model import Lang
from knowledge.wording import Wording

WISHES = 3
HORIZON = timedelta(days=365)
_EXCEPT = re.compile(
    r"以外|無理|不可|だめ|ダメ|駄目|できな|できません|除く|除いて|避け|\bnot\b|\bexcept\b|can't|cannot|\bng\b"
)
_ENUMERATED = re.compile("[①-⑳]")
_EITHER = re.compile(r"\s*(?:か|もしくは|\bor\b)\s*")
_YEAR = re.compile(r"\d{4}|令和|平成|昭和|(?<![a-z])[rhs]\d|今年|本年|来年|\b(?:this|next) year\b")
_MONTH_AND_DAY = re.compile(r"\d\s*[/月.-]\s*\d|[a-z]{3,}\.?\s+\d|\d(?:st|nd|rd|th)?\s+(?:of\s+)?[a-z]{3,}")
_MONTH_ALONE = re.compile(r"(?:\d{4}|(?:令和|平成|昭和|[rhs])\s*(?:元|\d{1,2}))\s*[年/.-]\s*\d{1,2}月?")
_SPAN = re.compile(r"\s*(?:~|-|から|より|\bto\b|\bthrough\b|\buntil\b)\s*")


@dataclass(frozen=True, slots=True)
class Wish:
    """A day somebody could come: all day, a part of it, or between two times, either of them open where it is None."""

    day: date
    part: Part = Part.ANY
    begins: time | None = None
    ends: time | None = None


def day(text: str, today: date) -> date:
    """One day from today to a year ahead."""
    named = days_named(numerals(bare(filled(text))).lower(), today)
    if not named:
        raise Misread("day_unclear")
    if len({each.day for each in named}) > 1:
        raise Misread("day_two")
    return _in_time(named[0].day, today)


def past_day(text: str, today: date) -> date:
    """The day on which something was done; without a year the last such day, a month alone its first day.

    The first of a month is the safe side of a deadline. A day to come is read only where its year was typed.
    """
    typed = numerals(bare(filled(text))).lower()
    if months := _MONTH_ALONE.fullmatch(typed):
        typed = f"{months[0].rstrip('/-.')}{'/' if months[0][-1].isdigit() else ''}1"
    named = {each.day for each in days_named(typed, today)}
    if len(named) > 1:
        raise Misread("day_two")
    found = next(iter(named), None)
    if found and found > today and not _YEAR.search(typed):
        found = _year_before(found) if _MONTH_AND_DAY.search(typed) else None
    if found is None:
        raise Misread("day_done_unclear")
    return found if found <= today else _in_time(found, today)


def wishes(text: str, today: date) -> tuple[Wish, ...]:
    """One to three wishes in the order they were typed; what says nothing about day or time is passed over."""
    typed = numerals(filled(_ENUMERATED.sub(" ", text))).lower()
    named = days_named(typed, today)
    if not named:
        raise Misread("wish_no_day")
    if _EXCEPT.search(typed):
        raise Misread("wish_except")
    if any(_SPAN.fullmatch(typed, one.end, two.begin) for one, two in pairwise(named)):
        raise Misread("wish_span")
    ends = [*(each.begin for each in named[1:]), len(typed)]
    rests = [typed[each.end : end] for each, end in zip(named, ends, strict=True)]
    found = tuple(dict.fromkeys(_wishes(named, rests, today)))
    if len(found) > WISHES:
        raise Misread("wish_many", limit=WISHES)
    return found


def written(wish: Wish) -> str:
    """The wish as a text that means the same on every later day: 2026-12-05 13:00~15:00."""
    if wish.begins or wish.ends:
        begins, ends = (f"{moment:%H:%M}" if moment else "" for moment in (wish.begins, wish.ends))
        hours = f"{begins}~{ends}" if wish.begins and wish.ends else begins or f"until {ends}"
        return f"{wish.day.isoformat()} {hours}"
    return f"{wish.day.isoformat()} {wish.part.value}" if wish.part is not Part.ANY else wish.day.isoformat()


def wish_text(wish: Wish, lang: Lang, wording: Wording) -> str:
    """The wish as it is shown to people."""
    named = day_text(wish.day, lang, wording)
    hours = _hours_text(wish, lang, wording)
    return wording.say("readers.wish", lang, day=named, hours=hours) if hours else named


def day_text(shown: date, lang: Lang, wording: Wording) -> str:
    """A day with its year and weekday as it is shown to people."""
    month = wording.say("readers.months", lang).split()[shown.month - 1]
    weekday = wording.say("readers.weekdays", lang).split()[shown.weekday()]
    return wording.say("readers.day", lang, year=shown.year, month=month, day=shown.day, weekday=weekday)


def _hours_text(wish: Wish, lang: Lang, wording: Wording) -> str:
    begins, ends = (
        f"{moment.hour}:{moment.minute:02}" if moment else "" for moment in (wish.begins, wish.ends)
    )
    if begins and ends:
        return wording.say("readers.hours_between", lang, begins=begins, ends=ends)
    if begins:
        return wording.say("readers.hours_from", lang, begins=begins)
    if ends:
        return wording.say("readers.hours_until", lang, ends=ends)
    return "" if wish.part is Part.ANY else wording.say(f"readers.part_{wish.part.value}", lang)


def _wishes(named: Sequence[Named], rests: Sequence[str], today: date) -> list[Wish]:
    found: list[Wish] = []
    after = Hours()
    for each, rest in reversed(tuple(zip(named, rests, strict=True))):
        # In "Tuesday or Thursday afternoon" the afternoon belongs to both.
        after = after if _EITHER.fullmatch(rest) else hours_named(rest)
        found.append(Wish(_in_time(each.day, today), after.part, after.begins, after.ends))
    return found[::-1]


def _year_before(day_: date) -> date:
    try:
        return day_.replace(year=day_.year - 1)
    except ValueError:
        return day_.replace(year=day_.year - 1, day=28)


def _in_time(named: date, today: date) -> date:
    if named < today:
        raise Misread("day_past", day=numeric(named))
    if named - today > HORIZON:
        raise Misread("day_far", day=numeric(named))
    return named
