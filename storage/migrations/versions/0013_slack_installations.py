"""Workspaces that took the desk out, and those that installed it themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds the tables of workspaces."""
    op.create_table(
        "workspace",
        sa.Column("channel", sa.String(20), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("back_at", MOMENT),
    )
    op.create_table(
        "slack_installation",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("organisation", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("bot", sa.String(40), nullable=False),
        sa.Column("bot_user", sa.String(40), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "slack_state",
        sa.Column("state", sa.String(64), primary_key=True),
        sa.Column("until", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Forgets them; they have to install the desk again."""
    op.drop_table("slack_state")
    op.drop_table("slack_installation")
    op.drop_table("workspace")
