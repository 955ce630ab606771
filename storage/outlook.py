"""When the outbox has something to do next, for whoever would rather sleep than look again and again. Moments are UTC."""

from datetime import datetime

from sqlalchemy import func, select, union_all

from storage.database import Database
from storage.tables import outbox


def next_letter(database: Database, channel: str) -> datetime | None:
    """When the first letter of a channel is due, or the first lease lapses; nothing when none waits there.

    That is past for a letter that waits behind another one of its place.
    """
    mine = outbox.c.channel == channel
    due = select(outbox.c.due_at.label("at")).where(mine, outbox.c.state == "due")
    lapses = select(outbox.c.lease_until.label("at")).where(mine, outbox.c.state == "sending")
    both = union_all(due, lapses).subquery()
    with database.look() as connection:
        found: datetime | None = connection.scalar(select(func.min(both.c.at)))
    return found
