"""Whoever took over a project is known to have heard what was open, so that nobody looks for it again."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
NEW = sa.text("caught_up_at IS NULL AND until IS NULL")
TOLD = sa.text("state = 'open' AND told_at IS NOT NULL AND asked_staff_at IS NULL")
# All but the first were only there to look for it in everything that is open.
HEARD = {
    "ix_obligation_told": "told_at",
    "ix_obligation_answered": "answered_at",
    "ix_obligation_with_staff": "asked_staff_at",
}


def upgrade() -> None:
    """Adds the mark to duties; nobody has it yet, so all are looked at once."""
    op.add_column("duty", sa.Column("caught_up_at", sa.DateTime(timezone=True)))
    op.create_index("ix_duty_new", "duty", ["role", "since"], sqlite_where=NEW, postgresql_where=NEW)
    for name in HEARD:
        op.drop_index(name, "obligation")
    op.create_index("ix_obligation_told", "obligation", ["told_at"], sqlite_where=TOLD, postgresql_where=TOLD)


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_obligation_told", "obligation")
    for name, column in HEARD.items():
        heard = sa.text(f"state = 'open' AND {column} IS NOT NULL")
        op.create_index(name, "obligation", [column], sqlite_where=heard, postgresql_where=heard)
    op.drop_index("ix_duty_new", "duty")
    op.drop_column("duty", "caught_up_at")
