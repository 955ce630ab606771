"""What people agreed to, by purpose: kept with the version they saw, ended when they say so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from storage.tables import consent, outbox

# A letter that failed or is just being tried could otherwise leave later.
_NOT_SENT = ("due", "sending", "parked")


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent in force: what for, the version of the text that was shown, and when (UTC)."""

    purpose: str
    version: str
    given_at: datetime


def record(
    connection: Connection, conversation_id: int, person: str, purpose: str, version: str, now: datetime
) -> None:
    """Keeps a consent, where it was given and which text was shown."""
    row = {"conversation_id": conversation_id, "person": person, "purpose": purpose, "version": version}
    connection.execute(insert(consent).values(row | {"given_at": now}))


def given(connection: Connection, person: str) -> tuple[Consent, ...]:
    """The consents of a person that are in force, oldest first."""
    mine = and_(consent.c.person == person, consent.c.withdrawn_at.is_(None))
    rows = connection.execute(select(consent).where(mine).order_by(consent.c.id))
    return tuple(Consent(row.purpose, row.version, row.given_at) for row in rows)


def agreed(connection: Connection, person: str, purpose: str) -> str:
    """The version that a person agreed to last and has not withdrawn; empty when there is none."""
    newest = (
        select(consent.c.version).where(_in_force(person, purpose)).order_by(consent.c.id.desc()).limit(1)
    )
    return connection.scalar(newest) or ""


def purposes(connection: Connection, person: str) -> tuple[str, ...]:
    """What a person has agreed to, each purpose once, in the order of the first consent."""
    return tuple(dict.fromkeys(one.purpose for one in given(connection, person)))


def withdraw(connection: Connection, person: str, purpose: str, now: datetime) -> int:
    """Ends a person's consents to a purpose and drops its letters that have not left; gives the number ended."""
    ended = update(consent).where(_in_force(person, purpose)).values(withdrawn_at=now)
    letters = and_(outbox.c.person == person, outbox.c.purpose == purpose, outbox.c.state.in_(_NOT_SENT))
    free = {"state": "dropped", "lease_owner": None, "lease_until": None}
    connection.execute(update(outbox).where(letters).values(free))
    return connection.execute(ended).rowcount


def _in_force(person: str, purpose: str) -> ColumnElement[bool]:
    return and_(consent.c.person == person, consent.c.purpose == purpose, consent.c.withdrawn_at.is_(None))
