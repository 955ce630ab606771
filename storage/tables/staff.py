"""The tables of staff: who they are, their one-time links to sign in, and the sessions that these opened."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table

from storage.tables.base import MOMENT, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),  # the handle in `staff:<name>`
    Column("display", String(60), nullable=False),  # what people read
    Column("role", String(10), nullable=False),  # reader, desk, editor, admin
    Column("slack", String(100), unique=True),  # T…:U…, as the channel names its people
    Column("teams", String(100), unique=True),
    Column("mail", String(254), nullable=False, server_default=""),
    Column("desks", JSON, nullable=False),
    Column("prefectures", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", MOMENT, nullable=False),
)

# Both hold digests of tokens, so that reading the tables opens nothing.
staff_login = Table(
    "staff_login",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("issued_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("used_at", MOMENT),
    Index(None, "staff_id"),
    Index(None, "expires_at"),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("seen_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),  # however busy it is
    Index(None, "staff_id"),
    Index(None, "expires_at"),
)
