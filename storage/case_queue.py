"""The queue: the cases that a filter lets through, the one with the least time left first; and their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from intents.desk.case_records import Case, CaseKind, CaseState, case_id
from storage.case_rows import TOLD, cases_of, searchable
from storage.tables import case

PAGE = 50
NOBODYS = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases to show: empty fields let everything through; `owner` - means those that nobody owns.

    `late_at` shows only what was due before that moment; `closed` shows closed ones instead of open ones.
    """

    desk: str = ""
    owner: str = ""
    state: CaseState | None = None
    kind: CaseKind | None = None
    prefecture: str = ""
    text: str = ""
    late_at: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some cases of the queue, and how many there are in all."""

    cases: tuple[Case, ...]
    total: int


def queue(connection: Connection, which: Filter, skip: int = 0, limit: int = PAGE) -> QueuePage:
    """A page of the queue: open cases by their due date, closed ones with the newest first."""
    wanted = _wanted(which)
    order = (case.c.closed_at.desc(), case.c.id.desc()) if which.closed else (case.c.due_at, case.c.id)
    if which.text:
        # Looking into every text is what costs: it is done once for the page and its number, and on ids only.
        both = select(case.c.id, func.count().over().label("total")).where(wanted).order_by(*order)
        found = connection.execute(both.offset(skip).limit(limit)).all()
        if found or not skip:
            return QueuePage(_in_order(connection, [row.id for row in found]), found[0].total if found else 0)
    rows = connection.execute(select(*TOLD).where(wanted).order_by(*order).offset(skip).limit(limit)).all()
    if len(rows) < limit and (rows or not skip):
        # The last page, so that counting would tell nothing new.
        return QueuePage(cases_of(rows), skip + len(rows))
    total = connection.scalar(select(func.count()).select_from(case).where(wanted)) or 0
    return QueuePage(cases_of(rows), total)


def _in_order(connection: Connection, ids: list[int]) -> tuple[Case, ...]:
    rows = connection.execute(select(*TOLD).where(case.c.id.in_(ids)))
    return tuple(sorted(cases_of(rows), key=lambda one: ids.index(one.id)))


def newest(connection: Connection, limit: int) -> tuple[Case, ...]:
    """The newest cases, whatever their state, newest first."""
    rows = connection.execute(select(*TOLD).order_by(case.c.id.desc()).limit(limit))
    return cases_of(rows)


def counts(connection: Connection, owner: str, now: datetime) -> Mapping[str, int]:
    """How many open cases there are: `open`, `mine`, `unowned`, `late`."""
    own, nobodys = case.c.owner == owner, case.c.owner == ""
    late = case.c.due_at < now
    sums = {
        name: func.count().filter(which)
        for name, which in (("mine", own), ("unowned", nobodys), ("late", late))
    }
    row = connection.execute(
        select(func.count().label("open"), *(one.label(name) for name, one in sums.items())).where(
            case.c.open
        )
    ).one()
    return {name: int(value) for name, value in row._mapping.items()}


def _wanted(which: Filter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [case.c.open.is_(not which.closed)]
    if which.desk:
        parts.append(case.c.desk == which.desk)
    if which.owner:
        parts.append(case.c.owner == ("" if which.owner == NOBODYS else which.owner))
    if which.state:
        parts.append(case.c.state == which.state.value)
    if which.kind:
        parts.append(case.c.kind == which.kind.value)
    if which.prefecture:
        parts.append(case.c.prefecture == which.prefecture)
    if which.late_at:
        parts.append(case.c.due_at < which.late_at)
    parts.extend(map(_has, searchable(which.text).split()))
    return and_(*parts)


def _has(word: str) -> ColumnElement[bool]:
    """Whether a case has a word in it, or is the one of that number."""
    inside = case.c.search.contains(word, autoescape=True)
    number = case_id(word) if word.startswith("k-") or word.isdecimal() else 0
    return or_(inside, case.c.id == number) if number else inside
