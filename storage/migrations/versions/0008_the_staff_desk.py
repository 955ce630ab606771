"""Cases get an owner, a promise, dates and what came of them; notes say who may read them; letters may be cards."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
FAR = datetime(9999, 1, 1, tzinfo=UTC)
UNSHOWN = sa.text("version > shown_version")
_TEXTS = {
    "mail": 254,
    "name": 100,
    "organisation": 200,
    "organisation_key": 200,
    "prefecture": 20,
    "topic": 60,
    "methodology": 60,
    "about": 60,
    "owner": 40,
    "talking": 40,
}
_INDEXES = {
    "ix_case_open_due_at_id": ["open", "due_at", "id"],
    "ix_case_open_closed_at_id": ["open", "closed_at", "id"],
    "ix_case_owner_open": ["owner", "open"],
    "ix_case_person_talking": ["person", "talking"],
    "ix_case_organisation_key": ["organisation_key"],
    "ix_case_about_open": ["about", "open"],
}


def upgrade() -> None:
    """Fills the new columns of the cases that are there from what is known about each."""
    _cases()
    _fill()
    with op.batch_alter_table("case_note") as batch:
        batch.add_column(sa.Column("kind", sa.String(10), nullable=False, server_default="said"))
        batch.add_column(sa.Column("reference", sa.String(200)))
        batch.add_column(sa.Column("trace", sa.String(60), nullable=False, server_default=""))
        batch.create_unique_constraint("uq_case_note_reference", ["reference"])
    op.add_column("outbox", sa.Column("subject", sa.String(60)))
    op.create_index("ix_outbox_subject_channel_place", "outbox", ["subject", "channel", "place"])
    op.create_index("ix_outbox_reference", "outbox", ["reference"])


def _cases() -> None:
    with op.batch_alter_table("case") as batch:
        batch.alter_column("conversation_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("event", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("lang", sa.String(2), nullable=False, server_default="ja"))
        for name, length in _TEXTS.items():
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        batch.add_column(sa.Column("desk", sa.String(20), nullable=False, server_default="general"))
        for name in ("promised_by", "next_at", "due_at", "closed_at", "changed_at"):
            batch.add_column(sa.Column(name, MOMENT))
        batch.add_column(sa.Column("next_kind", sa.String(20)))
        batch.add_column(sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("outcome", sa.String(20)))
        batch.add_column(
            sa.Column("merged_into", sa.Integer(), sa.ForeignKey("case.id", name="fk_case_merged_into"))
        )
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("shown_version", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("shown_note", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("search", sa.Text(), nullable=False, server_default=""))
        batch.drop_index("ix_case_person")
    for index, columns in _INDEXES.items():
        op.create_index(index, "case", columns)
    op.create_index("ix_case_unshown", "case", ["id"], sqlite_where=UNSHOWN, postgresql_where=UNSHOWN)


def _fill() -> None:
    names = ("id", "conversation_id", "opened_at", "summary", "lang", "changed_at", "search", "due_at")
    case = sa.table("case", *(sa.column(name) for name in names))
    conversation = sa.table("conversation", sa.column("id"), sa.column("lang"))
    lang = sa.select(conversation.c.lang).where(conversation.c.id == case.c.conversation_id).scalar_subquery()
    far = sa.bindparam("far", FAR, type_=MOMENT)
    search = sa.func.lower(case.c.summary)
    op.execute(
        sa.update(case).values(
            lang=sa.func.coalesce(lang, "ja"), changed_at=case.c.opened_at, search=search, due_at=far
        )
    )
    with op.batch_alter_table("case") as batch:
        batch.alter_column("due_at", existing_type=MOMENT, nullable=False)
        batch.alter_column("changed_at", existing_type=MOMENT, nullable=False)


def downgrade() -> None:
    """Forgets what the staff desk knew; cases that nobody asked for in a chat go with it."""
    op.drop_index("ix_outbox_reference", "outbox")
    op.drop_index("ix_outbox_subject_channel_place", "outbox")
    op.drop_column("outbox", "subject")
    ours = 'SELECT id FROM "case" WHERE event IS NULL OR conversation_id IS NULL'
    op.execute(f"DELETE FROM case_note WHERE case_id IN ({ours})")  # noqa: S608 - our own words
    op.execute('UPDATE "case" SET merged_into = NULL')
    op.execute('DELETE FROM "case" WHERE event IS NULL OR conversation_id IS NULL')
    with op.batch_alter_table("case_note") as batch:
        batch.drop_constraint("uq_case_note_reference", type_="unique")
        for name in ("trace", "reference", "kind"):
            batch.drop_column(name)
    for index in (*_INDEXES, "ix_case_unshown"):
        op.drop_index(index, "case")
    with op.batch_alter_table("case") as batch:
        batch.drop_constraint("fk_case_merged_into", type_="foreignkey")
        for name in (
            *("lang", *_TEXTS, "desk", "promised_by", "next_at", "due_at", "closed_at", "changed_at"),
            *(
                "next_kind",
                "open",
                "outcome",
                "merged_into",
                "version",
                "shown_version",
                "shown_note",
                "search",
            ),
        ):
            batch.drop_column(name)
        batch.alter_column("conversation_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("event", existing_type=sa.Integer(), nullable=False)
        batch.create_index("ix_case_person", ["person"])
