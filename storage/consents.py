"""What people agreed to, by purpose: kept with the version they saw, ended when they say so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from storage.tables import consent, outbox

# A letter that failed or is just being tried could otherwise leave later.
_NOT_SENT = ("due", "sending", "parked")
# As long as the columns that hold it.
PLACE = 200
_OF = and_(consent.c.person == bindparam("whose"), consent.c.purpose == bindparam("what"))
_IN_FORCE = and_(_OF, consent.c.withdrawn_at.is_(None))
# Asked before every letter: put together once.
_AGREED = select(consent.c.version).where(_IN_FORCE).order_by(consent.c.id.desc()).limit(1)
_OF_THESE = and_(
    consent.c.person.in_(bindparam("names", expanding=True)), consent.c.purpose == bindparam("what")
)
_AGREED_BY = (
    select(consent.c.person, consent.c.version)
    .where(_OF_THESE, consent.c.withdrawn_at.is_(None))
    .order_by(consent.c.id)
)
_HEARD = select(consent.c.person, consent.c.withdrawn_at).where(_OF_THESE).order_by(consent.c.id)


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent in force: what for, the version of the text that was shown, and when (UTC)."""

    purpose: str
    version: str
    given_at: datetime


def record(
    connection: Connection,
    conversation_id: int | None,
    person: str,
    purpose: str,
    version: str,
    now: datetime,
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
    return connection.scalar(_AGREED, {"whose": person, "what": purpose}) or ""


def agreed_by(connection: Connection, persons: Collection[str], purpose: str) -> Mapping[str, str]:
    """The versions that people agreed to last and have not withdrawn, by person."""
    rows = connection.execute(_AGREED_BY, {"names": list(persons), "what": purpose})
    return {row.person: row.version for row in rows}


def purposes(connection: Connection, person: str) -> tuple[str, ...]:
    """What a person has agreed to, each purpose once, in the order of the first consent."""
    return tuple(dict.fromkeys(one.purpose for one in given(connection, person)))


def withdraw(connection: Connection, person: str, purpose: str, now: datetime, mail: str = "") -> int:
    """Ends a person's consents to a purpose and drops its letters that have not left; gives the number ended.

    With an address, no letter of that purpose goes there either, whoever's seat it is by now.
    """
    count = _end(connection, person, purpose, now)
    letters = outbox.c.person == person
    if mail:
        count += _end(connection, by_mail(mail), purpose, now)
        # The channel is named as well: letters are found by both together.
        letters = or_(letters, and_(outbox.c.channel == "mail", outbox.c.place == f"mail:{mail}"[:PLACE]))
    waiting = and_(letters, outbox.c.purpose == purpose, outbox.c.state.in_(_NOT_SENT))
    free = {"state": "dropped", "lease_owner": None, "lease_until": None}
    connection.execute(update(outbox).where(waiting).values(free))
    return count


def by_mail(mail: str) -> str:
    """Under what name an address stands among the persons of consents."""
    return f"mail:{mail}"[:PLACE]


def _end(connection: Connection, person: str, purpose: str, now: datetime) -> int:
    ended = update(consent).where(_IN_FORCE)
    given = {"whose": person, "what": purpose, "withdrawn_at": now}
    count = connection.execute(ended, given).rowcount
    if not count:
        # Who never had to agree, such as an invited person, can still say no; a later consent is newer.
        row = {"conversation_id": None, "person": person, "purpose": purpose, "version": ""}
        connection.execute(insert(consent).values(row | {"given_at": now, "withdrawn_at": now}))
    return count


def has_withdrawn(connection: Connection, person: str, purpose: str) -> bool:
    """Whether the last that was heard of a person about a purpose is that they withdrew."""
    return bool(withdrawn(connection, (person,), purpose))


def withdrawn(connection: Connection, persons: Collection[str], purpose: str) -> frozenset[str]:
    """Those of whom the last that was heard about a purpose is that they withdrew."""
    heard = connection.execute(_HEARD, {"names": list(persons), "what": purpose}).all()
    last = {row.person: row.withdrawn_at for row in heard}
    return frozenset(person for person, withdrawn_at in last.items() if withdrawn_at)
