"""What is asked of seminars and registrations at every look of the clock and for every letter, put together once.

Moments are `:now`, `:since` and `:at`, one row of either table `:row`, several `:rows`,
a seminar `:seminar`, several `:seminars`.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from intents.desk.case_records import CaseKind
from intents.desk.seats import HELD, SeatState
from intents.desk.seminar_records import SeminarKind, SeminarState
from storage.tables import case as desk_case
from storage.tables import seminar, seminar_registration
from storage.written import among, word

_AHEAD = (SeminarState.OPEN, SeminarState.CLOSED)
_OVER = (SeminarState.CLOSED, SeminarState.HELD)
_SEAT = seminar_registration.c
_ACTIVE = among(_SEAT.state, (SeatState.CONFIRMED, SeatState.OFFERED, SeatState.WAITING))
_LAPSED = and_(_SEAT.state == word(SeatState.OFFERED), _SEAT.offered_until <= bindparam("now"))
# The deadline for signing up is over; no deadline never is.
_LATE = func.coalesce(seminar.c.deadline, seminar.c.starts_at) <= bindparam("now")


def _of_seminar(*which: ColumnElement[bool]) -> Select[Any]:
    """Its registrations in the order of arrival."""
    theirs = select(seminar_registration).where(_SEAT.seminar_id == bindparam("seminar"), *which)
    return theirs.order_by(_SEAT.id)


def _seats() -> Select[Any]:
    """The people who sit in each of these seminars, and those who wait and could sit."""
    could_sit = and_(_SEAT.party <= seminar.c.capacity, _SEAT.offered_until.is_(None))
    waits = and_(_SEAT.state == word(SeatState.WAITING), could_sit)
    taken = func.sum(case((among(_SEAT.state, sorted(HELD)), _SEAT.party), else_=0))
    waiting = func.sum(case((waits, _SEAT.party), else_=0))
    mine = _SEAT.seminar_id.in_(bindparam("seminars", expanding=True))
    counted = select(_SEAT.seminar_id, taken, waiting).join(seminar)
    return counted.where(mine, _ACTIVE).group_by(_SEAT.seminar_id)


def _watched() -> Select[Any]:
    """The seminars that the clock looks at; one that was called off is none of them."""
    lapsed = seminar.c.id.in_(select(_SEAT.seminar_id).where(_LAPSED))
    lately = and_(among(seminar.c.state, _OVER), seminar.c.starts_at > bindparam("since"))
    which = or_(
        seminar.c.state == word(SeminarState.OPEN),
        lately,
        and_(lapsed, seminar.c.state != word(SeminarState.CANCELLED)),
    )
    return select(seminar, lapsed.label("lapsed")).where(which).order_by(seminar.c.id)


def _anybody_waits() -> ColumnElement[bool]:
    """Whether people wait for a seat at a seminar to come, or a case is open about such."""
    ahead = and_(among(seminar.c.state, _AHEAD), seminar.c.starts_at > bindparam("now"))
    line = select(_SEAT.id).join(seminar).where(_SEAT.state == word(SeatState.WAITING), ahead)
    mine = and_(desk_case.c.open, desk_case.c.kind == word(CaseKind.WAITLIST), desk_case.c.about != "")
    return or_(line.exists(), select(desk_case.c.id).where(mine).exists())


ONE = select(seminar).where(seminar.c.id == bindparam("row"))
WATCHED = _watched()
ANYBODY_WAITS = _anybody_waits()
TAKING_SIGN_UPS = (
    select(seminar)
    .where(seminar.c.state == word(SeminarState.OPEN), seminar.c.starts_at > bindparam("now"), ~_LATE)
    .where(seminar.c.kind == SeminarKind.SEMINAR)
    .order_by(seminar.c.starts_at, seminar.c.id)
)
SEATS = _seats()
REGISTRATIONS = _of_seminar()
PARTIES = _of_seminar(_ACTIVE)
# Whoever signs up has all others read, so without their texts and moments.
PLACES: Select[Any] = PARTIES.with_only_columns(
    _SEAT.id,
    _SEAT.party,
    _SEAT.state,
    _SEAT.offered_until.is_not(None).label("has_until"),
    _SEAT.mail,
    _SEAT.person,
)
SEATED: Select[Any] = _of_seminar(_SEAT.state == word(SeatState.CONFIRMED)).with_only_columns(
    _SEAT.id, _SEAT.name, _SEAT.conversation_id, _SEAT.person, _SEAT.mail, _SEAT.lang, _SEAT.attended
)
THOSE = _of_seminar(_SEAT.id.in_(bindparam("rows", expanding=True)))
LATE = _of_seminar(_LAPSED).with_only_columns(_SEAT.id)
_TOLD_BEFORE = or_(_SEAT.reminded_to.is_(None), _SEAT.reminded_to < bindparam("at"))
UNREMINDED = _of_seminar(
    _SEAT.state == word(SeatState.CONFIRMED), _SEAT.confirmed_at < bindparam("at"), _TOLD_BEFORE
).with_only_columns(_SEAT.id)
STILL_WAITING = _of_seminar(_SEAT.state == word(SeatState.WAITING), _TOLD_BEFORE).with_only_columns(_SEAT.id)
REGISTRATION = select(seminar_registration).where(_SEAT.id == bindparam("row"))
REGISTER = insert(seminar_registration).returning(_SEAT.id)
UPDATE = update(seminar_registration).where(_SEAT.id == bindparam("row"))
