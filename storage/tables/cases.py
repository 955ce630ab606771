"""The tables of cases: what staff must look at, and what is written on each."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)

from storage.tables.base import MOMENT, metadata

MERGED = text("merged_into IS NOT NULL")

case = Table(
    "case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id")),  # empty: nobody asked in a chat
    Column("event", ForeignKey("inbox.id"), unique=True),  # empty: opened by staff or by the clock
    Column("person", String(200), nullable=False, server_default=""),  # a conversation may hold several
    Column("kind", String(30), nullable=False),
    Column("state", String(20), nullable=False, server_default="new"),
    Column("summary", Text, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("lang", String(2), nullable=False, server_default="ja"),
    Column("mail", String(254), nullable=False, server_default=""),
    Column("name", String(100), nullable=False, server_default=""),
    Column("organisation", String(200), nullable=False, server_default=""),
    Column("organisation_key", String(200), nullable=False, server_default=""),
    Column("prefecture", String(20), nullable=False, server_default=""),
    Column("topic", String(60), nullable=False, server_default=""),
    Column("methodology", String(60), nullable=False, server_default=""),
    Column("about", String(60), nullable=False, server_default=""),
    Column("desk", String(20), nullable=False, server_default="general"),
    Column("owner", String(40), nullable=False, server_default=""),  # a name of staff
    Column("talking", String(40), nullable=False, server_default=""),
    Column("promised_by", MOMENT),
    Column("next_at", MOMENT),
    Column("next_kind", String(20)),
    # What the queue is ordered by; a far day where nothing is due, so that both engines put it last.
    Column("due_at", MOMENT, nullable=False),
    Column("open", Boolean, nullable=False, server_default=true()),
    Column("outcome", String(20)),
    Column("closed_at", MOMENT),
    Column("merged_into", ForeignKey("case.id")),
    Column("changed_at", MOMENT, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    # How far the staff rooms have been told.
    Column("shown_version", Integer, nullable=False, server_default="0"),
    Column("shown_note", Integer, nullable=False, server_default="0"),
    Column("search", Text, nullable=False, server_default=""),
    Index(None, "open", "due_at", "id"),
    Index(None, "open", "closed_at", "id"),
    Index(None, "state", "opened_at"),
    Index(None, "owner", "open"),
    Index(None, "person", "talking"),
    Index(None, "organisation_key"),
    Index(None, "about", "open"),
    Index(None, "merged_into", sqlite_where=MERGED, postgresql_where=MERGED),
    Index(
        "ix_case_unshown",
        "id",
        sqlite_where=text("version > shown_version"),
        postgresql_where=text("version > shown_version"),
    ),
)

case_note = Table(
    "case_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("author", String(200), nullable=False),  # person:… or staff:…
    Column("kind", String(10), nullable=False, server_default="said"),  # note, reply, said
    Column("text", Text, nullable=False),
    Column("reference", String(200)),  # the message of a channel that it was
    Column("trace", String(60), nullable=False, server_default=""),
    UniqueConstraint("reference"),
    Index(None, "case_id", "id"),
)
