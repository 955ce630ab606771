"""Cases: what staff must look at, each with a receipt number and the conversation that led to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.database import Database
from storage.tables import case, conversation


@dataclass(frozen=True, slots=True)
class Case:
    """One case as staff see it in a list; times are UTC."""

    number: str
    kind: str
    state: str
    summary: str
    channel: str
    opened_at: datetime


class StoredCases:
    """The cases within one transaction."""

    def __init__(
        self,
        connection: Connection,
        database: Database,
        conversation_id: int,
        event: int,
        now: datetime,
        person: str,
    ) -> None:
        self._connection = connection
        self._database = database
        self._turn = {"conversation_id": conversation_id, "event": event, "opened_at": now, "state": "new"}
        self._turn["person"] = person

    def open(self, kind: str, summary: str) -> str:
        """Opens a case for this turn; a second call for the same turn gives the first one's number."""
        row = self._turn | {"kind": kind, "summary": summary}
        self._connection.execute(self._database.insert_new(case, [row]))
        mine = select(case.c.id).where(case.c.event == self._turn["event"])
        return number(self._connection.scalars(mine).one())

    def latest(self, kind: str) -> str:
        """The number of the newest case of that kind in this conversation; empty when there is none."""
        mine = (case.c.conversation_id == self._turn["conversation_id"]) & (case.c.kind == kind)
        found = self._connection.scalar(select(func.max(case.c.id)).where(mine))
        return number(found) if found else ""


def number(id_: int) -> str:
    """The receipt number of a case."""
    return f"K-{id_:05d}"


def id_of(number: str) -> int:
    """The row that a receipt number names; 0 when it names none."""
    digits = number.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def listing(database: Database, limit: int = 100) -> tuple[Case, ...]:
    """The newest cases, newest first."""
    with database.look() as connection:
        rows = connection.execute(
            select(case, conversation.c.channel)
            .join(conversation, conversation.c.id == case.c.conversation_id)
            .order_by(case.c.id.desc())
            .limit(limit)
        ).all()
    return tuple(
        Case(number(row.id), row.kind, row.state, row.summary, row.channel, row.opened_at) for row in rows
    )
