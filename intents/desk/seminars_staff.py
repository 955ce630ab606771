"""What staff do about a seminar: create, open, raise and lower the seats, move, cancel, take attendance.

Raises Refused before anything is written; each action leaves one line in the audit.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from intents.desk import seats
from intents.desk.refused import Refused
from intents.desk.seats import RaisePreview, SeatState
from intents.desk.seminar_books import SeminarBooks
from intents.desk.seminar_letters import SeminarLetters, letters_of
from intents.desk.seminar_records import NewSeminar, Registration, Seminar, SeminarState, mail_key
from intents.desk.seminar_seating import check_ahead, drain, find_seminar, lock_seminar, numbers


def create(books: SeminarBooks, new: NewSeminar) -> Seminar:
    """Writes a new seminar down; what it says has been checked."""
    seminar = books.seminars.add(new)
    after = {"title": seminar.title, "capacity": seminar.capacity, "state": seminar.state}
    books.audit.note(seminar.subject, "created", after=after)
    return seminar


def set_open(books: SeminarBooks, number: str, *, is_open: bool) -> Seminar:
    """Begins or ends sign-up by hand; twice is once. Refused: no_such_seminar, seminar_cancelled, started."""
    seminar = lock_seminar(books, number)
    check_ahead(seminar, books.now)
    state = SeminarState.OPEN if is_open else SeminarState.CLOSED
    if seminar.state is state:
        return seminar
    now = replace(seminar, state=state)
    books.seminars.save(now)
    books.audit.note(seminar.subject, "opened" if is_open else "closed", before={"state": seminar.state})
    return now


def preview_raise(books: SeminarBooks, number: str, to: int) -> RaisePreview:
    """What more seats would do, with nothing written; refused like `raise_capacity`."""
    seminar = find_seminar(books, number)
    _check_raise(seminar, to, books.now)
    parties = books.seminars.places(seminar.id)
    return seats.raise_preview(seminar.capacity, parties, to, books.seminars.attended())


def raise_capacity(
    books: SeminarBooks, letters: SeminarLetters, number: str, to: int, reason: str = ""
) -> tuple[Registration, ...]:
    """Adds seats and offers them in order of arrival; gives those who are offered one.

    Refused: no_such_seminar, seminar_cancelled, started, raise_not_higher.
    """
    seminar = lock_seminar(books, number)
    _check_raise(seminar, to, books.now)
    bigger = replace(seminar, capacity=to)
    books.seminars.save(bigger)
    offered = drain(books, letters, bigger)
    before, after = {"capacity": seminar.capacity}, {"capacity": to, "offered": numbers(offered)}
    books.audit.note(seminar.subject, "capacity_raised", before=before, after=after, reason=reason)
    return offered


def _check_raise(seminar: Seminar, to: int, now: datetime) -> None:
    check_ahead(seminar, now)
    if to <= seminar.capacity:
        raise Refused("raise_not_higher", capacity=seminar.capacity, to=to)


def lower_capacity(books: SeminarBooks, number: str, to: int, reason: str = "") -> Seminar:
    """Takes free seats away, never a person, and none that somebody in the line needs to sit at all.

    Refused: no_such_seminar, seminar_cancelled, started, lower_not_lower, lower_below_taken, lower_below_waiting.
    """
    seminar = lock_seminar(books, number)
    check_ahead(seminar, books.now)
    if not 1 <= to < seminar.capacity:
        raise Refused("lower_not_lower", capacity=seminar.capacity, to=to)
    parties = books.seminars.places(seminar.id)
    if over := seats.may_lower(parties, to):
        raise Refused("lower_below_taken", taken=seats.taken(parties), to=to, over=over)
    # Who was too big before is stuck anyway.
    if stuck := [one for one in seats.too_big(to, parties) if one.party <= seminar.capacity]:
        who = ", ".join(f"{one.number} ({one.party})" for one in stuck)
        raise Refused("lower_below_waiting", to=to, who=who)
    smaller = replace(seminar, capacity=to)
    books.seminars.save(smaller)
    before, after = {"capacity": seminar.capacity}, {"capacity": to}
    books.audit.note(seminar.subject, "capacity_lowered", before=before, after=after, reason=reason)
    return smaller


def cancel_seminar(
    books: SeminarBooks, letters: SeminarLetters, number: str, reason: str = ""
) -> tuple[Registration, ...]:
    """Calls a seminar off and tells everybody; gives those who are told. Refused: as `check_ahead`."""
    seminar = lock_seminar(books, number)
    check_ahead(seminar, books.now)
    books.seminars.save(replace(seminar, state=SeminarState.CANCELLED))
    # What has not left, such as an offer of a seat, is no longer true.
    books.post.drop(letters_of(seminar))
    told = _next_sequence(books, seminar)
    for one in told:
        letters.cancelled(books, seminar, one, reason)
    after = {"state": SeminarState.CANCELLED, "told": len(told)}
    books.audit.note(
        seminar.subject, "cancelled", before={"state": seminar.state}, after=after, reason=reason
    )
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What shall be different about the date or the place; None stays as it is."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    venue: str | None = None
    link: str | None = None
    deadline: datetime | None = None


def move_seminar(
    books: SeminarBooks, letters: SeminarLetters, number: str, to: Move, reason: str = ""
) -> tuple[Registration, ...]:
    """Changes the date or the place and tells everybody; gives those who are told.

    The new times must be to come, end after start. Refused: as `check_ahead`.
    """
    seminar = lock_seminar(books, number)
    check_ahead(seminar, books.now)
    different = {name: value for name in Move.__slots__ if (value := getattr(to, name)) is not None}
    moved = replace(seminar, **different)
    if moved == seminar:
        return ()
    books.seminars.save(moved)
    told = _next_sequence(books, moved)
    for one in told:
        letters.moved(books, moved, one, seminar, reason)
    before, after = _where(seminar), _where(moved) | {"told": len(told)}
    books.audit.note(seminar.subject, "moved", before=before, after=after, reason=reason)
    return told


def _next_sequence(books: SeminarBooks, seminar: Seminar) -> tuple[Registration, ...]:
    """Those who have or want a seat, each ready for a letter; they know the date as of now."""
    told = tuple(_ready(one, seminar, books.now) for one in books.seminars.parties(seminar.id))
    for one in told:
        books.seminars.update(one)
    return told


def _ready(one: Registration, seminar: Seminar, now: datetime) -> Registration:
    until = one.offered_until and min(one.offered_until, seminar.starts_at)
    return replace(one, sequence=one.sequence + 1, reminded_to=now, offered_until=until)


def _where(seminar: Seminar) -> dict[str, object]:
    times = {"starts_at": seminar.starts_at.isoformat(), "ends_at": seminar.ends_at.isoformat()}
    return {**times, "venue": seminar.venue}


# ---------------------------------------------------------------- who came


@dataclass(frozen=True, slots=True)
class Attendance:
    """A list of who came, matched: confirmed who came, confirmed who did not, others, and what nobody is known by."""

    came: tuple[Registration, ...]
    absent: tuple[Registration, ...]
    unconfirmed: tuple[Registration, ...]
    unknown: tuple[str, ...]


def match_attendance(registrations: Collection[Registration], names: Collection[str]) -> Attendance:
    """Matches receipt numbers and mail addresses with the registrations; the newest of a mail address counts."""
    known = {one.key: one for one in registrations if not one.active}
    known |= {one.key: one for one in registrations if one.active}
    known |= {one.number.casefold(): one for one in registrations}
    found = {name: known.get(_name(name)) for name in names if name.strip()}
    ids = {one.id for one in found.values() if one}
    seated = tuple(one for one in registrations if one.state is SeatState.CONFIRMED)
    return Attendance(
        came=tuple(one for one in seated if one.id in ids),
        absent=tuple(one for one in seated if one.id not in ids),
        unconfirmed=tuple(one for one in registrations if one.id in ids and one not in seated),
        unknown=tuple(name.strip() for name, one in found.items() if one is None),
    )


def _name(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return mail_key(plain) if "@" in plain else plain


def take_attendance(books: SeminarBooks, number: str, names: Collection[str]) -> Attendance:
    """Writes down who came; the list is the whole list, so a second one corrects the first.

    Refused: no_such_seminar, seminar_cancelled, not_started.
    """
    seminar = lock_seminar(books, number)
    if seminar.state is SeminarState.CANCELLED:
        raise Refused("seminar_cancelled", title=seminar.title)
    if books.now < seminar.starts_at:
        raise Refused("not_started", title=seminar.title, starts=seminar.starts_at)
    found = match_attendance(books.seminars.registrations(seminar.id), names)
    for one in (*found.came, *found.absent):
        if one.attended is not (one in found.came):
            books.seminars.update(replace(one, attended=one in found.came))
    books.seminars.save(replace(seminar, state=SeminarState.HELD))
    after = {"came": len(found.came), "absent": len(found.absent), "unknown": len(found.unknown)}
    books.audit.note(seminar.subject, "attendance", after=after)
    return found
