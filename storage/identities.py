"""Who is who: the names under which one contact talks to the desk, each proven by a code that was sent to their address.

A letter's link proves less: whoever has the letter sees its projects, and nothing of anybody's history.
"""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, or_, select, update

from storage.database import Database
from storage.tables import contact as contact_table
from storage.tables import contact_person

_NAMES = contact_person.c
# Channels of which a contact keeps their name.
NAMED = ("slack", "teams")


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


def keep(connection: Connection, database: Database, person: str, contact: int, now: datetime) -> None:
    """From now on a contact talks as that person, too; of whoever had that name before nothing of it is left."""
    values = {"contact_id": contact, "at": now}
    connection.execute(database.insert_new(contact_person, [values | {"person": person}]))
    connection.execute(update(contact_person).where(_NAMES.person == person).values(values))
    channel, _, name = person.partition(":")
    others = contact_table.c.id != contact
    here = and_(contact_table.c.person == person, others)
    connection.execute(update(contact_table).where(here).values(person="", conversation_id=None))
    if channel in NAMED:
        column = contact_table.c[channel]
        connection.execute(update(contact_table).where(column == name, others).values({channel: ""}))
