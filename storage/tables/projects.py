"""The tables of projects: the register, who looks after them, and the dates that staff enter."""

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

# What was planned from other data than those of now.
CHANGED = text("planned_version <> version")

project = Table(
    "project",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", String(60), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("organisation", String(200), nullable=False),
    Column("organisation_key", String(200), nullable=False),
    Column("prefecture", String(20), nullable=False),
    Column("methodology", String(60), nullable=False),
    Column("scheme", String(10), nullable=False),
    Column("is_forest", Boolean, nullable=False),
    Column("implementation_date", Date),
    Column("registration_application_date", Date),
    Column("registration_date", Date),
    Column("monitoring_ready_date", Date),
    Column("cp_start", Date),
    Column("cp_end", Date),
    Column("expected_t", String(30)),  # a decimal, which JSON and SQLite would make a binary fraction
    Column("state", String(10), nullable=False),
    Column("target_round", Integer),
    Column("report_received_on", Date),
    Column("plan_changed_on", Date),
    Column("unverified", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("last_contact_at", MOMENT),
    # What its obligations were planned from: a project is planned anew when one of these has changed.
    Column("planned_version", Integer, nullable=False, server_default="0"),
    Column("planned_by", String(40), nullable=False, server_default=""),
    Column("replan_on", Date),
    Index(None, "organisation_key"),
    Index(None, "state", "registration_date"),
    Index(None, "target_round"),
    Index("ix_project_changed", "id", sqlite_where=CHANGED, postgresql_where=CHANGED),
    Index(None, "planned_by", "replan_on"),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(330), nullable=False, unique=True),  # mail:… as seminars fold it, or name:…
    Column("name", String(200), nullable=False),
    Column("mail", String(320), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("ways", JSON, nullable=False),
    Column("person", String(200), nullable=False),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("slack", String(100), nullable=False),
    Column("teams", String(200), nullable=False, server_default=""),
    Column("muted", Boolean, nullable=False),
    Column("bounced_at", MOMENT),
    Column("gone_at", MOMENT),
    Column("seen_at", MOMENT),
    Column("created_at", MOMENT, nullable=False),
    Index(None, "person"),
    Index(None, "conversation_id"),
    Index(None, "slack"),
)

# As whom a contact talks to the desk, on each channel on which they showed that it is them.
contact_person = Table(
    "contact_person",
    metadata,
    Column("person", String(200), primary_key=True),  # channel and its name of the person
    Column("contact_id", ForeignKey("contact.id"), nullable=False),
    Column("at", MOMENT, nullable=False),
    Index(None, "contact_id"),
)

CURRENT = text("until IS NULL")
NEW = text("caught_up_at IS NULL AND until IS NULL")

duty = Table(
    "duty",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False),
    Column("role", String(10), nullable=False),  # owner, second, former
    Column("since", MOMENT, nullable=False),
    Column("until", MOMENT),
    Column("why", Text, nullable=False),
    Column("caught_up_at", MOMENT),  # when they had heard all that was open
    Index(
        "uq_duty_current",
        "project_id",
        "contact_id",
        "role",
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    ),
    Index(None, "contact_id", "until"),
    Index("ix_duty_new", "role", "since", sqlite_where=NEW, postgresql_where=NEW),
)

monitoring_period = Table(
    "monitoring_period",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("begins_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("applied_on", Date),
    Column("round", Integer),
    UniqueConstraint("project_id", "begins_on"),
)

certification = Table(
    "certification",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("round", Integer),
    Column("tonnes", String(30)),
    Column("listed_on", Date),
    UniqueConstraint("project_id", "applied_on"),
)

instrument = Table(
    "instrument",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("valid_until", Date, nullable=False),
    UniqueConstraint("project_id", "name"),
)

# One figure or one document that a project measures every month, and what came in.
monitoring_item = Table(
    "monitoring_item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(10), nullable=False),  # figure, document
    Column("unit", String(40), nullable=False),
    Column("since", String(7), nullable=False),  # the first month asked for, YYYY-MM
    UniqueConstraint("project_id", "name"),
)

monitoring_record = Table(
    "monitoring_record",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", ForeignKey("monitoring_item.id"), nullable=False),
    Column("month", String(7), nullable=False),
    Column("value", String(60), nullable=False),  # a decimal, or what a document is called
    Column("note", Text, nullable=False),
    Column("doubt", String(20), nullable=False),  # why it looked odd, and stands all the same
    Column("by", String(200), nullable=False),
    Column("at", MOMENT, nullable=False),
    UniqueConstraint("item_id", "month"),
)

# One row, whose stamp is another one after every change of the three tables behind it.
calendar_head = Table(
    "calendar_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", String(32), nullable=False),
)

committee_round = Table(
    "committee_round",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("held_on", Date),
    Column("cutoff", Date),
    Column("changed_at", MOMENT, nullable=False),
)

support_window = Table(
    "support_window",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),  # support, agriculture, auction
    Column("name", String(200), nullable=False),
    Column("year", Integer, nullable=False),  # the fiscal year
    Column("announced_on", Date),
    Column("opens_on", Date),
    Column("closes_at", MOMENT),
    Column("used", Integer),  # per cent
    Column("used_as_of", Date),
    Column("levels", JSON, nullable=False),
    Column("warned", JSON, nullable=False),
    Column("closed_at", MOMENT),
    Column("source", Text, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    UniqueConstraint("kind", "year", "name"),
)

# What the office entered for a rule of deadlines: its switch and its settings.
rule_setting = Table(
    "rule_setting",
    metadata,
    Column("rule", String(10), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", String(40), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", MOMENT, nullable=False),
)

# A code that was mailed to an address, and the conversation in which it must be typed to be that contact's own.
contact_code = Table(
    "contact_code",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("person", String(200), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_at", MOMENT),
    Index(None, "conversation_id"),
    Index(None, "expires_at"),
)
