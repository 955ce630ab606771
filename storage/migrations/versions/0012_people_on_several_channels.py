"""Whoever shows on several channels that it is them is one person."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the names of contacts."""
    op.add_column("contact", sa.Column("teams", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "contact_person",
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_contact_person_contact_id_contact"),
        sa.PrimaryKeyConstraint("person", name="pk_contact_person"),
    )
    op.create_index("ix_contact_person_contact_id", "contact_person", ["contact_id"])


def downgrade() -> None:
    """Forgets them."""
    op.drop_table("contact_person")
    op.drop_column("contact", "teams")
