"""The outbox: everything to be said outside the direct reply, once per key, leased while it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from intents.messages import Reply
from storage.codec import pack_reply, unpack_reply
from storage.database import Database
from storage.tables import outbox

LEASE = timedelta(seconds=60)


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
    row = {"key": key, "channel": channel, "address": dict(address), "body": pack_reply(body), "due_at": due}
    connection.execute(database.insert_new(outbox, [row | {"state": "due", "attempts": 0}]))


def claim(database: Database, channel: str, owner: str, now: datetime, limit: int) -> list[Letter]:
    """Leases what is due on a channel, oldest first."""
    with database.begin() as connection:
        due = select(outbox).where(outbox.c.channel == channel, _claimable(now))
        rows = connection.execute(
            database.for_update(due.order_by(outbox.c.due_at, outbox.c.id).limit(limit), skip_locked=True)
        ).all()
        if rows:
            connection.execute(
                update(outbox)
                .where(outbox.c.id.in_([row.id for row in rows]))
                .values(
                    state="sending",
                    lease_owner=owner,
                    lease_until=now + LEASE,
                    attempts=outbox.c.attempts + 1,
                )
            )
    return [
        Letter(row.id, row.key, row.channel, row.address, unpack_reply(row.body), row.attempts + 1)
        for row in rows
    ]


def _claimable(now: datetime) -> ColumnElement[bool]:
    due = and_(outbox.c.state == "due", outbox.c.due_at <= now)
    return or_(due, and_(outbox.c.state == "sending", outbox.c.lease_until < now))


def sent(database: Database, letter: int, owner: str, now: datetime, reference: str) -> bool:
    """Marks a message as handed to the channel; False when the lease was lost meanwhile."""
    return _settle(database, letter, owner, state="sent", sent_at=now, reference=reference)


def later(database: Database, letter: int, owner: str, due: datetime, why: str) -> bool:
    """Puts a message off until then."""
    return _settle(database, letter, owner, state="due", due_at=due, last_error=why[:500])


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
