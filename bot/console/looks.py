"""Who looked at what: one line in the audit, and no second one while it is still the same look."""

from datetime import timedelta

from bot.console.visit import Visit
from storage.console_views import read_since

# Looking again within this time is the same look: one line for each person and subject, in whatever process.
LOOK = timedelta(minutes=10)


def note_look(visit: Visit, subject: str) -> None:
    """Keeps that this person has looked."""
    with visit.database.look() as connection:
        if read_since(connection, subject, visit.member.actor, visit.now - LOOK):
            return
    with visit.books() as opened:
        opened.audit.note(subject, "read", reason="console")
