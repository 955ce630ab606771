"""Looking costs the same after many years: what is looked for has an index of its own, without what is over.

Letters were found by their state, and each of them changed that index three times on its way; now only those that
wait and those that are parked are in one. What nothing asks for any more has none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
MERGED = sa.text("merged_into IS NOT NULL")
PARKED = sa.text("state = 'parked'")
LOST = sa.text("state = 'parked' AND coalesce(substr(last_error, 1, 10), '') <> 'taken in: '")


def upgrade() -> None:
    """Puts the new ones in the place of the old ones."""
    _some("ix_case_merged_into", "case", ["merged_into"], MERGED)
    _some("ix_outbox_parked", "outbox", ["id", "key"], PARKED)
    _some("ix_outbox_lost", "outbox", ["id", "key"], LOST)
    op.create_index("ix_slot_starts_at", "slot", ["starts_at"])
    op.create_index("ix_radar_note_week_rank", "radar_note", ["week", "rank"])
    op.drop_index("ix_outbox_state_due_at", "outbox")
    op.drop_index("ix_slot_state_starts_at", "slot")
    op.drop_index("ix_obligation_rule_due_on", "obligation")


def downgrade() -> None:
    """Takes it back."""
    op.create_index("ix_obligation_rule_due_on", "obligation", ["rule", "due_on"])
    op.create_index("ix_slot_state_starts_at", "slot", ["state", "starts_at"])
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.drop_index("ix_radar_note_week_rank", "radar_note")
    op.drop_index("ix_slot_starts_at", "slot")
    op.drop_index("ix_outbox_lost", "outbox")
    op.drop_index("ix_outbox_parked", "outbox")
    op.drop_index("ix_case_merged_into", "case")


def _some(name: str, table: str, columns: list[str], which: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=which, postgresql_where=which)
