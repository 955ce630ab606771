"""Seminars and registrations within one transaction; fulfils `intents.desk.seminar_books.Seminars`."""

import dataclasses
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from intents.desk.books import Recipient
from intents.desk.seats import Attended, SeatState
from intents.desk.seminar_excerpts import Place, Seated, Watched
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
from storage import seminar_queries as queries
from storage.database import Database
from storage.identities import same_person
from storage.tables import audit, seminar, seminar_registration

_STATES = {state.value: state for state in SeatState}
_CAPACITY = ("capacity_raised", "capacity_lowered")


class StoredSeminars:
    """The seminars within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def add(self, new: NewSeminar) -> Seminar:
        """Writes a seminar down and gives it its number."""
        values = _values(new)
        id_ = self._connection.scalars(insert(seminar).values(values).returning(seminar.c.id)).one()
        return _seminar(self._seminar_row(queries.ONE, id_))

    def lock(self, seminar: int) -> Seminar:
        """The seminar as it is now; nobody else changes it or its registrations until the transaction ends."""
        return _seminar(self._seminar_row(self._database.for_update(queries.ONE), seminar))

    def find(self, number: str) -> Seminar | None:
        """The seminar of that number."""
        row = self._connection.execute(queries.ONE, {"row": _id_in("S", number)}).one_or_none()
        return _seminar(row) if row else None

    def seminar_of(self, registration: Registration) -> Seminar:
        """The seminar that a registration is for, as it is now."""
        return _seminar(self._seminar_row(queries.ONE, registration.seminar))

    def _seminar_row(self, query: Select[Any], id_: int) -> Row[Any]:
        return self._connection.execute(query, {"row": id_}).one()

    def listing(self) -> tuple[Seminar, ...]:
        """Every seminar, the latest start first."""
        rows = self._connection.execute(select(seminar).order_by(seminar.c.starts_at.desc(), seminar.c.id))
        return tuple(map(_seminar, rows))

    def watched(self, since: datetime) -> tuple[Watched, ...]:
        """The seminars of which something may be due, in the order of their ids.

        Those that are open; closed and held ones that begin after that moment; and where an offer's time is over.
        """
        rows = self._connection.execute(queries.WATCHED, {"now": self._now, "since": since})
        return tuple(map(_watched, rows))

    def open(self) -> tuple[Seminar, ...]:
        """The seminars, not the meetings, that take sign-ups now, the earliest start first."""
        found = self._connection.execute(queries.TAKING_SIGN_UPS, {"now": self._now})
        return tuple(map(_seminar, found))

    def seats(self, seminars: Collection[int]) -> Mapping[int, Seats]:
        """The people of each of these seminars, counted."""
        rows = self._connection.execute(queries.SEATS, {"seminars": sorted(seminars)})
        counted = {id_: Seats(*counts) for id_, *counts in rows}
        return {id_: counted.get(id_, Seats()) for id_ in seminars}

    def save(self, changed: Seminar) -> None:
        """Writes the seminar down as it is now."""
        values = _values(changed)
        self._connection.execute(update(seminar).where(seminar.c.id == changed.id).values(values))

    # ------------------------------------------------ registrations

    def registrations(self, seminar: int) -> tuple[Registration, ...]:
        """All of a seminar's registrations, in the order of arrival, also those that are over."""
        found = self._connection.execute(queries.REGISTRATIONS, {"seminar": seminar})
        return tuple(map(_registration, found))

    def parties(self, seminar: int) -> tuple[Registration, ...]:
        """A seminar's registrations that sit, are offered a seat or wait, in the order of arrival."""
        return tuple(map(_registration, self._connection.execute(queries.PARTIES, {"seminar": seminar})))

    def places(self, seminar: int) -> tuple[Place, ...]:
        """The same parties as far as seats and the line go, which is all that has to be read to count them."""
        return tuple(map(_place, self._connection.execute(queries.PLACES, {"seminar": seminar})))

    def seated(self, seminar: int) -> tuple[Seated, ...]:
        """Who has a confirmed seat, in the order of arrival."""
        return tuple(map(_seated, self._connection.execute(queries.SEATED, {"seminar": seminar})))

    def those(self, seminar: int, ids: Collection[int]) -> tuple[Registration, ...]:
        """These registrations of a seminar, in the order of arrival."""
        found = self._connection.execute(queries.THOSE, {"seminar": seminar, "rows": sorted(ids)})
        return tuple(map(_registration, found))

    def late(self, seminar: int) -> tuple[int, ...]:
        """The seats that were offered and not taken in time, in the order of arrival."""
        return tuple(self._connection.scalars(queries.LATE, {"seminar": seminar, "now": self._now}))

    def unreminded(self, seminar: int, at: datetime) -> tuple[int, ...]:
        """The seats that were confirmed before that moment and reminded of nothing since, in the order of arrival."""
        return tuple(self._connection.scalars(queries.UNREMINDED, {"seminar": seminar, "at": at}))

    def still_waiting(self, seminar: int, at: datetime) -> tuple[int, ...]:
        """Those who wait and were told nothing from that moment on, in the order of arrival."""
        return tuple(self._connection.scalars(queries.STILL_WAITING, {"seminar": seminar, "at": at}))

    def register(self, seminar: int, wanted: SignUp, state: SeatState) -> Registration:
        """Writes a registration down and gives it its number."""
        given = {field.name: getattr(wanted, field.name) for field in dataclasses.fields(wanted)}
        to = given.pop("to")
        who = {"conversation": to.conversation, "person": to.person, "lang": to.lang, "mail": to.mail.strip()}
        sits = self._now if state is SeatState.CONFIRMED else None
        row = Registration(
            id=0, seminar=seminar, state=state, signed_up_at=self._now, confirmed_at=sits, **given, **who
        )
        id_ = self._connection.scalars(queries.REGISTER, _registration_values(row)).one()
        return dataclasses.replace(row, id=id_)

    def registration(self, number: str) -> Registration | None:
        """The registration of that number."""
        row = self._connection.execute(queries.REGISTRATION, {"row": _id_in("R", number)}).one_or_none()
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
        values = _registration_values(registration)
        self._connection.execute(queries.UPDATE, {"row": registration.id} | values)

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


def _id_in(letter: str, number: str) -> int:
    """The row that a number names, however it was typed; 0 where it is none."""
    plain = unicodedata.normalize("NFKC", number).strip().upper()
    match = re.fullmatch(rf"{letter}-?(\d{{1,9}})", plain, re.ASCII)
    return int(match[1]) if match else 0


def _values(value: NewSeminar) -> dict[str, object]:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(NewSeminar)}
    return fields | {"questions": list(value.questions)}


def _seminar(row: Row[Any]) -> Seminar:
    return _seminar_of(row._asdict())


def _watched(row: Row[Any]) -> Watched:
    values = row._asdict()
    lapsed = bool(values.pop("lapsed"))
    return Watched(_seminar_of(values), lapsed)


def _seminar_of(values: Mapping[str, Any]) -> Seminar:
    read = {"kind": SeminarKind, "ways": Ways, "state": SeminarState, "questions": tuple}
    return Seminar(**_read(values, read))


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


def _place(row: Sequence[Any]) -> Place:
    id_, party, state, has_until, mail, person = row
    return Place(id_, party, _STATES[state], state == SeatState.WAITING and bool(has_until), mail, person)


def _seated(row: Row[Any]) -> Seated:
    to = Recipient(row.conversation_id or 0, row.person, row.mail, Lang(row.lang))
    return Seated(row.id, row.name, to, row.attended)


def _read(values: Mapping[str, Any], shapes: Mapping[str, type[Any]]) -> dict[str, Any]:
    return {name: shapes[name](value) if name in shapes else value for name, value in values.items()}
