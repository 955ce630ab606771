"""The durable inbox: every event is here before its sender hears that it arrived.

A row is `new`, `working` under a lease, `done`, or `parked` after a fault that was apologised for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, tuple_, update

from intents.messages import Incoming, Lane
from storage.codec import pack_incoming, unpack_incoming
from storage.database import Database
from storage.tables import inbox

LEASE = timedelta(seconds=30)
RING = "inbox"
_OPEN = ("new", "working")
Key = tuple[str, str]
_Row = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """The row of an event, whether it was there before, and if so whether it says the same."""

    event: int
    duplicate: bool
    same: bool = True


def add(database: Database, batch: Sequence[Incoming], owner: str) -> list[Stored]:
    """Stores a batch of events in one transaction; the same key twice, even within it, is one row.

    An event of the fast lane is leased to `owner` at once, so that no worker takes it from the request.
    """
    with database.begin() as connection:
        rows = {(event.channel, event.event_key): _row(event, owner) for event in batch}
        known = _stored_rows(connection, rows)
        fresh = [row for key, row in rows.items() if key not in known]
        if fresh:
            connection.execute(database.insert_new(inbox, fresh))
            database.ring(connection, RING)
        stored = known | _stored_rows(connection, rows)
    seen = set(known)
    return [_told(event, stored, seen) for event in batch]


def _told(event: Incoming, stored: Mapping[Key, _Row], seen: set[Key]) -> Stored:
    key = (event.channel, event.event_key)
    id_, content = stored[key]
    if key not in seen:
        seen.add(key)
        return Stored(id_, duplicate=False)
    # A retry says the same; anything else under a used key is a fault of its sender, never merged.
    return Stored(id_, duplicate=True, same=content == pack_incoming(event)["content"])


def _stored_rows(connection: Connection, keys: Iterable[Key]) -> dict[Key, _Row]:
    wanted = tuple_(inbox.c.channel, inbox.c.event_key).in_(list(keys))
    found = connection.execute(select(inbox).where(wanted))
    return {(row.channel, row.event_key): (row.id, row.body["content"]) for row in found}


def _row(event: Incoming, owner: str) -> dict[str, object]:
    held = event.lane is Lane.FAST
    return {
        "channel": event.channel,
        "event_key": event.event_key,
        "conversation": event.conversation,
        "body": pack_incoming(event),
        "received_at": event.received_at,
        "state": "working" if held else "new",
        "lease_owner": owner if held else None,
        "lease_until": event.received_at + LEASE if held else None,
        "attempts": 0,
    }


def claim(database: Database, owner: str, now: datetime, limit: int) -> list[int]:
    """Leases the oldest events that may run now: one per conversation, and none before an older one."""
    with database.begin() as connection:
        due = select(inbox.c.id).where(_claimable(now), ~_older_open()).order_by(inbox.c.id).limit(limit)
        ids = list(connection.scalars(database.for_update(due, skip_locked=True)))
        if ids:
            _lease(connection, ids, owner, now)
    return ids


def _claimable(now: datetime) -> ColumnElement[bool]:
    lapsed = and_(inbox.c.state == "working", inbox.c.lease_until < now)
    return or_(inbox.c.state == "new", lapsed)


def _older_open() -> ColumnElement[bool]:
    older = inbox.alias("older")
    return exists().where(
        older.c.channel == inbox.c.channel,
        older.c.conversation == inbox.c.conversation,
        older.c.state.in_(_OPEN),
        older.c.id < inbox.c.id,
    )


def _lease(connection: Connection, ids: Sequence[int], owner: str, now: datetime) -> None:
    connection.execute(
        update(inbox)
        .where(inbox.c.id.in_(ids))
        .values(state="working", lease_owner=owner, lease_until=now + LEASE, attempts=inbox.c.attempts + 1)
    )


def is_its_turn(database: Database, event: int) -> bool:
    """Whether everything said earlier in the same conversation has been dealt with."""
    with database.look() as connection:
        return connection.scalar(select(inbox.c.id).where(inbox.c.id == event, ~_older_open())) is not None


def give_back(database: Database, event: int, owner: str) -> None:
    """Lets another worker take an event that this one could not finish."""
    with database.begin() as connection:
        connection.execute(
            update(inbox)
            .where(inbox.c.id == event, inbox.c.lease_owner == owner, inbox.c.state == "working")
            .values(state="new", lease_owner=None, lease_until=None)
        )
        database.ring(connection, RING)


def open_event(connection: Connection, database: Database, event: int) -> Incoming | None:
    """Locks the event for this transaction; nothing when it has been dealt with."""
    row = connection.execute(
        database.for_update(select(inbox.c.body, inbox.c.state).where(inbox.c.id == event))
    ).one()
    return unpack_incoming(row.body) if row.state in _OPEN else None


def finish(connection: Connection, event: int, state: str = "done") -> None:
    """Marks the event as dealt with."""
    connection.execute(
        update(inbox).where(inbox.c.id == event).values(state=state, lease_owner=None, lease_until=None)
    )


def park(database: Database, event: int) -> None:
    """Takes an event aside that cannot even be apologised for, so that those behind it are answered."""
    with database.begin() as connection:
        finish(connection, event, "parked")


def knows(database: Database, channel: str, conversation: str) -> bool:
    """Whether anything has arrived in a conversation."""
    with database.look() as connection:
        mine = (inbox.c.channel == channel) & (inbox.c.conversation == conversation)
        return connection.scalar(select(inbox.c.id).where(mine).limit(1)) is not None


def backlog(database: Database, before: datetime) -> int:
    """How many events received before that moment still wait: the sign of a stuck worker."""
    with database.look() as connection:
        waiting = select(inbox.c.id).where(inbox.c.state.in_(_OPEN), inbox.c.received_at < before)
        return len(connection.execute(waiting.limit(1000)).all())
