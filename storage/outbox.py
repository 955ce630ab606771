"""The outbox: everything to be said outside the direct reply, once per key, leased while it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from intents.messages import Reply
from storage.codec import pack_reply, unpack_reply
from storage.database import Database
from storage.tables import outbox

LEASE = timedelta(seconds=60)
RING = "outbox"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way: where it goes, what it says, and how often sending was begun.

    `attempts` above one means that an earlier try may have arrived: look before sending again.
    """

    id: int
    key: str
    channel: str
    address: Mapping[str, str]
    body: Reply
    attempts: int


def put(
    connection: Connection,
    database: Database,
    key: str,
    channel: str,
    address: Mapping[str, str],
    body: Reply,
    due: datetime,
) -> None:
    """Adds a message; a second one under the same key is not an error and not a second message."""
    where = {"channel": channel, "place": place_of(address), "address": dict(address)}
    row = {"key": key, "body": pack_reply(body), "due_at": due, "state": "due", "attempts": 0}
    connection.execute(database.insert_new(outbox, [where | row]))
    database.ring(connection, RING)


def place_of(address: Mapping[str, str]) -> str:
    """What an address has in common with others of the same pace and order: its channel, its Home, its chat."""
    found = (f"{name}:{address[name]}" for name in ("channel", "home", "conversation") if name in address)
    return next(found, "")[:200]


def claim(
    database: Database, channel: str, owner: str, now: datetime, limit: int, pace: timedelta = timedelta()
) -> list[Letter]:
    """Leases what is due on a channel: one letter a place, the oldest, `pace` after the last one left."""
    due = select(outbox).where(outbox.c.channel == channel, _claimable(now), ~_held(now, pace))
    due = due.order_by(outbox.c.due_at, outbox.c.id).limit(limit)
    with database.look() as connection:
        # Looking costs no lock; most of the time nothing is due.
        if connection.execute(due.limit(1)).one_or_none() is None:
            return []
    with database.begin() as connection:
        rows = connection.execute(database.for_update(due, skip_locked=True)).all()
        lease = {"state": "sending", "lease_owner": owner, "lease_until": now + LEASE}
        mine = outbox.c.id.in_([row.id for row in rows])
        connection.execute(update(outbox).where(mine).values(attempts=outbox.c.attempts + 1, **lease))
    return [
        Letter(row.id, row.key, row.channel, row.address, unpack_reply(row.body), row.attempts + 1)
        for row in rows
    ]


def _claimable(now: datetime) -> ColumnElement[bool]:
    due = and_(outbox.c.state == "due", outbox.c.due_at <= now)
    return or_(due, and_(outbox.c.state == "sending", outbox.c.lease_until < now))


def _held(now: datetime, pace: timedelta) -> ColumnElement[bool]:
    """Whether another letter of the same place goes first, is on its way, or has only just left."""
    other = outbox.alias("other")
    older = and_(other.c.id < outbox.c.id, other.c.state == "due", other.c.due_at <= now)
    lapsed = and_(other.c.id < outbox.c.id, other.c.state == "sending")
    leaving = and_(other.c.id != outbox.c.id, other.c.state == "sending", other.c.lease_until >= now)
    just_left = and_(other.c.state == "sent", other.c.sent_at > now - pace)
    return exists().where(
        other.c.channel == outbox.c.channel,
        other.c.place == outbox.c.place,
        or_(older, lapsed, leaving, just_left),
    )


def sent(database: Database, letter: int, owner: str, now: datetime, reference: str) -> bool:
    """Marks a message as handed to the channel; False when the lease was lost meanwhile."""
    return _settle(database, letter, owner, state="sent", sent_at=now, reference=reference)


def later(database: Database, letter: int, owner: str, due: datetime, why: str) -> bool:
    """Puts a message off until then."""
    return _settle(database, letter, owner, state="due", due_at=due, last_error=why[:500])


def quiet(database: Database, channel: str, address: Mapping[str, str], until: datetime) -> None:
    """Lets nothing leave for a place before that moment: the channel asked for it."""
    with database.begin() as connection:
        waiting = and_(
            outbox.c.channel == channel, outbox.c.place == place_of(address), outbox.c.state == "due"
        )
        connection.execute(update(outbox).where(waiting, outbox.c.due_at < until).values(due_at=until))


def park(database: Database, letter: int, owner: str, why: str) -> bool:
    """Takes a message that always fails out of the way of the others, for a person to look at."""
    return _settle(database, letter, owner, state="parked", last_error=why[:500])


def _settle(database: Database, letter: int, owner: str, **values: object) -> bool:
    with database.begin() as connection:
        mine = and_(outbox.c.id == letter, outbox.c.lease_owner == owner, outbox.c.state == "sending")
        result = connection.execute(
            update(outbox).where(mine).values(lease_owner=None, lease_until=None, **values)
        )
        return bool(result.rowcount)


def said_directly(database: Database, key: str, now: datetime) -> None:
    """The message went out as the answer to the request itself: nothing is left to send."""
    with database.begin() as connection:
        held = and_(outbox.c.key == key, outbox.c.state == "due")
        connection.execute(update(outbox).where(held).values(state="sent", sent_at=now, reference="direct"))


def overdue(database: Database, before: datetime) -> int:
    """How many messages should have left before that moment and have not."""
    with database.look() as connection:
        waiting = and_(outbox.c.state.in_(("due", "sending")), outbox.c.due_at < before)
        return connection.scalar(select(func.count()).select_from(outbox).where(waiting)) or 0
