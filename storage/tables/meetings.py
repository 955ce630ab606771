"""The table of who is invited to a meeting of the network, and what they replied; a meeting is a seminar's row."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.base import MOMENT, metadata

invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seminar_id", ForeignKey("seminar.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversation.id")),  # empty: has not replied in a chat
    Column("person", String(200), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("prefecture", String(20), nullable=False),
    Column("department", String(200), nullable=False),
    Column("name", String(100), nullable=False),
    Column("mail", String(254), nullable=False),
    Column("key", String(260), nullable=False),  # the mail address without width, case and plus tag
    Column("invited_at", MOMENT, nullable=False),
    Column("attending", Boolean),  # empty: has not replied
    Column("people", JSON, nullable=False),  # who comes, one line a person
    Column("way", String(10), nullable=False),
    Column("question", Text, nullable=False),
    Column("consent", String(20), nullable=False),
    Column("answered_at", MOMENT),
    Column("attended", Boolean),  # empty: not known yet
    Column("reminded_to", MOMENT),
    Column("sequence", Integer, nullable=False),
    UniqueConstraint("seminar_id", "key"),
    Index(None, "person"),
)
