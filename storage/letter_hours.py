"""The hours in which a letter may leave: one that was held up does not come at night instead. Moments are UTC."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, null, update

from intents.desk.books import Span
from storage.outbox_turns import waiting
from storage.tables import outbox


def kept_hours(hours: Sequence[Span]) -> dict[str, object]:
    """What the outbox keeps of the hours of a letter."""
    return {"hours": [[begin.isoformat(), end.isoformat()] for begin, end in hours]} if hours else {}


def opens(row: Row[Any], now: datetime) -> datetime | None:
    """When a letter may leave next; None: now. After the last of its hours it has waited long enough."""
    spans = [(datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in row.hours or ()]
    begin = next((begin for begin, end in spans if now < end), now)
    return begin if now < begin else None


def hold_back(connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Puts off those letters whose hours are over until they begin again, and gives the others."""
    open_ = []
    for row in rows:
        begin = opens(row, now)
        if begin is None:
            open_.append(row)
        else:
            free = {"state": "due", "due_at": begin, "lease_owner": None, "lease_until": None}
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(free))
    return open_


def at_any_hour(connection: Connection) -> None:
    """Lets everything that waits leave whatever the hour: samples are looked at in the evening, too."""
    kept = and_(waiting(outbox), outbox.c.hours.is_not(null()))
    connection.execute(update(outbox).where(kept).values(hours=null(), due_at=outbox.c.put_at))
