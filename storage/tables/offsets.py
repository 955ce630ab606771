"""The tables of offset participation: who applied with which items, and whom staff asked to take part."""

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

offset_application = Table(
    "offset_application",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), unique=True),  # empty only within the transaction that opens it
    Column("fingerprint", String(64), nullable=False),  # of who applies with what: a retry is one application
    Column("supplier", String(200), nullable=False),
    Column("prefecture", String(20), nullable=False),
    Column("portals", Text, nullable=False),
    Column("items", JSON, nullable=False),
    Column("credit", String(60), nullable=False),
    Column("leaflet", Boolean, nullable=False),
    Column("name", String(100), nullable=False),
    Column("mail", String(254), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("person", String(200), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("consent", String(20), nullable=False),
    Column("applied_at", MOMENT, nullable=False),
    Column("state", String(10), nullable=False),  # open, retired
    Column("retired_on", Date),
    Index(
        "uq_offset_application_fingerprint",
        "fingerprint",
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    ),
    Index(None, "applied_at"),
)

outreach = Table(
    "outreach",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation", String(200), nullable=False),
    Column("key", String(200), nullable=False),  # the name without form, width and case
    Column("prefecture", String(20), nullable=False),
    Column("contact", String(254), nullable=False),
    Column("state", String(10), nullable=False),  # asked, agreed, declined
    Column("note", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("answered_on", Date),
    UniqueConstraint("key"),
)
