"""Consultations: what is asked for, notes on cases, slots and bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def _link(table: str, to: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{to}_id")


def upgrade() -> None:
    """Adds the tables of consultations; cases that are there belong to whoever began the conversation."""
    op.add_column("case", sa.Column("person", sa.String(200), nullable=False, server_default=""))
    op.create_index("ix_case_person", "case", ["person"])
    op.execute(
        "UPDATE \"case\" SET person = (SELECT channel || ':' || person FROM conversation "
        'WHERE conversation.id = "case".conversation_id)'
    )
    op.create_table(
        "consultation",
        sa.Column("case_id", sa.Integer(), _link("consultation", "case"), primary_key=True),
        sa.Column("organisation_key", sa.String(200), nullable=False),
        sa.Column("corporate_number", sa.String(13), nullable=False, server_default=""),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
    )
    for column in ("organisation_key", "corporate_number"):
        op.create_index(f"ix_consultation_{column}_topic", "consultation", [column, "topic"])
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), _link("case_note", "case"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("ix_case_note_case_id_id", "case_note", ["case_id", "id"])
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("place", sa.String(300), nullable=False, server_default=""),
        sa.Column("adviser", sa.String(60), nullable=False, server_default=""),
        sa.Column("state", sa.String(10), nullable=False, server_default="open"),
    )
    op.create_index("ix_slot_state_starts_at", "slot", ["state", "starts_at"])
    _booking()


def _booking() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slot_id", sa.Integer(), _link("booking", "slot"), nullable=False),
        sa.Column("case_id", sa.Integer(), _link("booking", "case"), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("mail", sa.String(254), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="booked"),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("booked_at", MOMENT, nullable=False),
    )
    booked = sa.text("state = 'booked'")
    op.create_index(
        "uq_booking_slot_id",
        "booking",
        ["slot_id"],
        unique=True,
        sqlite_where=booked,
        postgresql_where=booked,
    )
    op.create_index("ix_booking_person_state", "booking", ["person", "state"])


def downgrade() -> None:
    """Forgets consultations; their cases stay."""
    for table in ("booking", "slot", "case_note", "consultation"):
        op.drop_table(table)
    op.drop_index("ix_case_person", "case")
    with op.batch_alter_table("case") as batch:
        batch.drop_column("person")
