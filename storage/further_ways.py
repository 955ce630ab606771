"""Further ways of a letter: when one cannot deliver it for good, the next one carries it, under a key of its own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from storage import consents
from storage.database import Database
from storage.outbox_turns import RING, place_of, waiting
from storage.tables import outbox
from storage.written import word

# What every way of a letter has in common.
_SHARED = ("body", "person", "purpose", "trace", "hours")
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Way:
    """A channel, and the address there."""

    channel: str
    address: Mapping[str, str]


def kept(ways: Sequence[Way]) -> dict[str, object]:
    """What the outbox keeps of the further ways of a letter."""
    return {"otherwise": [asdict(way) for way in ways]} if ways else {}


def base_of(key: str, channel: str) -> str:
    """The part of a key that all ways of a letter share."""
    return key.removesuffix(f":{channel}")


def pass_on(connection: Connection, database: Database, parked: int, now: datetime) -> str:
    """Puts a letter that was parked on its next way, due now; gives the channel, empty when no way is left.

    Who has withdrawn meanwhile gets it on no way, and an address that was struck off is passed over.
    """
    row = connection.execute(select(outbox).where(outbox.c.id == parked)).one()
    left = [Way(**way) for way in row.otherwise or () if _open(connection, row, Way(**way))]
    if not left:
        return ""
    first, *otherwise = left
    where = {"channel": first.channel, "place": place_of(first.address), "address": dict(first.address)}
    same = {name: row._mapping[name] for name in _SHARED}
    fresh = {"state": "due", "attempts": 0, "due_at": now, "put_at": now}
    key = f"{base_of(row.key, row.channel)}:{first.channel}"
    whole = {"key": key, **where, **same, **fresh, **kept(otherwise)}
    database.add_new(connection, outbox, [whole])
    database.ring(connection, RING)
    return first.channel


def _open(connection: Connection, row: Row[Any], way: Way) -> bool:
    """Whether nobody has ended the letters of this purpose on that way."""
    if not row.purpose:
        return True
    names = [row.person or "", *([consents.by_mail(mail)] if (mail := way.address.get("mail")) else [])]
    return not consents.withdrawn(connection, names, row.purpose)


def pass_on_unserved(database: Database, served: Collection[str], before: datetime, now: datetime) -> int:
    """Parks letters that were due before that moment on a channel on which nobody sends, and passes them on.

    Those that have no other way wait on, for the channel to be set up. Gives their number.
    """
    left = select(outbox.c.id, outbox.c.channel).where(_unserved(served, before)).limit(AT_ONCE)
    with database.look() as connection:
        if connection.execute(left.limit(1)).one_or_none() is None:
            return 0
    with database.begin() as connection:
        rows = connection.execute(database.for_update(left, skip_locked=True)).all()
        for row in rows:
            parked = {"state": "parked", "last_error": f"nobody sends on {row.channel}"}
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(parked))
            pass_on(connection, database, row.id, now)
    return len(rows)


def _unserved(served: Collection[str], before: datetime) -> ColumnElement[bool]:
    waits = and_(waiting(outbox), outbox.c.state == word("due"), outbox.c.due_at < before)
    return and_(waits, outbox.c.channel.not_in(list(served)), outbox.c.otherwise.is_not(None))
