"""How staff read a case: what it is, how it stands, how much time is left and why; and why something is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from intents.desk.case_records import Case
from intents.desk.moments import moment_text
from intents.desk.practice import Practice
from intents.desk.refused import Refused
from intents.desk.staff_books import Staff
from knowledge.model import Lang
from knowledge.wording import Wording

HOUR = timedelta(hours=1)


def refusal_text(refused: Refused, staff: Staff, wording: Wording, lang: Lang) -> str:
    """The sentence of a refusal, with names, states and moments as people read them."""
    places = {name: _place(name, value, staff, wording, lang) for name, value in refused.places.items()}
    return wording.say(f"cases.{refused.problem}", lang, **places)


def _place(name: str, value: object, staff: Staff, wording: Wording, lang: Lang) -> object:
    match name, value:
        case "owner", str(handle):
            return display(handle, staff)
        case "state", str(state):
            return wording.say(f"cases.state_{state}", lang)
        case "role", str(role):
            return wording.say(f"staff.role_{role}", lang)
        case _, datetime() as moment:
            return moment_text(wording, moment, lang)
        case _:
            return value


def display(handle: str, staff: Staff) -> str:
    """What people call one of staff; the handle of one who is not known."""
    member = staff.by_name(handle) if handle else None
    return member.display if member else handle


def names(staff: Staff) -> Mapping[str, str]:
    """What people call each of staff, by handle."""
    return {one.name: one.display for one in staff.all()}


def slack_text(case: Case, practice: Practice, now: datetime, wording: Wording, lang: Lang) -> str:
    """How much working time is left, until what; empty where nothing is due."""
    due, left = case.due, practice.slack(case, now)
    if due is None or left is None:
        return ""
    why = wording.say(f"cases.date_kind_{due[1].value}", lang)
    when = moment_text(wording, due[0], lang)
    if due[0] < now:
        return wording.say(
            "cases.late", lang, why=why, when=when, time=length(-left, practice, wording, lang)
        )
    return wording.say("cases.left", lang, why=why, when=when, time=length(left, practice, wording, lang))


def length(time: timedelta, practice: Practice, wording: Wording, lang: Lang) -> str:
    """A working time in words: days of the office's own length, hours below that, minutes below an hour."""
    day = practice.hours.day
    if time >= day:
        return wording.say("cases.days", lang, count=round(time / day, 1))
    if time >= HOUR:
        return wording.say("cases.hours", lang, count=round(time / HOUR, 1))
    return wording.say("cases.minutes", lang, count=round(time / timedelta(minutes=1)))
