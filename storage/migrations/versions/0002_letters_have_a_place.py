"""Letters have a place: each place keeps its order and its pace, in any number of processes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the place; letters that were waiting share the place of nobody and go out one by one."""
    op.add_column("outbox", sa.Column("place", sa.String(200), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("quiet_until", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("put_at", sa.DateTime(timezone=True)))
    op.create_index("ix_outbox_channel_place_state", "outbox", ["channel", "place", "state"])
    op.create_index("ix_outbox_channel_place_sent_at", "outbox", ["channel", "place", "sent_at"])


def downgrade() -> None:
    """Forgets the place."""
    op.drop_index("ix_outbox_channel_place_sent_at", "outbox")
    op.drop_index("ix_outbox_channel_place_state", "outbox")
    with op.batch_alter_table("outbox") as batch:
        for name in ("put_at", "quiet_until", "failures", "place"):
            batch.drop_column(name)
