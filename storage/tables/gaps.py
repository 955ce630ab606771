"""The tables of gaps in the knowledge: what staff propose, and the questions that a proposal covers."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.base import MOMENT, metadata

STANDING = text("standing")

gap_proposal = Table(
    "gap_proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("decision", String(20), nullable=False),  # phrasing, new_entry, out_of_scope, answered
    Column("text", Text, nullable=False),
    Column("entry", String(100), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("state", String(10), nullable=False),  # proposed, published, refused
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", MOMENT),
    Column("reason", Text, nullable=False),
)

gap_question = Table(
    "gap_question",
    metadata,
    Column("proposal_id", ForeignKey("gap_proposal.id"), primary_key=True),
    # Not a foreign key: when the question is erased, the decision stays.
    Column("event", Integer, primary_key=True, autoincrement=False),
    Column("standing", Boolean, nullable=False),  # false: the proposal was refused
    # A question is covered by one proposal at a time, whatever the code believes.
    Index("uq_gap_question_event", "event", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
)
