"""Times for consultations: what is published and who booked it, publishing several days at once, withdrawing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time

from starlette.responses import Response

from bot.console.numbers import whole_number
from bot.console.visit import MOST, Visit
from intents.desk import slots as rules
from intents.desk.consultation_books import Meeting, NewSlot
from intents.desk.office_hours import is_working_day
from intents.desk.refused import Refused
from intents.forms import Field, FieldKind, Option
from storage.books import StoredBooks
from storage.console_views import booked_cases
from storage.consultations import StoredConsultations

SUBJECTS = ("console", "slots")
# Of the clock on the wall in Tokyo: an hour of another zone is none of ours.
_HOUR = re.compile(r"([01]?\d|2[0-3]):[0-5]\d", re.ASCII)
MOST_DAYS, SHORTEST, LONGEST = 31, 10, 480
_LINE, _ONE, _NUMBER = FieldKind.LINE, FieldKind.ONE, FieldKind.NUMBER
FIELDS = (
    ("days", FieldKind.TEXT, True),
    ("from", _LINE, True),
    ("to", _LINE, True),
    ("minutes", _NUMBER, True),
    ("way", _ONE, True),
    ("place", _LINE, False),
    ("adviser", _LINE, False),
)
_FRESH = {"from": "10:00", "to": "16:00", "minutes": "60", "way": Meeting.ONLINE.value}


def show(visit: Visit) -> Response:
    """Every slot that has not begun, the earliest first."""
    return _page(visit, {})


def publish(visit: Visit) -> Response:
    """Publishes what is not there yet; days off and overlaps are shown first, and published when sent again."""
    given = visit.sent.plain
    try:
        wanted = _wanted(given)
        with visit.books() as opened:
            warnings = [] if given.get("confirm") else [*_warnings(visit, opened, wanted)]
            if not warnings:
                rules.publish(opened, wanted)
    except Refused as refused:
        return _page(visit, given, problem=visit.refusal(refused, *SUBJECTS), status=409)
    if warnings:
        return _page(visit, given, warnings=warnings)
    return visit.back("/slots", "slots_published")


def withdraw(visit: Visit) -> Response:
    """Takes slots out of what can be booked; one that is booked stays, and then all of them do."""
    typed = [whole_number(text, 1, MOST) for text in visit.sent.several("slot")]
    ids = [one for one in typed if one is not None]
    try:
        if not ids or len(ids) < len(typed):
            raise Refused("none_chosen")
        with visit.books() as opened:
            for id_ in sorted(set(ids)):
                rules.withdraw(opened, id_)
    except Refused as refused:
        return _page(visit, {}, problem=visit.refusal(refused, *SUBJECTS), status=409)
    return visit.back("/slots", "slots_withdrawn")


# ------------------------------------------------ reading the form


def _wanted(given: Mapping[str, str]) -> tuple[NewSlot, ...]:
    """The slots of every day, the earliest first. Refused: day_wrong, hour_wrong, minutes_wrong, place_missing."""
    way = given.get("way", "")
    if way not in list(Meeting):
        raise Refused("way_wrong")
    place = given.get("place", "").strip()
    if not place and way != Meeting.PHONE:
        raise Refused("place_missing")
    hours = _hour(given.get("from", "")), _hour(given.get("to", ""))
    minutes = _minutes(given.get("minutes", ""))
    adviser = given.get("adviser", "").strip()[:60]
    planned = (
        rules.plan(on, hours, minutes, Meeting(way), place[:300], adviser)
        for on in _days(given.get("days", ""))
    )
    return tuple(slot for day in planned for slot in day)


def _days(text: str) -> list[date]:
    typed = [word for word in re.split(r"[\s,\u3001]+", text) if word][: MOST_DAYS + 1]
    if not typed or len(typed) > MOST_DAYS:
        raise Refused("days_wrong", limit=MOST_DAYS)
    return sorted({_day(word) for word in typed})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Refused("day_wrong", value=text) from fault


def _hour(text: str) -> time:
    if not _HOUR.fullmatch(text.strip()):
        raise Refused("hour_wrong", value=text)
    return time.fromisoformat(text.strip().zfill(5))


def _minutes(text: str) -> int:
    wanted = whole_number(text, SHORTEST, LONGEST)
    if wanted is None:
        raise Refused("minutes_wrong", low=SHORTEST, high=LONGEST)
    return wanted


def _warnings(visit: Visit, opened: StoredBooks, wanted: Sequence[NewSlot]) -> Iterator[str]:
    hours = visit.practice.hours
    for on in sorted({slot.starts_at.date() for slot in wanted}):
        if not is_working_day(hours, on):
            yield visit.word("slots.closed_day", day=on)
        elif on > hours.horizon:
            yield visit.word("slots.beyond_horizon", day=on, horizon=hours.horizon)
    for clash in rules.clashes(opened, wanted):
        yield visit.word("slots.clash", id=clash.id, starts=visit.when(clash.starts_at))


# ------------------------------------------------ the page


def _page(
    visit: Visit,
    given: Mapping[str, str],
    *,
    problem: str = "",
    warnings: Sequence[str] = (),
    status: int = 200,
) -> Response:
    with visit.database.look() as connection:
        found = StoredConsultations(connection, visit.database, visit.now).coming()
        cases = booked_cases(connection)
    names = {
        "rows": [(slot, booking, cases.get(booking, "")) for slot, booking in found],
        "fields": _fields(visit, given or _FRESH),
        "warnings": warnings,
        "problem": problem,
        "tried": bool(given),
    }
    return visit.page("slots.html.j2", names, status)


def _fields(visit: Visit, given: Mapping[str, str]) -> tuple[Field, ...]:
    ways = tuple(Option(way.value, visit.say(f"meeting_{way}")) for way in Meeting)
    return tuple(
        Field(
            name,
            visit.say(f"slot_{name}"),
            kind,
            hint=visit.say(f"slot_hint_{name}") if f"console.slot_hint_{name}" in visit.wording.texts else "",
            value=given.get(name, ""),
            options=ways if name == "way" else (),
            required=required,
        )
        for name, kind, required in FIELDS
    )
