"""What staff write about a seminar, in options or in a TOML file, read and checked field by field."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from intents.desk.moments import TOKYO
from intents.desk.refused import Refused
from intents.desk.seminar_records import (
    QUESTION_LIMIT,
    NewSeminar,
    Seminar,
    SeminarKind,
    SeminarState,
    Ways,
)
from intents.desk.seminars_staff import Move

TEMPLATE = """\
# A seminar for `jdesk seminar create --file`; times are Tokyo time. Leave out what does not apply.
title = "J-Credit seminar"
starts = "2027-01-20 13:30"
ends = "2027-01-20 15:30"
capacity = 200
kind = "seminar"            # seminar or meeting
ways = "online"             # online, venue or both
link = "https://example.com/join"   # confirmed people only
# venue = ""
# programme = ""
# deadline = "2027-01-18 17:00"     # else sign-up ends at the start
# materials_url = "https://example.com/materials"
# materials_text = ""
# questions = ["What would you like to know?"]   # at most 3, asked at sign-up
# offer_hours = 24          # how long a seat is held for somebody from the waiting list, 6 or more
# state = "open"            # draft, or open for sign-up at once
"""
TITLE_LIMIT, TEXT_LIMIT, CAPACITY_LIMIT, HOURS_LIMIT = 200, 5000, 10_000, 336
Read = Callable[[str, object], object]
_SHAPE: TypeAdapter[NewSeminar] = TypeAdapter(NewSeminar)


def read_seminar(given: Mapping[str, object], now: datetime) -> NewSeminar:
    """The seminar that the fields describe; Refused with the first field that is wrong and how to mend it."""
    for name in given:
        if name not in FIELDS:
            raise Refused("field_unknown", field=name)
    for name in ("title", "starts", "ends", "capacity"):
        if given.get(name) in (None, ""):
            raise Refused("field_missing", field=name)
    read = {name: FIELDS[name](name, value) for name, value in given.items()}
    names = {"starts": "starts_at", "ends": "ends_at"}
    new = _SHAPE.validate_python({names.get(name, name): value for name, value in read.items()})
    check_times(new, now)
    _check_places(new)
    return new


def read_move(seminar: Seminar, given: Mapping[str, object], now: datetime) -> Move:
    """The new date or place; without a new end the length stays. Refused like a new seminar's fields."""

    def when(name: str) -> datetime | None:
        return moment(name, given[name]) if name in given else None

    starts, ends = when("starts"), when("ends")
    if starts and not ends:
        ends = starts + (seminar.ends_at - seminar.starts_at)
    venue, link = (str(given[name]).strip() if name in given else None for name in ("venue", "link"))
    move = Move(
        starts_at=starts,
        ends_at=ends,
        venue=venue,
        link=link and web("link", link),
        deadline=when("deadline"),
    )
    starts, ends = starts or seminar.starts_at, ends or seminar.ends_at
    check_times(replace(seminar, starts_at=starts, ends_at=ends, deadline=move.deadline), now)
    return move


def fields_at(file: Path) -> dict[str, object]:
    """The fields of a TOML file; Refused when it is none."""
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise Refused("file_broken", file=file, why=fault) from fault


def moment(name: str, value: object) -> datetime:
    """A date and time in Tokyo, as text or as TOML writes it."""
    text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value).strip()
    for shape in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=TOKYO)
        except ValueError:
            continue
    raise Refused("field_moment", field=name, value=value)


def check_times(new: NewSeminar, now: datetime) -> None:
    """The end comes after the start, the deadline not after it, and both lie ahead."""
    if new.starts_at <= now:
        raise Refused("field_future", field="starts")
    if new.ends_at <= new.starts_at:
        raise Refused("field_order", field="ends", other="starts")
    if new.deadline and new.deadline > new.starts_at:
        raise Refused("field_order_before", field="deadline", other="starts")
    if new.deadline and new.deadline <= now:
        raise Refused("field_future", field="deadline")


def _check_places(new: NewSeminar) -> None:
    if new.ways is not Ways.ONLINE and not new.venue:
        raise Refused("field_missing", field="venue")


def _text(limit: int) -> Read:
    def read(name: str, value: object) -> str:
        if not isinstance(value, str):
            raise Refused("field_text", field=name)
        if len(value.strip()) > limit:
            raise Refused("field_long", field=name, limit=limit)
        return value.strip()

    return read


def web(name: str, value: object) -> str:
    """An address to be opened in a browser, or nothing."""
    text = str(value).strip()
    if text and (not text.startswith("https://") or any(letter.isspace() for letter in text)):
        raise Refused("field_web", field=name, value=value)
    return text


def _whole(low: int, high: int) -> Read:
    def read(name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Refused("field_number", field=name, value=value, low=low, high=high)
        return value

    return read


def _one_of(shape: type[SeminarKind] | type[Ways] | type[SeminarState], *allowed: str) -> Read:
    def read(name: str, value: object) -> SeminarKind | Ways | SeminarState:
        if str(value) not in allowed:
            raise Refused("field_one_of", field=name, value=value, options=", ".join(allowed))
        return shape(str(value))

    return read


def _questions(name: str, value: object) -> tuple[str, ...]:
    asked = [one.strip() for one in value if isinstance(one, str)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(asked) != len(value) or len(asked) > QUESTION_LIMIT or "" in asked:
        raise Refused("field_questions", field=name, limit=QUESTION_LIMIT)
    return tuple(asked)


FIELDS: Mapping[str, Read] = {
    "title": _text(TITLE_LIMIT),
    "starts": moment,
    "ends": moment,
    "capacity": _whole(1, CAPACITY_LIMIT),
    "kind": _one_of(SeminarKind, *SeminarKind),
    "ways": _one_of(Ways, *Ways),
    "venue": _text(TEXT_LIMIT),
    "link": web,
    "programme": _text(TEXT_LIMIT),
    "deadline": moment,
    "materials_url": web,
    "materials_text": _text(TEXT_LIMIT),
    "questions": _questions,
    "offer_hours": _whole(6, HOURS_LIMIT),
    "state": _one_of(SeminarState, SeminarState.DRAFT, SeminarState.OPEN),
}
