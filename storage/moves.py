"""Going on elsewhere by a one-time code: the dialogs, the seats and the bookings of a person come along."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, insert, select, update

from intents.conversation import Draft
from storage import consents
from storage.codec import pack_state, unpack_state
from storage.database import Database
from storage.tables import booking, case, conversation, detail, move_code, outbox, seminar_registration

CODE_LIFE = timedelta(minutes=15)
# No letters or digits that look alike; a digit at the end keeps it from being a word.
LETTERS, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", "23456789"
HALF = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation, and a person in it."""

    conversation: int
    person: str


def issue(connection: Connection, conversation_id: int, person: str, now: datetime) -> str:
    """A code that opens this person's dialogs once, for 15 minutes; only its digest is stored."""
    plain = "".join(secrets.choice(LETTERS) for _ in range(2 * HALF - 1)) + secrets.choice(DIGITS)
    row = {"code": _digest(plain), "conversation_id": conversation_id, "person": person}
    connection.execute(insert(move_code).values(row | {"expires_at": now + CODE_LIFE}))
    return f"{plain[:HALF]}-{plain[HALF:]}"


def take(
    connection: Connection, database: Database, code: str, here: Place, now: datetime
) -> tuple[Draft, ...] | None:
    """What a code opens, taken away from where it was; nothing for a code that is wrong, used or late."""
    mine = select(move_code).where(move_code.c.code == _digest(code))
    row = connection.execute(database.for_update(mine)).one_or_none()
    if row is None or row.used_at or row.expires_at < now:
        return None
    used = update(move_code).where(move_code.c.code == row.code)
    connection.execute(used.values(used_at=now))
    there = Place(row.conversation_id, row.person)
    if there == here:
        return ()
    _bring(connection, there, here, now)
    return _drafts(connection, database, there)


def _drafts(connection: Connection, database: Database, there: Place) -> tuple[Draft, ...]:
    where = conversation.c.id == there.conversation
    row = connection.execute(database.for_update(select(conversation).where(where))).one()
    memory = unpack_state(row.state)
    left = tuple(draft for draft in memory.drafts if draft.owner != there.person)
    emptied = pack_state(replace(memory, drafts=left, options=()))
    connection.execute(update(conversation).where(where).values(state=emptied))
    return tuple(draft for draft in memory.drafts if draft.owner == there.person)


def _bring(connection: Connection, there: Place, here: Place, now: datetime) -> None:
    """Seats, bookings and letters are theirs here; what they agreed to and told us holds here as well."""
    whom = {"person": here.person, "conversation_id": here.conversation}
    for table in (seminar_registration, booking):
        connection.execute(update(table).where(table.c.person == there.person).values(whom))
    connection.execute(update(case).where(case.c.person == there.person).values(person=here.person))
    waiting = and_(outbox.c.person == there.person, outbox.c.state == "due")
    connection.execute(update(outbox).where(waiting).values(person=here.person))
    for one in consents.given(connection, there.person):
        consents.record(connection, here.conversation, here.person, one.purpose, one.version, now)
    known = set(connection.scalars(select(detail.c.name).where(detail.c.person == here.person)))
    for row in connection.execute(select(detail).where(detail.c.person == there.person)).all():
        if row.name not in known:
            told = {"person": here.person, "name": row.name, "text": row.text, "at": row.at}
            connection.execute(insert(detail).values(told))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
