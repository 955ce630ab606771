"""What the tests of dates share: an almanac on the day of the facts, and projects out of keywords."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from intents.appointments import TOKYO
from intents.desk.deadlines.engine import deadlines, office_deadlines
from intents.desk.deadlines.records import Almanac, Deadline
from intents.desk.office_hours import OfficeHours
from intents.desk.projects.records import Certification, Project, Round, Window, WindowKind
from knowledge.reminders import load_rules

TODAY = date(2026, 11, 23)
CLOSED = frozenset({(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)})
HOURS = OfficeHours(time(9), time(17), CLOSED, date(2027, 12, 31), unverified=False)
# Cut-offs of this year and the next, as an office might have entered them.
ROUNDS = (
    Round(80, date(2026, 9, 30), date(2026, 8, 20)),
    Round(81, date(2026, 12, 9), date(2026, 10, 30)),
    Round(82, date(2027, 2, 17), date(2027, 1, 8)),
    Round(83),
)


def day(text: str) -> date:
    """A day as it is written here."""
    return date.fromisoformat(text)


def days(*texts: str) -> list[date]:
    """Several days as they are written here."""
    return [day(text) for text in texts]


def project(**fields: Any) -> Project:
    """A project with these fields; texts that are days become days."""
    given: dict[str, Any] = {"id": 7, "project_id": "P-7", "title": "案件", "organisation": "会社"}
    return Project(**given | {name: _read(name, value) for name, value in fields.items()})


def _read(name: str, value: object) -> object:
    return (
        day(value) if isinstance(value, str) and name.endswith(("_date", "_on", "start", "_end")) else value
    )


def applied(*texts: str, round_: int | None = None, listed: str = "") -> tuple[Certification, ...]:
    """Applications for certification on these days."""
    return tuple(Certification(day(text), round_, None, day(listed) if listed else None) for text in texts)


def window(kind: WindowKind, year: int, opens: str = "", closes: str = "", closed: str = "") -> Window:
    """A window; `closes` and `closed` are moments in Tokyo."""
    return Window(
        id=3,
        kind=kind,
        name="窓",
        year=year,
        opens_on=day(opens) if opens else None,
        closes_at=_moment(closes),
        closed_at=_moment(closed),
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO) if text else None


def almanac(
    *windows: Window,
    rounds: tuple[Round, ...] = ROUNDS,
    settings: Mapping[str, Mapping[str, str]] | None = None,
    on: tuple[str, ...] = (),
    hours: OfficeHours = HOURS,
) -> Almanac:
    """The product's rules with these entries; `on` are rules that the office has switched on."""
    switches = dict.fromkeys(on, True)
    return Almanac(load_rules(), hours, rounds, windows, settings or {}, switches)


def dates(rule: str, of: Project | None, with_: Almanac | None = None, on: date = TODAY) -> list[Deadline]:
    """The dates of a rule for a project, or for the office."""
    counted = with_ or almanac()
    found = deadlines(of, counted, on) if of else office_deadlines(counted, on)
    return [one for one in found if one.rule.id == rule]


def one(rule: str, of: Project | None, with_: Almanac | None = None, on: date = TODAY) -> Deadline:
    """The only date of a rule."""
    (found,) = dates(rule, of, with_, on)
    return found


def left(one_: Deadline) -> dict[str, date]:
    """The days on which a date's notices leave, by step."""
    return {step.name: step.on for step in one_.steps}
