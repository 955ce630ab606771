"""When the outbox has something to do next, for whoever would rather sleep than look again and again. Moments are UTC."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, or_, select

from storage.database import Database
from storage.outbox_turns import waiting
from storage.tables import outbox
from storage.written import word

_NOW: BindParameter[datetime] = bindparam("now")


def _next() -> Select[Any]:
    mine = and_(waiting(outbox), outbox.c.channel == bindparam("channel"))
    first = outbox.alias("first")
    here = and_(first.c.channel == outbox.c.channel, first.c.place == outbox.c.place, waiting(first))
    quiet = exists().where(here, first.c.state == word("due"), first.c.quiet_until > _NOW)
    in_turn = or_(outbox.c.quiet_until > _NOW, ~quiet)
    # In the order of the index, so that the first one is enough however many wait.
    due = select(outbox.c.due_at).where(mine, outbox.c.state == word("due"), in_turn)
    first_due = due.order_by(outbox.c.due_at).limit(1).scalar_subquery()
    lapses = select(func.min(outbox.c.lease_until)).where(mine, outbox.c.state == word("sending"))
    return select(first_due.label("due"), lapses.scalar_subquery().label("lapses"))


_NEXT = _next()


def next_letter(database: Database, channel: str, now: datetime) -> datetime | None:
    """When the first letter of a channel is due, or the first lease lapses; nothing when none waits there.

    That is past for a letter that waits behind one of its place that is on its way; what waits behind one that was
    told to wait comes after it.
    """
    with database.look() as connection:
        found = connection.execute(_NEXT, {"channel": channel, "now": now}).one()
    return min((moment for moment in found if moment is not None), default=None)


_CHANNELS = select(outbox.c.channel).distinct().where(waiting(outbox))


def waiting_channels(database: Database) -> tuple[str, ...]:
    """The channels on which a letter waits or is on its way."""
    with database.look() as connection:
        return tuple(sorted(connection.scalars(_CHANNELS)))
