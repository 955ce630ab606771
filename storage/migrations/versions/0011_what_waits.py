"""What waits is found without looking through everything that does not: letters, answers, silences."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
OPEN, UNSEEN = sa.text("state = 'open'"), sa.text("seen_at IS NULL")
HEARD = {
    "ix_obligation_told": "told_at",
    "ix_obligation_answered": "answered_at",
    "ix_obligation_with_staff": "asked_staff_at",
}
WAITING = sa.text("state IN ('due', 'sending')")


def upgrade() -> None:
    """Adds indexes of what waits, in place of one of everything."""
    for name, column in (("ix_outbox_waiting_due", "due_at"), ("ix_outbox_waiting_place", "place")):
        op.create_index(name, "outbox", ["channel", column], sqlite_where=WAITING, postgresql_where=WAITING)
    op.drop_index("ix_outbox_channel_place_state", "outbox")
    op.drop_index("ix_obligation_told", "obligation")
    for name, column in HEARD.items():
        heard = sa.text(f"state = 'open' AND {column} IS NOT NULL")
        op.create_index(name, "obligation", [column], sqlite_where=heard, postgresql_where=heard)
    op.create_index("ix_succession_contact_id", "succession", ["contact_id"])
    _unseen("contact_id", "put_at")


def downgrade() -> None:
    """Finds everything as before."""
    _unseen("put_at")
    op.drop_index("ix_succession_contact_id", "succession")
    for name in HEARD:
        op.drop_index(name, "obligation")
    op.create_index("ix_obligation_told", "obligation", ["told_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_outbox_channel_place_state", "outbox", ["channel", "place", "state"])
    op.drop_index("ix_outbox_waiting_place", "outbox")
    op.drop_index("ix_outbox_waiting_due", "outbox")


def _unseen(*columns: str) -> None:
    op.drop_index("ix_nudge_unseen", "nudge")
    op.create_index("ix_nudge_unseen", "nudge", list(columns), sqlite_where=UNSEEN, postgresql_where=UNSEEN)
