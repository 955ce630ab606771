"""Who is who: the names under which one contact talks to the desk, each on a channel where they showed that it is them."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Select, delete, insert, or_, select, update

from storage.tables import contact as contact_table
from storage.tables import contact_person

_NAMES = contact_person.c


def contact_of(person: str) -> Select[tuple[int]]:
    """The row of the contact who talks as that person."""
    return select(_NAMES.contact_id).where(_NAMES.person == person)


def same_person(column: Column[str], person: str) -> ColumnElement[bool]:
    """Whether a row belongs to that person, under whichever name they have with us."""
    theirs = select(_NAMES.person).where(_NAMES.contact_id.in_(contact_of(person)))
    return or_(column == person, column.in_(theirs))


def names_of(connection: Connection, person: str) -> tuple[str, ...]:
    """Every name of that person, the given one first."""
    theirs = select(_NAMES.person).where(_NAMES.contact_id.in_(contact_of(person)))
    return (person, *(name for name in connection.scalars(theirs.order_by(_NAMES.at)) if name != person))


def keep(connection: Connection, person: str, contact: int, now: datetime) -> None:
    """From now on a contact talks as that person, too; who had that name before has it no more."""
    values = {"contact_id": contact, "at": now}
    others = update(contact_table).where(contact_table.c.person == person, contact_table.c.id != contact)
    connection.execute(others.values(person=""))
    known = update(contact_person).where(_NAMES.person == person, _NAMES.contact_id != contact).values(values)
    connection.execute(known)
    if connection.scalar(contact_of(person)) is None:
        connection.execute(insert(contact_person).values(values | {"person": person}))


def forget(connection: Connection, contact: int) -> None:
    """A contact talks as nobody that we know any more."""
    connection.execute(delete(contact_person).where(_NAMES.contact_id == contact))
