"""Seminars, and the registrations for them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
ACTIVE = sa.text("state IN ('confirmed', 'offered', 'waiting')")


def upgrade() -> None:
    """Adds both tables."""
    op.create_table(
        "seminar",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("ways", sa.String(10), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("deadline", MOMENT),
        sa.Column("materials_url", sa.Text(), nullable=False),
        sa.Column("materials_text", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    )
    op.create_index("ix_seminar_state_starts_at", "seminar", ["state", "starts_at"])
    _registrations()


def _registrations() -> None:
    op.create_table(
        "seminar_registration",
        sa.Column("id", sa.Integer(), primary_key=True),
        _reference("seminar_id", "seminar.id", nullable=False),
        _reference("conversation_id", "conversation.id", nullable=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("mail", sa.String(320), nullable=False),
        sa.Column("key", sa.String(330), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("prefecture", sa.String(20), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("wants_consultation", sa.Boolean(), nullable=False),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("consent", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("signed_up_at", MOMENT, nullable=False),
        sa.Column("offered_until", MOMENT),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("reminded_to", MOMENT),
        sa.Column("attended", sa.Boolean()),
        sa.Column("sequence", sa.Integer(), nullable=False),
    )
    table = "seminar_registration"
    op.create_index(
        "ix_seminar_registration_seminar_id_key",
        table,
        ["seminar_id", "key"],
        unique=True,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
    op.create_index("ix_seminar_registration_seminar_id", table, ["seminar_id"])
    op.create_index("ix_seminar_registration_person", table, ["person"])
    op.create_index("ix_seminar_registration_state_offered_until", table, ["state", "offered_until"])


def _reference(name: str, to: str, *, nullable: bool) -> sa.Column[int]:
    key = sa.ForeignKey(to, name=f"fk_seminar_registration_{name}")
    return sa.Column(name, sa.Integer(), key, nullable=nullable)


def downgrade() -> None:
    """Forgets the seminars and who signed up."""
    op.drop_table("seminar_registration")
    op.drop_table("seminar")
