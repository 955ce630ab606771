"""People and letters: consents, what is known of a person, codes to move, the audit; letters said unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds what dialogs and notices need."""
    op.add_column("conversation", sa.Column("address", sa.JSON()))
    op.add_column("outbox", sa.Column("person", sa.String(200)))
    op.add_column("outbox", sa.Column("purpose", sa.String(30)))
    op.create_index("ix_outbox_person_purpose_state", "outbox", ["person", "purpose", "state"])
    with op.batch_alter_table("message") as batch:
        batch.alter_column("event", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("letter", sa.String(250)))
        batch.create_unique_constraint("uq_message_letter", ["letter"])
    with op.batch_alter_table("action_token") as batch:
        batch.alter_column("conversation_id", existing_type=sa.Integer(), nullable=True)
    _people()
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])


def _people() -> None:
    conversation = sa.ForeignKey("conversation.id", name="fk_consent_conversation_id")
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.Integer(), conversation),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
    )
    op.create_index("ix_consent_person_purpose", "consent", ["person", "purpose"])
    op.create_table(
        "detail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("person", "name", name="uq_detail_person_name"),
    )
    conversation = sa.ForeignKey("conversation.id", name="fk_move_code_conversation_id")
    op.create_table(
        "move_code",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.Integer(), conversation, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )


def downgrade() -> None:
    """Forgets them; letters said unasked and open links go with it."""
    for table in ("audit", "move_code", "detail", "consent"):
        op.drop_table(table)
    op.execute("DELETE FROM action_token WHERE conversation_id IS NULL")
    with op.batch_alter_table("action_token") as batch:
        batch.alter_column("conversation_id", existing_type=sa.Integer(), nullable=False)
    op.execute("DELETE FROM message WHERE event IS NULL")
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint("uq_message_letter", type_="unique")
        batch.drop_column("letter")
        batch.alter_column("event", existing_type=sa.Integer(), nullable=False)
    op.drop_index("ix_outbox_person_purpose_state", "outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("purpose")
        batch.drop_column("person")
    with op.batch_alter_table("conversation") as batch:
        batch.drop_column("address")
