"""What is asked of seminars and registrations at every look of the clock and for every letter, put together once.

Moments are `:now`, `:until`, `:since` and `:at`, one row of either table `:row`, a seminar `:seminar`, several `:seminars`.
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

from intents.desk.seats import HELD, SeatState
from intents.desk.seminar_records import SeminarKind, SeminarState
from storage.tables import seminar, seminar_registration
from storage.written import among

_AHEAD = (SeminarState.OPEN, SeminarState.CLOSED)
_BEGUN = (*_AHEAD, SeminarState.HELD)
_SEAT = seminar_registration.c
_ACTIVE = among(_SEAT.state, (SeatState.CONFIRMED, SeatState.OFFERED, SeatState.WAITING))
# The deadline for signing up is over; no deadline never is.
_LATE = func.coalesce(seminar.c.deadline, seminar.c.starts_at) <= bindparam("now")
_SEMINARS = select(seminar).order_by(seminar.c.id)


def _of_seminar(*which: ColumnElement[bool]) -> Select[Any]:
    """Its registrations in the order of arrival."""
    theirs = select(seminar_registration).where(_SEAT.seminar_id == bindparam("seminar"), *which)
    return theirs.order_by(_SEAT.id)


def _seats() -> Select[Any]:
    """The people who sit in each of these seminars, and those who wait and could sit."""
    could_sit = and_(_SEAT.party <= seminar.c.capacity, _SEAT.offered_until.is_(None))
    waits = and_(_SEAT.state == SeatState.WAITING, could_sit)
    taken = func.sum(case((among(_SEAT.state, sorted(HELD)), _SEAT.party), else_=0))
    waiting = func.sum(case((waits, _SEAT.party), else_=0))
    mine = _SEAT.seminar_id.in_(bindparam("seminars", expanding=True))
    counted = select(_SEAT.seminar_id, taken, waiting).join(seminar)
    return counted.where(mine, _ACTIVE).group_by(_SEAT.seminar_id)


def _lapsed() -> Select[Any]:
    """The seminars where an offer's time is over."""
    late = and_(_SEAT.state == SeatState.OFFERED, _SEAT.offered_until <= bindparam("now"))
    joined = select(_SEAT.seminar_id).join(seminar, seminar.c.id == _SEAT.seminar_id)
    mine = joined.where(late, seminar.c.state != SeminarState.CANCELLED)
    return mine.distinct().order_by(_SEAT.seminar_id)


ONE = select(seminar).where(seminar.c.id == bindparam("row"))
UPCOMING = _SEMINARS.where(
    among(seminar.c.state, _AHEAD),
    seminar.c.starts_at > bindparam("now"),
    seminar.c.starts_at < bindparam("until"),
)
BEGUN = _SEMINARS.where(
    among(seminar.c.state, _BEGUN),
    seminar.c.starts_at > bindparam("since"),
    seminar.c.starts_at <= bindparam("now"),
)
TAKING_SIGN_UPS = (
    select(seminar)
    .where(seminar.c.state == SeminarState.OPEN, seminar.c.starts_at > bindparam("now"), ~_LATE)
    .where(seminar.c.kind == SeminarKind.SEMINAR)
    .order_by(seminar.c.starts_at, seminar.c.id)
)
SIGNED_OFF = (
    select(seminar.c.id)
    .where(seminar.c.state == SeminarState.OPEN, or_(seminar.c.starts_at <= bindparam("now"), _LATE))
    .order_by(seminar.c.id)
)
LAPSED = _lapsed()
SEATS = _seats()
REGISTRATIONS = _of_seminar()
PARTIES = _of_seminar(_ACTIVE)
_TOLD_BEFORE = or_(_SEAT.reminded_to.is_(None), _SEAT.reminded_to < bindparam("at"))
UNREMINDED = _of_seminar(
    _SEAT.state == SeatState.CONFIRMED, _SEAT.confirmed_at < bindparam("at"), _TOLD_BEFORE
).with_only_columns(_SEAT.id)
STILL_WAITING = _of_seminar(_SEAT.state == SeatState.WAITING, _TOLD_BEFORE).with_only_columns(_SEAT.id)
REGISTRATION = select(seminar_registration).where(_SEAT.id == bindparam("row"))
REGISTER = insert(seminar_registration).returning(_SEAT.id)
UPDATE = update(seminar_registration).where(_SEAT.id == bindparam("row"))
