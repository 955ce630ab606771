"""The outbox: everything to be said outside the direct reply, once per key, leased while it is sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, and_, bindparam, func, select, update

from intents.desk.books import Span
from intents.messages import Reply
from storage.database import Database
from storage.further_ways import Way as Way
from storage.further_ways import kept, pass_on
from storage.letter_hours import hold_back, kept_hours
from storage.outbox_letters import FREE, letters_of
from storage.outbox_letters import Letter as Letter
from storage.outbox_rows import add, row_of
from storage.outbox_turns import RING as RING
from storage.outbox_turns import anybodys_turn, turns, waiting
from storage.outbox_turns import place_of as place_of
from storage.spent_links import HOLDS_LINK, spend
from storage.tables import outbox
from storage.written import word

LEASE = timedelta(seconds=60)
# What every letter needs on its way, put together once.
_LEASED = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)))
    .values(state="sending", attempts=outbox.c.attempts + 1)
)
_MINE = and_(outbox.c.lease_owner == bindparam("owner"), outbox.c.state == word("sending"))
_SETTLED = update(outbox).where(outbox.c.id == bindparam("row"), _MINE)
_FAILED = _SETTLED.values(failures=outbox.c.failures + 1)
_SENT = _SETTLED.values(state="sent").returning(HOLDS_LINK)


def put(
    connection: Connection,
    database: Database,
    key: str,
    channel: str,
    address: Mapping[str, str],
    body: Reply,
    due: datetime,
    now: datetime | None = None,
    *,
    person: str | None = None,
    purpose: str | None = None,
    trace: str | None = None,
    subject: str | None = None,
    otherwise: Sequence[Way] = (),
    hours: Sequence[Span] = (),
) -> None:
    """Adds a message; a second one under the same key is not an error and not a second message.

    `person` and `purpose` say whose consent it needs; nothing where it needs none. `trace` is that of the audit.
    `subject` is what a card shows: it takes the place of older cards of it that have not left. `otherwise` are
    further ways, each tried when the one before it was parked; the key then ends with `:` and the channel. `hours` are
    those in which it may leave.
    """
    whom: dict[str, object] = {"person": person, "purpose": purpose, "trace": trace, "subject": subject}
    row = whom | row_of(key, Way(channel, address), body, due, now)
    if subject and _renewed(connection, row):
        database.ring(connection, RING)
    else:
        add(connection, database, [row | kept(otherwise) | kept_hours(hours)])


def _renewed(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Lets a card that has not left show this one instead: it keeps its turn, and that an earlier try may be there."""
    mine = and_(*(outbox.c[name] == row[name] for name in ("subject", "channel", "place")))
    older = and_(mine, outbox.c.state.in_(("due", "parked")), outbox.c.key != row["key"])
    first = connection.scalar(select(func.min(outbox.c.id)).where(older, outbox.c.state == word("due")))
    connection.execute(update(outbox).where(older, outbox.c.id != (first or 0)).values(state="dropped"))
    new = {name: row[name] for name in ("key", "body", "address", "due_at", "trace")}
    same = and_(outbox.c.id == first, outbox.c.state == word("due"))
    return connection.execute(update(outbox).where(same).values(failures=0, **new)).rowcount == 1


def claim(
    database: Database,
    channel: str,
    owner: str,
    now: datetime,
    limit: int,
    pace: timedelta = timedelta(),
    *,
    seen: bool = False,
) -> list[Letter]:
    """Leases what is due on a channel: one letter a place, the oldest, `pace` after the last one left.

    `seen`: something was due a moment ago, so that nobody need look first.
    """
    given = {"channel": channel, "now": now, "since": now - pace, "most": limit}
    if not seen and not _is_due(database, given, paced=bool(pace)):
        return []
    due = database.for_update(turns(paced=bool(pace)), skip_locked=True)
    with database.begin() as connection:
        found = connection.execute(due, given).all()
        rows = hold_back(connection, found, now)
        lease = {"lease_owner": owner, "lease_until": now + LEASE}
        if rows:
            connection.execute(_LEASED, {"rows": [row.id for row in rows], **lease})
        return letters_of(connection, channel, rows)


def _is_due(database: Database, given: Mapping[str, object], *, paced: bool) -> bool:
    """Looking costs no lock; most of the time nothing is due."""
    with database.look() as connection:
        return connection.scalar(anybodys_turn(paced=paced), given) is not None


def sent(database: Database, letter: int, owner: str, now: datetime, reference: str) -> bool:
    """Marks a message as handed to the channel; False when the lease was lost meanwhile."""
    with database.begin() as connection:
        left = {"row": letter, "owner": owner, **FREE, "sent_at": now, "reference": reference}
        holds_link = connection.execute(_SENT, left).scalar_one_or_none()
        # The channel has it also when the lease was lost.
        if holds_link is not False:
            spend(connection, letter)
        return holds_link is not None


def later(database: Database, letter: int, owner: str, due: datetime, why: str) -> bool:
    """Puts a message off until then, because sending it failed."""
    with database.begin() as connection:
        put_off = {"state": "due", "due_at": due, "last_error": why[:500]}
        return _settled(connection, letter, owner, put_off, _FAILED)


def quiet(database: Database, letter: int, owner: str, until: datetime, why: str) -> bool:
    """Puts a message off until then and holds its whole place, because the channel asked to wait."""
    with database.begin() as connection:
        held = {"state": "due", "due_at": until, "quiet_until": until, "last_error": why[:500]}
        return _settled(connection, letter, owner, held)


def park(database: Database, letter: int, owner: str, why: str, now: datetime) -> str | None:
    """Takes a message that always fails out of the way of the others, for a person to look at.

    Gives the channel of the further way that it takes now, empty when it has none, nothing when the lease was lost.
    """
    with database.begin() as connection:
        if not _settled(connection, letter, owner, {"state": "parked", "last_error": why[:500]}):
            return None
        return pass_on(connection, database, letter, now)


def _settled(
    connection: Connection, letter: int, owner: str, values: Mapping[str, object], how: Update = _SETTLED
) -> bool:
    return bool(connection.execute(how, {"row": letter, "owner": owner, **FREE, **values}).rowcount)


def said_directly(database: Database, key: str, now: datetime) -> None:
    """The message went out as the answer to the request itself: nothing is left to send."""
    with database.begin() as connection:
        held = and_(outbox.c.key == key, outbox.c.state == word("due"))
        settled = update(outbox).where(held).values(state="sent", sent_at=now, reference="direct")
        letter = connection.execute(settled.returning(outbox.c.id, HOLDS_LINK)).one_or_none()
        # One that is on its way elsewhere is looked through when it has left.
        if letter and letter.holds_link:
            spend(connection, letter.id)


def hurry(database: Database, key: str, now: datetime) -> None:
    """A message that waited for a direct answer need not wait any longer."""
    with database.begin() as connection:
        waiting = and_(outbox.c.key == key, outbox.c.state == word("due"), outbox.c.due_at > now)
        connection.execute(update(outbox).where(waiting).values(due_at=now))
        database.ring(connection, RING)


def overdue(database: Database, before: datetime, channels: Collection[str]) -> int:
    """How many messages of these channels should have left before that moment and have not."""
    with database.look() as connection:
        late = and_(waiting(outbox), outbox.c.due_at < before, outbox.c.channel.in_(list(channels)))
        return connection.scalar(select(func.count()).select_from(outbox).where(late)) or 0


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that was taken aside: where it should have gone, and what was wrong."""

    key: str
    channel: str
    failures: int
    last_error: str


def parked(database: Database) -> tuple[Parked, ...]:
    """Everything that was taken aside, oldest first."""
    columns = (outbox.c.key, outbox.c.channel, outbox.c.failures, outbox.c.last_error)
    with database.look() as connection:
        rows = connection.execute(
            select(*columns).where(outbox.c.state == word("parked")).order_by(outbox.c.id)
        ).all()
    return tuple(Parked(row.key, row.channel, row.failures, row.last_error or "") for row in rows)


def retry(database: Database, keys: Collection[str], now: datetime) -> int:
    """Gives parked messages another chance and says how many there were."""
    with database.begin() as connection:
        mine = and_(outbox.c.state == word("parked"), outbox.c.key.in_(list(keys)))
        fresh = {"state": "due", "due_at": now, "failures": 0}
        done = connection.execute(update(outbox).where(mine).values(fresh)).rowcount
        database.ring(connection, RING)
    return done
