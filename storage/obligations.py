"""What has to be done by when, within one transaction; fulfils `intents.desk.nudges.books.Obligations`."""

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.projects.records import Role
from knowledge.reminder_model import RuleKind
from storage.database import Database
from storage.tables import duty, obligation, project

# As many names as fit into one statement on every engine.
AT_ONCE = 500
# Written out, so that SQLite sees that the indexes of what is open will do.
_OPEN = obligation.c.state == literal(ObligationState.OPEN.value, literal_execute=True)
# What people are told twice about: dates of the scheme and of the office.
_FIRM = obligation.c.kind.in_((RuleKind.HARD, RuleKind.OFFICE))


class StoredObligations:
    """The obligations."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    # ------------------------------------------------ planning

    def unplanned(self, planned_by: str, day: date, limit: int) -> tuple[int, ...]:
        """Projects whose obligations are not those of their data, of this almanac, or of this day."""
        stale = or_(
            project.c.planned_version != project.c.version,
            project.c.planned_by != planned_by,
            project.c.replan_on <= day,
        )
        query = select(project.c.id).where(stale).order_by(project.c.id).limit(limit)
        return tuple(self._connection.scalars(query))

    def planned(self, projects: Collection[tuple[int, int, date]], planned_by: str) -> None:
        """Keeps that these projects (row and version) were planned by this almanac, and until when that will do."""
        mine = update(project).where(project.c.id == bindparam("row"))
        rows = [
            {"row": id_, "planned_version": version, "planned_by": planned_by, "replan_on": again_on}
            for id_, version, again_on in projects
        ]
        if rows:
            self._connection.execute(mine, rows)

    def of_projects(self, projects: Collection[int], *, hold: bool = False) -> tuple[Obligation, ...]:
        """All obligations of these projects, in the order in which they were planned; held where that is asked for."""
        return tuple(
            one
            for some in _parts(projects)
            for one in self._found(obligation.c.project_id.in_(some), hold=hold)
        )

    def add(self, new: Sequence[Obligation]) -> None:
        """Writes new ones down; one that is there already stays as it is."""
        rows = [_values(one) | {"created_at": self._now} for one in new]
        self._database.add_new(self._connection, obligation, rows)

    def save(self, changed: Sequence[Obligation]) -> None:
        """Writes obligations down as they are now."""
        if changed:
            mine = update(obligation).where(obligation.c.id == bindparam("row"))
            self._connection.execute(mine, [{"row": one.id} | _values(one) for one in changed])

    # ------------------------------------------------ looking

    def find(self, id_: int) -> Obligation | None:
        """One obligation."""
        return next(iter(self._found(obligation.c.id == id_)), None)

    def lock(self, ids: Collection[int]) -> tuple[Obligation, ...]:
        """These obligations, held until the transaction ends; always taken in the same order."""
        held = select(obligation).where(obligation.c.id.in_(list(ids))).order_by(obligation.c.id)
        return tuple(map(_obligation, self._connection.execute(self._database.for_update(held))))

    def waking(self, day: date, limit: int) -> tuple[int, ...]:
        """Contacts who look after a project with an open obligation to look at on that day or before."""
        query = _looked_after(Role.OWNER, _wakes(day)).order_by(duty.c.contact_id)
        return tuple(self._connection.scalars(query.limit(limit)))

    def inherited(self, limit: int) -> tuple[int, ...]:
        """Projects with open ones that were told to, or answered by, somebody else than who looks after them now."""
        theirs = and_(duty.c.project_id == obligation.c.project_id, _holds(Role.OWNER))
        heard = func.coalesce(obligation.c.told_at, obligation.c.answered_at)
        query = select(obligation.c.project_id).distinct().where(theirs, _OPEN, heard < duty.c.since)
        found = query.where(obligation.c.project_id.is_not(None)).order_by(obligation.c.project_id)
        return tuple(id_ for id_ in self._connection.scalars(found.limit(limit)) if id_)

    def bring_up(self, rules: Collection[str], key_ends: str, why: str, day: date) -> int:
        """Wakes the open ones of projects with a draft (not registered, or on the way to a round); gives their number."""
        draft = or_(project.c.registration_date.is_(None), project.c.target_round.is_not(None))
        whose = obligation.c.project_id.in_(select(project.c.id).where(draft))
        about = obligation.c.key.endswith(key_ends, autoescape=True)
        mine = and_(_OPEN, obligation.c.rule.in_(list(rules)), about, whose)
        return self._connection.execute(update(obligation).where(mine).values(why=why, next_on=day)).rowcount

    def pressing(self, day: date, due_by: date) -> tuple[int, ...]:
        """Those among them with a date of the scheme that is due by another day."""
        soon = and_(obligation.c.kind == RuleKind.HARD, obligation.c.due_on <= due_by)
        return tuple(self._connection.scalars(_looked_after(Role.OWNER, and_(_wakes(day), soon))))

    def awake(self, contact: int, day: date) -> tuple[Obligation, ...]:
        """The open obligations of what somebody looks after that are to be looked at by then."""
        mine = select(duty.c.project_id).where(duty.c.contact_id == contact, _holds(Role.OWNER))
        return self._found(and_(_wakes(day), obligation.c.project_id.in_(mine)))

    def orphaned(self, day: date, limit: int) -> tuple[int, ...]:
        """Projects with an obligation to look at by then whom nobody looks after."""
        anybody = exists().where(duty.c.project_id == project.c.id, _holds(Role.OWNER))
        return tuple(self._connection.scalars(_concerned(_wakes(day)).where(~anybody).limit(limit)))

    # ------------------------------------------------ going up

    def unheard(self, told_before: datetime, limit: int) -> tuple[int, ...]:
        """Second contacts of projects whose owners were told before that moment of what is due, and say nothing."""
        query = _looked_after(Role.SECOND, _unheard(told_before)).order_by(duty.c.contact_id)
        return tuple(self._connection.scalars(query.limit(limit)))

    def unheard_of(self, contact: int, told_before: datetime) -> tuple[Obligation, ...]:
        """Those obligations for which somebody is the second contact."""
        mine = select(duty.c.project_id).where(duty.c.contact_id == contact, _holds(Role.SECOND))
        return self._found(and_(_unheard(told_before), obligation.c.project_id.in_(mine)))

    def to_pass_on(self, told_before: datetime, asked_before: datetime, limit: int) -> tuple[int, ...]:
        """Projects with obligations to pass to staff: a second contact was asked before, or there is none to ask."""
        which = _to_pass_on(told_before, asked_before)
        return tuple(self._connection.scalars(_concerned(which).limit(limit)))

    def passing_on(self, id_: int, told_before: datetime, asked_before: datetime) -> tuple[Obligation, ...]:
        """Those obligations of one project."""
        return self._found(and_(obligation.c.project_id == id_, _to_pass_on(told_before, asked_before)))

    def _found(self, where: ColumnElement[bool], *, hold: bool = False) -> tuple[Obligation, ...]:
        query = select(obligation).where(where).order_by(obligation.c.id)
        found = self._database.for_update(query) if hold else query
        return tuple(map(_obligation, self._connection.execute(found)))


def _looked_after(role: Role, which: ColumnElement[bool]) -> Select[Any]:
    """Who has that role for projects with such obligations; these are few, and found first."""
    theirs = duty.c.project_id.in_(select(obligation.c.project_id).where(which))
    return select(duty.c.contact_id).distinct().where(theirs, _holds(role))


def _concerned(which: ColumnElement[bool]) -> Select[Any]:
    """The projects with such obligations, in their order."""
    theirs = project.c.id.in_(select(obligation.c.project_id).where(which))
    return select(project.c.id).where(theirs).order_by(project.c.id)


def _holds(role: Role) -> ColumnElement[bool]:
    return and_(duty.c.role == role, duty.c.until.is_(None))


def _wakes(day: date) -> ColumnElement[bool]:
    return and_(_OPEN, obligation.c.next_on <= day)


def _silent() -> ColumnElement[bool]:
    return and_(_OPEN, _FIRM, obligation.c.told_at.is_not(None), obligation.c.asked_staff_at.is_(None))


def _unheard(told_before: datetime) -> ColumnElement[bool]:
    return and_(_silent(), obligation.c.told_at < told_before, obligation.c.asked_second_at.is_(None))


def _to_pass_on(told_before: datetime, asked_before: datetime) -> ColumnElement[bool]:
    second = exists().where(duty.c.project_id == obligation.c.project_id, _holds(Role.SECOND))
    nobody = and_(obligation.c.told_at < told_before, obligation.c.asked_second_at.is_(None), ~second)
    return and_(_silent(), or_(obligation.c.asked_second_at < asked_before, nobody))


def _parts(things: Collection[Any]) -> Iterator[list[Any]]:
    whole = list(things)
    return (whole[at : at + AT_ONCE] for at in range(0, len(whole), AT_ONCE))


_FIELDS = tuple(field.name for field in dataclasses.fields(Obligation) if field.name not in ("id", "project"))


def _values(one: Obligation) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _FIELDS} | {"project_id": one.project or None}


def _obligation(row: Row[Any]) -> Obligation:
    values = row._asdict()
    of = values.pop("project_id") or 0
    shaped = {"kind": RuleKind(row.kind), "state": ObligationState(row.state)}
    return Obligation(project=of, **(values | shaped))
