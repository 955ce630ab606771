"""What the console shows beside the queue and the story: what is new, what is alike, who has looked."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from intents.desk.case_records import Case, case_number
from intents.readers.organisation_key import organisation_key
from storage.case_rows import case_of
from storage.tables import audit, booking, case

ALIKE_SHOWN = 5


def newest_case(connection: Connection) -> int:
    """The id of the newest case; 0 while there is none."""
    return connection.scalar(select(func.max(case.c.id))) or 0


def opened_since(connection: Connection, newest: int) -> int:
    """How many open cases have come in after the one of that id."""
    return connection.scalar(select(func.count()).where(case.c.id > newest, case.c.open)) or 0


def alike(connection: Connection, of: Case) -> tuple[Case, ...]:
    """Other open cases of the same organisation, the newest first."""
    if not of.organisation:
        return ()
    same = case.c.organisation_key == organisation_key(of.organisation)
    rows = connection.execute(
        select(case)
        .where(same, case.c.open, case.c.id != of.id)
        .order_by(case.c.id.desc())
        .limit(ALIKE_SHOWN)
    )
    return tuple(map(case_of, rows))


def read_since(connection: Connection, subject: str, actor: str, since: datetime) -> bool:
    """Whether somebody has looked at it since then, by the audit."""
    mine = and_(
        audit.c.subject == subject, audit.c.actor == actor, audit.c.action == "read", audit.c.at >= since
    )
    return connection.scalar(select(audit.c.id).where(mine).limit(1)) is not None


def booked_cases(connection: Connection) -> Mapping[str, str]:
    """The number of the case for which each standing booking was made, by the booking's number."""
    rows = connection.execute(select(booking.c.id, booking.c.case_id).where(booking.c.state == "booked"))
    return {f"B-{row.id:05d}": case_number(row.case_id) for row in rows}
