"""What is asked of the obligations at every look of the clock, put together once.

Days are `:day` and `:due_by`, moments `:told` and `:asked` (told, or second contacts asked, before that moment),
people `:contacts`, projects `:project`, letters `:letter`, duties `:begun` before, how many rows at most `:most`.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from intents.desk.nudges.records import ObligationState
from intents.desk.projects.records import Role
from knowledge.reminder_model import RuleKind
from storage.neighbours import among_them
from storage.tables import contact, duty, nudge, obligation, project
from storage.written import among, word

OBLIGATIONS = select(obligation).order_by(obligation.c.id)
OPEN = obligation.c.state == word(ObligationState.OPEN)
_MOST: BindParameter[int] = bindparam("most")
# What people are told twice about: dates of the scheme and of the office.
_FIRM = among(obligation.c.kind, (RuleKind.HARD, RuleKind.OFFICE))
_WAKES = and_(OPEN, obligation.c.next_on <= bindparam("day"))
_PRESSES = and_(obligation.c.kind == word(RuleKind.HARD), obligation.c.due_on <= bindparam("due_by"))
_SILENT = and_(OPEN, _FIRM, obligation.c.told_at.is_not(None), obligation.c.asked_staff_at.is_(None))
_TOLD_BEFORE = and_(obligation.c.told_at < bindparam("told"), obligation.c.asked_second_at.is_(None))
_UNHEARD = and_(_SILENT, _TOLD_BEFORE)


def _holds(role: Role) -> ColumnElement[bool]:
    return and_(duty.c.role == word(role), duty.c.until.is_(None))


def _hears(role: Role, which: ColumnElement[bool], presses: ColumnElement[Any], second: str) -> Select[Any]:
    """Who has that role for projects with such obligations, as often as they do."""
    both = obligation.join(duty, duty.c.project_id == obligation.c.project_id)
    told: tuple[ColumnElement[Any], ...] = (
        duty.c.contact_id,
        presses.label("presses"),
        literal_column(second).label("second"),
    )
    return select(*told).select_from(both).where(which, _holds(role))


def _to_tell() -> Select[Any]:
    """Everybody who may have to hear something, with their zone, whether it presses, and whether they are asked second."""
    owners = _hears(Role.OWNER, _WAKES, case((_PRESSES, literal_column("1")), else_=literal_column("0")), "0")
    seconds = _hears(Role.SECOND, _UNHEARD, literal_column("0"), "1")
    heard = union_all(owners, seconds).subquery()
    presses, second = func.max(heard.c.presses), func.max(heard.c.second)
    # Of each person their zone is read once.
    people = select(heard.c.contact_id, presses.label("presses"), second.label("second"))
    one = people.group_by(heard.c.contact_id).subquery()
    told = select(one.c.contact_id, contact.c.zone, one.c.presses, one.c.second)
    both = told.join(contact, contact.c.id == one.c.contact_id)
    # However many there are, whom it presses is among the first.
    return both.order_by(one.c.presses.desc(), one.c.contact_id).limit(_MOST)


def _concerned(which: ColumnElement[bool]) -> Select[Any]:
    """The projects with such obligations, in their order."""
    theirs = project.c.id.in_(select(obligation.c.project_id).where(which))
    return select(project.c.id).where(theirs).order_by(project.c.id)


def _by_contact(role: Role, which: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """These columns of such obligations of projects for which some people have that role, behind the contact."""
    theirs = and_(duty.c.contact_id.in_(bindparam("contacts", expanding=True)), _holds(role))
    both = obligation.join(duty, duty.c.project_id == obligation.c.project_id)
    return (
        select(duty.c.contact_id, *columns).select_from(both).where(which, theirs).order_by(obligation.c.id)
    )


def _passed_on() -> ColumnElement[bool]:
    second = exists().where(duty.c.project_id == obligation.c.project_id, _holds(Role.SECOND))
    return and_(_SILENT, or_(obligation.c.asked_second_at < bindparam("asked"), and_(_TOLD_BEFORE, ~second)))


def _old() -> ColumnElement[bool]:
    """Whether something is open of a duty's project that was heard of before it began."""
    heard = func.coalesce(obligation.c.told_at, obligation.c.answered_at, obligation.c.asked_staff_at)
    return exists().where(obligation.c.project_id == duty.c.project_id, OPEN, heard < duty.c.since)


def _unplanned() -> Select[Any]:
    """The projects to plan, in their order: each reason is looked for in its index, where mostly there is nothing."""
    by, id_ = bindparam("by", type_=String), project.c.id
    reasons = (
        project.c.planned_version != project.c.version,
        project.c.planned_by < by,
        project.c.planned_by > by,
        and_(project.c.planned_by == by, project.c.replan_on <= bindparam("day")),
    )
    found = union_all(*(select(id_).where(reason) for reason in reasons)).subquery()
    return select(found.c.id).distinct().order_by(found.c.id).limit(_MOST)


TO_TELL = _to_tell()
AWAKE = _by_contact(Role.OWNER, _WAKES, obligation)
STIRRING = _by_contact(Role.OWNER, _WAKES, obligation.c.id, obligation.c.kind, obligation.c.due_on)
UNHEARD_OF = _by_contact(Role.SECOND, _UNHEARD, obligation)
ORPHANED = (
    _concerned(_WAKES)
    .where(~exists().where(duty.c.project_id == project.c.id, _holds(Role.OWNER)))
    .limit(_MOST)
)
TO_PASS_ON = _concerned(_passed_on()).limit(_MOST)
PASSING_ON = OBLIGATIONS.where(obligation.c.project_id == bindparam("project"), _passed_on())
_NEW = and_(_holds(Role.OWNER), duty.c.caught_up_at.is_(None))
INHERITED = select(duty.c.project_id).distinct().where(_NEW, _old()).order_by(duty.c.project_id).limit(_MOST)
CAUGHT_UP = select(duty.c.id).where(_NEW, duty.c.since < bindparam("begun"), ~_old()).limit(_MOST)
KEEP_CAUGHT_UP = update(duty).where(duty.c.id.in_(bindparam("rows", expanding=True)))
UNPLANNED = _unplanned()
OPEN_OF = OBLIGATIONS.where(obligation.c.project_id == bindparam("project"), OPEN)
_TOLD_BY = select(nudge.c.obligation_id).where(nudge.c.letter == bindparam("letter"))
TOLD_BY = OBLIGATIONS.where(obligation.c.id.in_(_TOLD_BY))
ONE = OBLIGATIONS.where(obligation.c.id == bindparam("row"))
_AMONG = obligation.c.id.in_(bindparam("rows", expanding=True))
THESE = OBLIGATIONS.where(_AMONG)
TAKEN = select(obligation.c.id).where(_AMONG).order_by(obligation.c.id)


@cache
def of_projects(*, neighbours: bool) -> Select[Any]:
    """All of the projects that `neighbours.named` names."""
    return OBLIGATIONS.where(among_them(obligation.c.project_id, neighbours=neighbours))
