"""Organisations that took the desk out of their chat: nothing is sent there until the desk is there again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update

from storage.database import Database
from storage.tables import workspace


@dataclass(frozen=True, slots=True)
class Left:
    """A workspace that the desk was taken out of: its channel's name, since when (UTC), and the channel's word for it."""

    name: str
    at: datetime
    why: str


def leave(database: Database, channel: str, name: str, at: datetime, why: str) -> None:
    """Notes that the desk was taken out; what happened earlier and is told late changes nothing."""
    row = {"channel": channel, "name": name, "left_at": at, "why": why}
    with database.begin() as connection:
        connection.execute(database.insert_new(workspace, [row]))
        mine = and_(workspace.c.channel == channel, workspace.c.name == name, workspace.c.left_at < at)
        connection.execute(update(workspace).where(mine).values(left_at=at, why=why))


def come_back(database: Database, channel: str, name: str, at: datetime) -> None:
    """Notes a sign that the desk is there; nothing for a workspace that never took it out, or did so later."""
    with database.begin() as connection:
        mine = and_(workspace.c.channel == channel, workspace.c.name == name, workspace.c.left_at < at)
        connection.execute(update(workspace).where(mine).values(back_at=at))


def left(database: Database, channel: str) -> tuple[Left, ...]:
    """The workspaces of a channel that the desk is not in now, by their names."""
    away = or_(workspace.c.back_at.is_(None), workspace.c.back_at <= workspace.c.left_at)
    mine = select(workspace).where(workspace.c.channel == channel, away).order_by(workspace.c.name)
    with database.look() as connection:
        return tuple(Left(row.name, row.left_at, row.why) for row in connection.execute(mine))
