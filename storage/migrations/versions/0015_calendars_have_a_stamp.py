"""What staff entered for dates has a stamp, so that a process need not read it again as long as nothing changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the one row; its first stamp is unlike any that is given later."""
    head = op.create_table(
        "calendar_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_head"),
    )
    op.bulk_insert(head, [{"id": 1, "stamp": "0"}])


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("calendar_head")
