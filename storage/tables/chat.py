"""The tables of the chat: what came in, what was said, what goes out, what is known."""

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
    text,
)

from storage.tables.base import MOMENT, metadata

WAITING = text("state IN ('due', 'sending')")
PARKED = text("state = 'parked'")
# Of a nudge that was lost somebody has seen to it once these words stand before the reason.
NOT_TAKEN_IN = text("coalesce(substr(last_error, 1, 10), '') <> 'taken in: '")
LOST = text(f"{PARKED.text} AND {NOT_TAKEN_IN.text}")

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("event_key", String(200), nullable=False),
    Column("conversation", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("state", String(10), nullable=False, server_default="new"),  # new, working, done, parked
    Column("lease_owner", String(60)),
    Column("lease_until", MOMENT),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("channel", "event_key"),
    Index(None, "state", "id"),
    Index(None, "channel", "conversation", "state"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("key", String(200), nullable=False),
    Column("person", String(200), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("state", JSON, nullable=False),
    Column("address", JSON),  # where the last message came from: what the desk says unasked goes there
    Column("updated_at", MOMENT, nullable=False),
    UniqueConstraint("channel", "key"),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("event", ForeignKey("inbox.id")),  # empty: said unasked, a letter of the outbox
    Column("letter", String(250), unique=True),  # its key there
    Column("author", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("reply", JSON),
    Column("at", MOMENT, nullable=False),
    UniqueConstraint("event", "author"),
    Index(None, "conversation_id", "id"),
)

action_token = Table(
    "action_token",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id")),  # empty: whoever holds the link may press
    Column("person", String(200)),  # empty: anybody in the conversation may press
    Column("action", JSON, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("used_at", MOMENT),
    Index(None, "expires_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(250), nullable=False, unique=True),
    Column("channel", String(20), nullable=False),
    Column("place", String(200), nullable=False, server_default=""),  # what keeps its order and its pace
    Column("address", JSON, nullable=False),
    Column("person", String(200)),  # whom it is for, and what for: a consent that is withdrawn stops it
    Column("purpose", String(30)),
    Column("body", JSON, nullable=False),
    Column("state", String(10), nullable=False, server_default="due"),  # due, sending, sent, parked, dropped
    Column("due_at", MOMENT, nullable=False),
    Column("lease_owner", String(60)),
    Column("lease_until", MOMENT),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),  # a rate limit is none
    Column("quiet_until", MOMENT),  # until then nothing leaves for this letter's place
    Column("put_at", MOMENT),
    Column("last_error", Text),
    Column("sent_at", MOMENT),
    Column("reference", String(200)),
    Column("subject", String(60)),  # what a card shows: a newer one replaces what the channel has
    Column("trace", String(60)),  # the turn or the work that said it, as in the audit
    Column("otherwise", JSON),  # further ways, tried in turn when this one cannot deliver
    Column("hours", JSON),  # from and until when it may leave, several times; empty: at any hour
    Index("ix_outbox_waiting_due", "channel", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_outbox_waiting_place", "channel", "place", sqlite_where=WAITING, postgresql_where=WAITING),
    # They are looked through all day, by the beginning of their keys, and stay for years.
    Index("ix_outbox_parked", "id", "key", sqlite_where=PARKED, postgresql_where=PARKED),
    Index("ix_outbox_lost", "id", "key", sqlite_where=LOST, postgresql_where=LOST),
    Index(None, "channel", "place", "sent_at"),
    Index(None, "person", "purpose", "state"),
    Index(None, "subject", "channel", "place"),
    Index(None, "reference"),
)

answer_given = Table(
    "answer_given",
    metadata,
    Column("event", ForeignKey("inbox.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("edition", String(12), nullable=False),
    Column("asked", Text, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("entry", String(100)),
    Column("confidence", Integer, nullable=False),  # per mille, so that both engines keep it exactly
    Column("at", MOMENT, nullable=False),
    Column("helpful", Boolean),
    Index(None, "entry"),
    Index(None, "outcome", "at"),
)

knowledge_file = Table(
    "knowledge_file",
    metadata,
    Column("path", String(200), primary_key=True),
    Column("content", Text, nullable=False),
)

knowledge_edition = Table(
    "knowledge_edition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(12), nullable=False),
    Column("imported_at", MOMENT, nullable=False),
    Column("files", Integer, nullable=False),
)
