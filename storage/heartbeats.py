"""Signs of life: when each thing that must keep going was last seen to, whichever process it ran in."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, select, update

from storage.database import Database
from storage.tables import heartbeat


def beat(database: Database, name: str, now: datetime) -> None:
    """Notes a sign of life; one that comes late does not hide a newer one."""
    with database.begin() as connection:
        connection.execute(database.insert_new(heartbeat, [{"name": name, "at": now}]))
        older = and_(heartbeat.c.name == name, heartbeat.c.at < now)
        connection.execute(update(heartbeat).where(older).values(at=now))


def last(database: Database) -> Mapping[str, datetime]:
    """The newest sign of life by name, UTC."""
    with database.look() as connection:
        rows = connection.execute(select(heartbeat.c.name, heartbeat.c.at))
        return {row.name: row.at for row in rows}
