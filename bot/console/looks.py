"""Who looked at what: one line in the audit, and no second one while it is still the same look."""

from datetime import timedelta

import structlog

from bot.console.visit import Visit
from storage.console_views import read_since
from storage.database import DatabaseDown

log = structlog.get_logger()
# Looking again within this time is the same look: one line for each person and subject, in whatever process.
LOOK = timedelta(minutes=10)


def note_look(visit: Visit, subject: str) -> None:
    """Keeps that this person has looked."""
    with visit.database.look() as connection:
        if read_since(connection, subject, visit.member.actor, visit.now - LOOK):
            return
    with visit.books() as opened:
        opened.audit.note(subject, "read", reason="console")


def note_look_at_list(visit: Visit, subject: str) -> None:
    """Keeps that this person has looked at a list, which is shown also while nothing can be written; the log has it then."""
    try:
        note_look(visit, subject)
    except DatabaseDown:
        log.error("console_look_not_noted", subject=subject, who=visit.member.name, trace=visit.trace)
