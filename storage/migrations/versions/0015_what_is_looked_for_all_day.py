"""What every look of the clock asks is found at once.

What staff entered for dates has a stamp, so that a process need not read it again as long as nothing changed; what was
asked about somebody silent is marked; indexes leave out what never goes up; and a letter knows the hours of its reader.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
TOLD = "state = 'open' AND told_at IS NOT NULL AND asked_staff_at IS NULL"
FIRM = "state = 'open' AND kind IN ('hard', 'office') AND told_at IS NOT NULL AND asked_staff_at IS NULL"
UNSEEN = "seen_at IS NULL"
UNHEARD = "seen_at IS NULL AND asked_at IS NULL AND state = 'sent' AND role = 'owner'"
ASKED = """
UPDATE nudge SET asked_at = (
    SELECT min(opened_at) FROM succession
    WHERE succession.contact_id = nudge.contact_id AND succession.opened_at >= nudge.put_at
) WHERE seen_at IS NULL AND EXISTS (
    SELECT * FROM succession
    WHERE succession.contact_id = nudge.contact_id AND succession.opened_at >= nudge.put_at
)
"""


def upgrade() -> None:
    """Adds the one row, whose first stamp is unlike any that is given later, and marks what was asked already."""
    head = op.create_table(
        "calendar_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_head"),
    )
    op.bulk_insert(head, [{"id": 1, "stamp": uuid4().hex}])
    op.add_column("nudge", sa.Column("asked_at", sa.DateTime(timezone=True)))
    op.execute(ASKED)
    op.add_column("outbox", sa.Column("hours", sa.JSON()))
    _index("ix_nudge_unseen", "nudge", ["contact_id", "put_at"], UNHEARD)
    _index("ix_obligation_told", "obligation", ["told_at"], FIRM)


def downgrade() -> None:
    """Takes it back."""
    _index("ix_obligation_told", "obligation", ["told_at"], TOLD)
    _index("ix_nudge_unseen", "nudge", ["contact_id", "put_at"], UNSEEN)
    op.drop_column("outbox", "hours")
    op.drop_column("nudge", "asked_at")
    op.drop_table("calendar_head")


def _index(name: str, table: str, columns: list[str], which: str) -> None:
    op.drop_index(name, table)
    condition = sa.text(which)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
