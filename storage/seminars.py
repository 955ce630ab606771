"""Seminars and registrations within one transaction; fulfils `intents.desk.seminar_books.Seminars`."""

import dataclasses
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from intents.desk.books import Recipient
from intents.desk.seats import HELD, Attended, SeatState
from intents.desk.seminar_records import (
    CapacityChange,
    NewSeminar,
    Registration,
    Seats,
    Seminar,
    SeminarKind,
    SeminarState,
    SignUp,
    Way,
    Ways,
)
from knowledge.model import Lang
from storage.database import Database
from storage.identities import same_person
from storage.tables import audit, seminar, seminar_registration

_AHEAD = (SeminarState.OPEN, SeminarState.CLOSED)
_BEGUN = (*_AHEAD, SeminarState.HELD)
# Spelt like the condition of the index: an engine uses it only where it sees the same words.
_ACTIVE = seminar_registration.c.state.in_(
    [literal_column(f"'{one}'") for one in (SeatState.CONFIRMED, SeatState.OFFERED, SeatState.WAITING)]
)
_CAPACITY = ("capacity_raised", "capacity_lowered")


class StoredSeminars:
    """The seminars within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def add(self, new: NewSeminar) -> Seminar:
        """Writes a seminar down and gives it its number."""
        values = _values(new)
        id_ = self._connection.scalars(insert(seminar).values(values).returning(seminar.c.id)).one()
        return _seminar(self._seminar_row(select(seminar).where(seminar.c.id == id_)))

    def lock(self, seminar: int) -> Seminar:
        """The seminar as it is now; nobody else changes it or its registrations until the transaction ends."""
        return _seminar(self._seminar_row(self._database.for_update(_by_id(seminar))))

    def find(self, number: str) -> Seminar | None:
        """The seminar of that number."""
        row = self._connection.execute(_by_id(_id_in("S", number))).one_or_none()
        return _seminar(row) if row else None

    def seminar_of(self, registration: Registration) -> Seminar:
        """The seminar that a registration is for, as it is now."""
        return _seminar(self._seminar_row(_by_id(registration.seminar)))

    def _seminar_row(self, query: Select[Any]) -> Row[Any]:
        return self._connection.execute(query).one()

    def listing(self) -> tuple[Seminar, ...]:
        """Every seminar, the latest start first."""
        rows = self._connection.execute(select(seminar).order_by(seminar.c.starts_at.desc(), seminar.c.id))
        return tuple(map(_seminar, rows))

    def upcoming(self, until: datetime) -> tuple[Seminar, ...]:
        """Open and closed seminars that start before that moment and have not begun, in the order of their ids."""
        soon = (seminar.c.starts_at > self._now) & (seminar.c.starts_at < until)
        query = select(seminar).where(seminar.c.state.in_(_AHEAD), soon).order_by(seminar.c.id)
        return tuple(map(_seminar, self._connection.execute(query)))

    def open(self) -> tuple[Seminar, ...]:
        """The seminars, not the meetings, that take sign-ups now, the earliest start first."""
        mine = and_(seminar.c.state == SeminarState.OPEN, seminar.c.starts_at > self._now, ~self._late())
        query = select(seminar).where(mine, seminar.c.kind == SeminarKind.SEMINAR)
        found = self._connection.execute(query.order_by(seminar.c.starts_at, seminar.c.id))
        return tuple(map(_seminar, found))

    def _late(self) -> ColumnElement[bool]:
        """Whether the deadline for signing up is over; no deadline never is."""
        return func.coalesce(seminar.c.deadline, seminar.c.starts_at) <= self._now

    def seats(self, seminars: Collection[int]) -> Mapping[int, Seats]:
        """The people of each of these seminars, counted."""
        table = seminar_registration
        could_sit = and_(table.c.party <= seminar.c.capacity, table.c.offered_until.is_(None))
        waits = and_(table.c.state == SeatState.WAITING, could_sit)
        taken = func.sum(case((table.c.state.in_(HELD), table.c.party), else_=0))
        waiting = func.sum(case((waits, table.c.party), else_=0))
        query = select(table.c.seminar_id, taken, waiting).join(seminar)
        mine = table.c.seminar_id.in_(sorted(seminars))
        rows = self._connection.execute(query.where(mine, _ACTIVE).group_by(table.c.seminar_id))
        counted = {id_: Seats(*counts) for id_, *counts in rows}
        return {id_: counted.get(id_, Seats()) for id_ in seminars}

    def save(self, changed: Seminar) -> None:
        """Writes the seminar down as it is now."""
        values = _values(changed)
        self._connection.execute(update(seminar).where(seminar.c.id == changed.id).values(values))

    # ------------------------------------------------ registrations

    def registrations(self, seminar: int) -> tuple[Registration, ...]:
        """All of a seminar's registrations, in the order of arrival, also those that are over."""
        table = seminar_registration
        query = select(table).where(table.c.seminar_id == seminar).order_by(table.c.id)
        return tuple(map(_registration, self._connection.execute(query)))

    def parties(self, seminar: int) -> tuple[Registration, ...]:
        """A seminar's registrations that sit, are offered a seat or wait, in the order of arrival."""
        table = seminar_registration
        query = select(table).where(table.c.seminar_id == seminar, _ACTIVE).order_by(table.c.id)
        return tuple(map(_registration, self._connection.execute(query)))

    def register(self, seminar: int, wanted: SignUp, state: SeatState) -> Registration:
        """Writes a registration down and gives it its number."""
        given = {field.name: getattr(wanted, field.name) for field in dataclasses.fields(wanted)}
        to = given.pop("to")
        who = {"conversation": to.conversation, "person": to.person, "lang": to.lang, "mail": to.mail.strip()}
        sits = self._now if state is SeatState.CONFIRMED else None
        row = Registration(
            id=0, seminar=seminar, state=state, signed_up_at=self._now, confirmed_at=sits, **given, **who
        )
        query = insert(seminar_registration).values(_registration_values(row))
        id_ = self._connection.scalars(query.returning(seminar_registration.c.id)).one()
        return dataclasses.replace(row, id=id_)

    def registration(self, number: str) -> Registration | None:
        """The registration of that number."""
        query = select(seminar_registration).where(seminar_registration.c.id == _id_in("R", number))
        row = self._connection.execute(query).one_or_none()
        return _registration(row) if row else None

    def of_person(self, person: str) -> tuple[Registration, ...]:
        """All registrations of a person, the newest first."""
        table = seminar_registration
        query = select(table).where(same_person(table.c.person, person)).order_by(table.c.id.desc())
        return tuple(map(_registration, self._connection.execute(query)))

    def bring(self, number: str, to: Recipient) -> None:
        """Moves a registration to the person who opened the link of its letter."""
        mine = seminar_registration.c.id == _id_in("R", number)
        whom = {"conversation_id": to.conversation or None, "person": to.person}
        self._connection.execute(update(seminar_registration).where(mine).values(whom))

    def update(self, registration: Registration) -> None:
        """Writes the registration down as it is now."""
        mine = seminar_registration.c.id == registration.id
        values = _registration_values(registration)
        self._connection.execute(update(seminar_registration).where(mine).values(values))

    def lapsed(self) -> tuple[int, ...]:
        """The ids of seminars where an offer's time is over, in rising order."""
        table = seminar_registration
        late = (table.c.state == SeatState.OFFERED) & (table.c.offered_until <= self._now)
        query = select(table.c.seminar_id).join(seminar, seminar.c.id == table.c.seminar_id)
        query = query.where(late, seminar.c.state != SeminarState.CANCELLED)
        return tuple(self._connection.scalars(query.distinct().order_by(table.c.seminar_id)))

    def signed_off(self) -> tuple[int, ...]:
        """The ids of open seminars whose sign-up is over, in rising order."""
        over = or_(seminar.c.starts_at <= self._now, self._late())
        query = select(seminar.c.id).where(seminar.c.state == SeminarState.OPEN, over)
        return tuple(self._connection.scalars(query.order_by(seminar.c.id)))

    def begun(self, since: datetime) -> tuple[Seminar, ...]:
        """Seminars that began after that moment and were not called off, in the order of their ids."""
        lately = and_(seminar.c.starts_at > since, seminar.c.starts_at <= self._now)
        query = select(seminar).where(seminar.c.state.in_(_BEGUN), lately).order_by(seminar.c.id)
        return tuple(map(_seminar, self._connection.execute(query)))

    def attended(self) -> Attended:
        """The seats confirmed and used at all seminars whose attendance was taken."""
        table = seminar_registration
        held = select(table.c.attended, func.sum(table.c.party)).join(seminar)
        held = held.where(seminar.c.state == SeminarState.HELD, table.c.state == SeatState.CONFIRMED)
        rows = self._connection.execute(held.group_by(table.c.attended)).all()
        return Attended(sum(seats for _, seats in rows), sum(seats for came, seats in rows if came))

    def history(self, seminar: Seminar) -> tuple[CapacityChange, ...]:
        """How the seats of a seminar came to be so many, oldest first."""
        mine = (audit.c.subject == seminar.subject) & audit.c.action.in_(_CAPACITY)
        rows = self._connection.execute(select(audit).where(mine).order_by(audit.c.id))
        return tuple(
            CapacityChange(row.at, row.actor, row.before["capacity"], row.after["capacity"]) for row in rows
        )


def _by_id(id_: int) -> Select[Any]:
    return select(seminar).where(seminar.c.id == id_)


def _id_in(letter: str, number: str) -> int:
    """The row that a number names, however it was typed; 0 where it is none."""
    plain = unicodedata.normalize("NFKC", number).strip().upper()
    match = re.fullmatch(rf"{letter}-?(\d{{1,9}})", plain, re.ASCII)
    return int(match[1]) if match else 0


def _values(value: NewSeminar) -> dict[str, object]:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(NewSeminar)}
    return fields | {"questions": list(value.questions)}


def _seminar(row: Row[Any]) -> Seminar:
    read = {"kind": SeminarKind, "ways": Ways, "state": SeminarState, "questions": tuple}
    return Seminar(**_read(row._asdict(), read))


def _registration_values(one: Registration) -> dict[str, object]:
    fields = {field.name: getattr(one, field.name) for field in dataclasses.fields(one) if field.name != "id"}
    fields["seminar_id"], fields["conversation_id"] = (
        fields.pop("seminar"),
        fields.pop("conversation") or None,
    )
    return fields | {"key": one.key, "extras": dict(one.extras)}


def _registration(row: Row[Any]) -> Registration:
    values = row._asdict()
    del values["key"]
    values["seminar"], values["conversation"] = values.pop("seminar_id"), values.pop("conversation_id") or 0
    return Registration(**_read(values, {"lang": Lang, "way": Way, "state": SeatState}))


def _read(values: Mapping[str, Any], shapes: Mapping[str, type[Any]]) -> dict[str, Any]:
    return {name: shapes[name](value) if name in shapes else value for name, value in values.items()}
