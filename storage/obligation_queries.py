"""What is asked of the obligations at every look of the clock, put together once.

Days are `:day` and `:due_by`, moments `:told` and `:asked` (told, or second contacts asked, before that moment),
people and projects `:contact` and `:project`, how many rows at most `:most`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union,
)

from intents.desk.nudges.records import ObligationState
from intents.desk.projects.records import Role
from knowledge.reminder_model import RuleKind
from storage.tables import duty, obligation, project

OBLIGATIONS = select(obligation).order_by(obligation.c.id)
# Written out, so that SQLite sees that the indexes of what is open will do.
OPEN = obligation.c.state == literal(ObligationState.OPEN.value, literal_execute=True)
_MOST: BindParameter[int] = bindparam("most")
# What people are told twice about: dates of the scheme and of the office.
_FIRM = obligation.c.kind.in_((RuleKind.HARD, RuleKind.OFFICE))
_WAKES = and_(OPEN, obligation.c.next_on <= bindparam("day"))
_PRESSING = and_(_WAKES, obligation.c.kind == RuleKind.HARD, obligation.c.due_on <= bindparam("due_by"))
_SILENT = and_(OPEN, _FIRM, obligation.c.told_at.is_not(None), obligation.c.asked_staff_at.is_(None))
_TOLD_BEFORE = and_(obligation.c.told_at < bindparam("told"), obligation.c.asked_second_at.is_(None))
_UNHEARD = and_(_SILENT, _TOLD_BEFORE)


def _holds(role: Role) -> ColumnElement[bool]:
    return and_(duty.c.role == role, duty.c.until.is_(None))


def _looked_after(role: Role, which: ColumnElement[bool]) -> Select[Any]:
    """Who has that role for projects with such obligations; these are few, and found first."""
    theirs = duty.c.project_id.in_(select(obligation.c.project_id).where(which))
    return select(duty.c.contact_id).distinct().where(theirs, _holds(role)).order_by(duty.c.contact_id)


def _concerned(which: ColumnElement[bool]) -> Select[Any]:
    """The projects with such obligations, in their order."""
    theirs = project.c.id.in_(select(obligation.c.project_id).where(which))
    return select(project.c.id).where(theirs).order_by(project.c.id)


def _of(role: Role, which: ColumnElement[bool]) -> Select[Any]:
    mine = select(duty.c.project_id).where(duty.c.contact_id == bindparam("contact"), _holds(role))
    return OBLIGATIONS.where(which, obligation.c.project_id.in_(mine))


def _passed_on() -> ColumnElement[bool]:
    second = exists().where(duty.c.project_id == obligation.c.project_id, _holds(Role.SECOND))
    return and_(_SILENT, or_(obligation.c.asked_second_at < bindparam("asked"), and_(_TOLD_BEFORE, ~second)))


def _heard_before(led_by: Column[datetime]) -> Select[Any]:
    """What is open and was heard of before somebody else took over; found by the index of that column."""
    heard = func.coalesce(obligation.c.told_at, obligation.c.answered_at, obligation.c.asked_staff_at)
    theirs = and_(duty.c.project_id == obligation.c.project_id, _holds(Role.OWNER), heard < duty.c.since)
    return select(obligation.c.project_id).where(OPEN, led_by.is_not(None), exists().where(theirs))


WAKING = _looked_after(Role.OWNER, _WAKES).limit(_MOST)
PRESSING = _looked_after(Role.OWNER, _PRESSING)
UNHEARD = _looked_after(Role.SECOND, _UNHEARD).limit(_MOST)
AWAKE = _of(Role.OWNER, _WAKES)
UNHEARD_OF = _of(Role.SECOND, _UNHEARD)
ORPHANED = (
    _concerned(_WAKES)
    .where(~exists().where(duty.c.project_id == project.c.id, _holds(Role.OWNER)))
    .limit(_MOST)
)
TO_PASS_ON = _concerned(_passed_on()).limit(_MOST)
PASSING_ON = OBLIGATIONS.where(obligation.c.project_id == bindparam("project"), _passed_on())
# Without an order: with one, SQLite would go through everything that is open.
_HEARD = (obligation.c.told_at, obligation.c.answered_at, obligation.c.asked_staff_at)
INHERITED = union(*map(_heard_before, _HEARD)).limit(_MOST)
UNPLANNED = (
    select(project.c.id)
    .where(
        or_(
            project.c.planned_version != project.c.version,
            project.c.planned_by != bindparam("by"),
            project.c.replan_on <= bindparam("day"),
        )
    )
    .order_by(project.c.id)
    .limit(_MOST)
)
ONE = OBLIGATIONS.where(obligation.c.id == bindparam("row"))
THESE = OBLIGATIONS.where(obligation.c.id.in_(bindparam("rows", expanding=True)))
OF_PROJECTS = OBLIGATIONS.where(obligation.c.project_id.in_(bindparam("projects", expanding=True)))
