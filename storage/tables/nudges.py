"""The tables of nudges: what has to be done by when, who was told at which step, and who takes over."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import MOMENT, metadata

OPEN = text("state = 'open'")

# What people are told twice about, and nobody has answered.
TOLD = text(
    "state = 'open' AND kind IN ('hard', 'office') AND told_at IS NOT NULL AND asked_staff_at IS NULL"
)
UNHEARD = text("seen_at IS NULL AND asked_at IS NULL AND state = 'sent' AND role = 'owner'")

# One row for each date of a rule and a subject, however often it is planned.
obligation = Table(
    "obligation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id")),  # empty: the office's own
    Column("subject", String(60), nullable=False),
    Column("rule", String(10), nullable=False),
    Column("key", String(80), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("due_on", Date),
    Column("estimated", Boolean, nullable=False),
    Column("state", String(12), nullable=False),  # open, done, stopped, superseded
    Column("next_on", Date),  # the day of the next step that has not been dealt with
    Column("step", String(20), nullable=False),  # the last one that was
    Column("snoozed_to", Date),
    Column("told_at", MOMENT),  # when its owner was told last and has not answered since
    Column("answer", String(12), nullable=False),  # the newest: working, done, …
    Column("answered_at", MOMENT),
    Column("answered_by", String(200), nullable=False),
    Column("asked_second_at", MOMENT),
    Column("asked_staff_at", MOMENT),
    Column("closed_at", MOMENT),
    Column("why", String(60), nullable=False),
    Column("created_at", MOMENT, nullable=False),
    UniqueConstraint("subject", "rule", "key"),
    Index("ix_obligation_next", "next_on", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_obligation_told", "told_at", sqlite_where=TOLD, postgresql_where=TOLD),
    Index(None, "project_id", "state"),
)

# One row for each obligation, step and recipient: the key that makes it once.
nudge = Table(
    "nudge",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("obligation_id", ForeignKey("obligation.id"), nullable=False),
    Column("step", String(20), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False),
    Column("role", String(10), nullable=False),  # what the recipient was to the project then
    Column("state", String(12), nullable=False),  # sent, superseded
    Column("due_on", Date, nullable=False),  # the step's day
    Column("letter", String(120), nullable=False),  # the key of the letter that carried it
    Column("put_at", MOMENT, nullable=False),
    Column("seen_at", MOMENT),
    Column("asked_at", MOMENT),  # when others were asked about its recipient: it counts as a silence no more
    UniqueConstraint("obligation_id", "step", "contact_id"),
    Index(None, "contact_id", "put_at"),
    Index(None, "letter"),
    Index(
        "ix_nudge_unseen",
        "contact_id",
        "put_at",
        sqlite_where=UNHEARD,
        postgresql_where=UNHEARD,
    ),
)

succession = Table(
    "succession",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False),  # who no longer looks after it, perhaps
    Column("why", String(20), nullable=False),  # said, unseen, bounced, gone, check
    Column("state", String(10), nullable=False),  # open, done, stays
    Column("opened_at", MOMENT, nullable=False),
    Column("asked_second_at", MOMENT),
    Column("asked_staff_at", MOMENT),
    Column("case_id", ForeignKey("case.id")),
    Column("successor_id", ForeignKey("contact.id")),
    Column("closed_at", MOMENT),
    Column("closed_by", String(200), nullable=False),
    Index(None, "contact_id"),
    Index("uq_succession_open", "project_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
)

# The weekly list of projects to call: kept as it was, so that the report can show it.
radar_note = Table(
    "radar_note",
    metadata,
    Column("week", Date, primary_key=True),  # its Monday
    Column("project_id", ForeignKey("project.id"), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("score", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("called_at", MOMENT),
    Column("called_by", String(200), nullable=False),
    Column("outcome", Text, nullable=False),
    Index(None, "week", "rank"),
)

# The last time that something which must never stop was seen at work.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", MOMENT, nullable=False),
)
