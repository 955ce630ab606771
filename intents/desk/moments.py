"""Moments as people here read them: in Tokyo, with the day of the week."""

from datetime import datetime, timedelta

from intents.appointments import TOKYO as TOKYO
from knowledge.model import Lang
from knowledge.wording import Wording

REMIND_HOUR = 10


def moment_text(wording: Wording, moment: datetime, lang: Lang) -> str:
    """A moment with its day, weekday and minute in Tokyo."""
    here = moment.astimezone(TOKYO)
    weekday = wording.say(f"seminars.weekday_{here.weekday()}", lang)
    parts = {
        "year": here.year,
        "month": here.month,
        "day": here.day,
        "hour": here.hour,
        "minute": here.minute,
    }
    return wording.say("seminars.moment", lang, weekday=weekday, **parts)


def day_before(moment: datetime) -> datetime:
    """Ten o'clock in Tokyo on the day before: when people are reminded of an appointment."""
    local = moment.astimezone(TOKYO) - timedelta(days=1)
    return local.replace(hour=REMIND_HOUR, minute=0, second=0, microsecond=0)


def span_text(wording: Wording, starts: datetime, ends: datetime, lang: Lang) -> str:
    """From a moment to another; of the end only the hour when it is on the same day in Tokyo."""
    here, there = starts.astimezone(TOKYO), ends.astimezone(TOKYO)
    end = f"{there:%H:%M}" if here.date() == there.date() else moment_text(wording, ends, lang)
    return wording.say("seminars.span", lang, start=moment_text(wording, starts, lang), end=end)
