"""The tables of consultations: requests, slots that staff publish, and who booked them."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, text

from storage.tables.base import MOMENT, metadata

consultation = Table(
    "consultation",
    metadata,
    Column("case_id", ForeignKey("case.id"), primary_key=True),
    Column("organisation_key", String(200), nullable=False),  # the name without form, width and case
    Column("corporate_number", String(13), nullable=False, server_default=""),
    Column("topic", String(60), nullable=False),  # methodology code, else the stage: what makes two alike
    Column("request", JSON, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Index(None, "organisation_key", "topic"),
    Index(None, "corporate_number", "topic"),
)

slot = Table(
    "slot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("starts_at", MOMENT, nullable=False),
    Column("ends_at", MOMENT, nullable=False),
    Column("way", String(10), nullable=False),  # online, phone, office
    Column("place", String(300), nullable=False, server_default=""),  # a room, or the joining link
    Column("adviser", String(60), nullable=False, server_default=""),
    Column("state", String(10), nullable=False, server_default="open"),  # open, withdrawn
    Index(None, "starts_at"),
)

booking = Table(
    "booking",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slot_id", ForeignKey("slot.id"), nullable=False),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("conversation_id", Integer, nullable=False),
    Column("person", String(200), nullable=False),
    Column("mail", String(254), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("name", String(100), nullable=False),
    Column("state", String(10), nullable=False, server_default="booked"),  # booked, cancelled
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("booked_at", MOMENT, nullable=False),
    # A slot is never given twice, whatever the code believes.
    Index(
        "uq_booking_slot_id",
        "slot_id",
        unique=True,
        sqlite_where=text("state = 'booked'"),
        postgresql_where=text("state = 'booked'"),
    ),
    Index(None, "person", "state"),
)
