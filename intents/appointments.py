"""An appointment in words: its day and time in Tokyo, and its labelled values for channels without a box for it."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from intents.messages import Appointment, Facts, Line, Link, Strong, Text
from knowledge.links import web_address
from knowledge.model import Lang
from knowledge.wording import Wording

TOKYO = ZoneInfo("Asia/Tokyo")


def when_text(starts_at: datetime, ends_at: datetime, lang: Lang, wording: Wording) -> str:
    """From when to when, with the weekday, in Asia/Tokyo whatever zone the moments are in."""
    first, last = starts_at.astimezone(TOKYO), ends_at.astimezone(TOKYO)
    key = "appointment.one_day" if first.date() == last.date() else "appointment.two_days"
    return wording.say(
        key,
        lang,
        day=weekday_text(first.date(), lang, wording),
        begin=f"{first:%H:%M}",
        last=weekday_text(last.date(), lang, wording),
        end=f"{last:%H:%M}",
    )


def weekday_text(day: date, lang: Lang, wording: Wording) -> str:
    """A calendar day in words, with its weekday."""
    weekday = wording.say("appointment.weekdays", lang).split()[day.weekday()]
    return wording.say("appointment.day", lang, year=day.year, month=day.month, day=day.day, weekday=weekday)


def spelled(appointment: Appointment, lang: Lang, wording: Wording) -> Facts:
    """The appointment as labelled values; a cancelled one says so in its first label."""
    return Facts(
        tuple(
            (wording.say(f"appointment.{label}", lang), line)
            for label, line in _rows(appointment, lang, wording)
        )
    )


def _rows(appointment: Appointment, lang: Lang, wording: Wording) -> Iterator[tuple[str, Line]]:
    yield "cancelled" if appointment.cancelled else "planned", (Strong(appointment.title),)
    yield "when", (Text(when_text(appointment.starts_at, appointment.ends_at, lang, wording)),)
    if appointment.place:
        yield "place", (Text(appointment.place),)
    # Nobody should be led into a meeting that does not take place.
    if (link := web_address(appointment.link)) and not appointment.cancelled:
        yield "link", (Link(wording.say("appointment.join", lang), link),)
    if appointment.note:
        yield "note", (Text(appointment.note),)
