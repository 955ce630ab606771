"""Whole tables as staff take them out: every case, every registration with its seminar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from intents.desk.case_records import Case
from storage.case_rows import case_of
from storage.tables import case, seminar, seminar_registration


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One registration with its seminar; `signed_up_at` is UTC, `attended` None until it is known."""

    seminar: str
    title: str
    number: str
    state: str
    name: str
    organisation: str
    mail: str
    phone: str
    prefecture: str
    party: int
    way: str
    question: str
    extras: str
    wants_consultation: bool
    signed_up_at: datetime
    attended: bool | None


def all_cases(connection: Connection) -> tuple[Case, ...]:
    """Every case, the oldest first."""
    return tuple(map(case_of, connection.execute(select(case).order_by(case.c.id))))


def all_registrations(connection: Connection, only: int = 0) -> tuple[RegistrationRow, ...]:
    """Every registration, or those of one seminar by its id, in the order of seminars and of arrival."""
    return tuple(_rows(connection, only))


def _rows(connection: Connection, only: int) -> Iterator[RegistrationRow]:
    table = seminar_registration
    both = select(table, seminar.c.title).join(seminar, seminar.c.id == table.c.seminar_id)
    mine = both.where(table.c.seminar_id == only) if only else both
    for row in connection.execute(mine.order_by(table.c.seminar_id, table.c.id)):
        yield RegistrationRow(
            seminar=f"S-{row.seminar_id:04d}",
            title=row.title,
            number=f"R-{row.id:05d}",
            state=row.state,
            name=row.name,
            organisation=row.organisation,
            mail=row.mail,
            phone=row.phone,
            prefecture=row.prefecture,
            party=row.party,
            way=row.way,
            question=row.question,
            extras="\n".join(f"{asked}: {said}" for asked, said in row.extras.items()),
            wants_consultation=row.wants_consultation,
            signed_up_at=row.signed_up_at,
            attended=row.attended,
        )
