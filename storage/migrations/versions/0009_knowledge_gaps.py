"""Proposals about what was asked in vain, and the questions that each covers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds the two tables."""
    op.create_table(
        "gap_proposal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entry", sa.String(100), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    link = sa.ForeignKey("gap_proposal.id", name="fk_gap_question_proposal_id")
    op.create_table(
        "gap_question",
        sa.Column("proposal_id", sa.Integer(), link, primary_key=True),
        sa.Column("event", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
    )
    standing = sa.text("standing")
    op.create_index(
        "uq_gap_question_event",
        "gap_question",
        ["event"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    """Forgets the proposals; what they changed in the knowledge stays."""
    op.drop_table("gap_question")
    op.drop_table("gap_proposal")
