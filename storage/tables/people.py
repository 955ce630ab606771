"""The tables about people: what they agreed to, what they told us, and who changed what."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import MOMENT, metadata

consent = Table(
    "consent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id")),  # empty: said by a letter's link
    Column("person", String(200), nullable=False),  # channel and its name of the person, or mail:address
    Column("purpose", String(30), nullable=False),  # consultation, seminar, survey, offset
    Column("version", String(20), nullable=False),  # of the purpose text that was shown
    Column("given_at", MOMENT, nullable=False),
    Column("withdrawn_at", MOMENT),
    Index(None, "person", "purpose"),
)

detail = Table(
    "detail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(200), nullable=False),
    Column("name", String(40), nullable=False),  # the name of a question: organisation, mail, phone
    Column("text", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    UniqueConstraint("person", "name"),
)

move_code = Table(
    "move_code",
    metadata,
    Column("code", String(64), primary_key=True),  # a digest, so that reading the table opens nothing
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("person", String(200), nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("used_at", MOMENT),
)

# Append only: triggers refuse UPDATE and DELETE (migration 0007). Each line's digest covers the one before it.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # the place in the chain, without gaps
    Column("at", MOMENT, nullable=False),
    Column("actor", String(200), nullable=False),  # person:…, staff:… or clock
    Column("subject", String(60), nullable=False),  # what changed, such as seminar:S-0001
    Column("action", String(40), nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Column("reason", Text, nullable=False, server_default=""),
    Column("trace", String(60), nullable=False, server_default=""),  # what it belongs to, such as E-17
    Column("digest", String(64), nullable=False),
    Index(None, "subject", "id"),
    Index(None, "trace"),
)

# One row: how long the chain is and how it ends, so that a missing tail is seen.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("lines", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)
