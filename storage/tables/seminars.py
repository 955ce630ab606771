"""The tables of seminars. Seats are counted from the registrations under the seminar's lock, never stored."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.base import MOMENT, metadata

# Who sits, is offered a seat, or waits: once per mail address and seminar.
ACTIVE = text("state IN ('confirmed', 'offered', 'waiting')")

seminar = Table(
    "seminar",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", String(200), nullable=False),
    Column("starts_at", MOMENT, nullable=False),
    Column("ends_at", MOMENT, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("ways", String(10), nullable=False),
    Column("venue", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("deadline", MOMENT),  # empty: sign-up ends at the start
    Column("materials_url", Text, nullable=False),
    Column("materials_text", Text, nullable=False),
    Column("questions", JSON, nullable=False),
    Column("offer_hours", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # draft, open, closed, cancelled, held
    Index(None, "state", "starts_at"),
)

seminar_registration = Table(
    "seminar_registration",
    metadata,
    Column("id", Integer, primary_key=True),  # given under the seminar's lock: the order of arrival
    Column("seminar_id", ForeignKey("seminar.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversation.id")),  # empty: signed up by staff or by mail
    Column("person", String(200), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("mail", String(320), nullable=False),
    Column("key", String(330), nullable=False),  # the mail address without width, case and plus tag
    Column("phone", String(40), nullable=False),
    Column("prefecture", String(20), nullable=False),
    Column("party", Integer, nullable=False),
    Column("way", String(10), nullable=False),
    Column("question", Text, nullable=False),
    Column("wants_consultation", Boolean, nullable=False),
    Column("extras", JSON, nullable=False),
    Column("consent", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("signed_up_at", MOMENT, nullable=False),
    Column("offered_until", MOMENT),
    Column("confirmed_at", MOMENT),
    Column("reminded_to", MOMENT),
    Column("attended", Boolean),  # empty: not known yet
    Column("sequence", Integer, nullable=False),
    Index(None, "seminar_id", "key", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
    Index(None, "seminar_id"),
    Index(None, "person"),
    Index(None, "state", "offered_until"),
)
