"""The register of projects, what has to be done by when, who was told, and who takes over."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds the tables, and further ways to a letter."""
    op.create_table(
        "committee_round",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("held_on", sa.Date()),
        sa.Column("cutoff", sa.Date()),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_committee_round"),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("organisation_key", sa.String(200), nullable=False),
        sa.Column("prefecture", sa.String(20), nullable=False),
        sa.Column("methodology", sa.String(60), nullable=False),
        sa.Column("scheme", sa.String(10), nullable=False),
        sa.Column("is_forest", sa.Boolean(), nullable=False),
        sa.Column("implementation_date", sa.Date()),
        sa.Column("registration_application_date", sa.Date()),
        sa.Column("registration_date", sa.Date()),
        sa.Column("monitoring_ready_date", sa.Date()),
        sa.Column("cp_start", sa.Date()),
        sa.Column("cp_end", sa.Date()),
        sa.Column("expected_t", sa.String(30)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("target_round", sa.Integer()),
        sa.Column("report_received_on", sa.Date()),
        sa.Column("plan_changed_on", sa.Date()),
        sa.Column("unverified", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("last_contact_at", MOMENT),
        sa.Column("planned_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("planned_by", sa.String(40), server_default="", nullable=False),
        sa.Column("replan_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_project"),
        sa.UniqueConstraint("project_id", name="uq_project_project_id"),
    )
    op.create_index("ix_project_organisation_key", "project", ["organisation_key"])
    op.create_index("ix_project_state_registration_date", "project", ["state", "registration_date"])
    op.create_index("ix_project_target_round", "project", ["target_round"])
    op.create_table(
        "rule_setting",
        sa.Column("rule", sa.String(10), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("rule", "name", name="pk_rule_setting"),
    )
    op.create_table(
        "support_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("announced_on", sa.Date()),
        sa.Column("opens_on", sa.Date()),
        sa.Column("closes_at", MOMENT),
        sa.Column("used", sa.Integer()),
        sa.Column("used_as_of", sa.Date()),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("warned", sa.JSON(), nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_support_window"),
        sa.UniqueConstraint("kind", "year", "name", name="uq_support_window_kind_year_name"),
    )
    op.create_table(
        "certification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("round", sa.Integer()),
        sa.Column("tonnes", sa.String(30)),
        sa.Column("listed_on", sa.Date()),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_certification_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_certification"),
        sa.UniqueConstraint("project_id", "applied_on", name="uq_certification_project_id_applied_on"),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(330), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mail", sa.String(320), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("conversation_id", sa.Integer()),
        sa.Column("slack", sa.String(100), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("bounced_at", MOMENT),
        sa.Column("gone_at", MOMENT),
        sa.Column("seen_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_contact_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("key", name="uq_contact_key"),
    )
    op.create_index("ix_contact_conversation_id", "contact", ["conversation_id"])
    op.create_index("ix_contact_person", "contact", ["person"])
    op.create_index("ix_contact_slack", "contact", ["slack"])
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_instrument_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_instrument"),
        sa.UniqueConstraint("project_id", "name", name="uq_instrument_project_id_name"),
    )
    op.create_table(
        "monitoring_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("since", sa.String(7), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_monitoring_item_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_monitoring_item"),
        sa.UniqueConstraint("project_id", "name", name="uq_monitoring_item_project_id_name"),
    )
    op.create_table(
        "monitoring_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("applied_on", sa.Date()),
        sa.Column("round", sa.Integer()),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_monitoring_period_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_monitoring_period"),
        sa.UniqueConstraint("project_id", "begins_on", name="uq_monitoring_period_project_id_begins_on"),
    )
    op.create_table(
        "obligation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer()),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("rule", sa.String(10), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("next_on", sa.Date()),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("snoozed_to", sa.Date()),
        sa.Column("told_at", MOMENT),
        sa.Column("answer", sa.String(12), nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_by", sa.String(200), nullable=False),
        sa.Column("asked_second_at", MOMENT),
        sa.Column("asked_staff_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("why", sa.String(60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_obligation_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_obligation"),
        sa.UniqueConstraint("subject", "rule", "key", name="uq_obligation_subject_rule_key"),
    )
    op.create_index(
        "ix_obligation_next",
        "obligation",
        ["next_on"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_obligation_told",
        "obligation",
        ["told_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_obligation_project_id_state", "obligation", ["project_id", "state"])
    op.create_index("ix_obligation_rule_due_on", "obligation", ["rule", "due_on"])
    op.create_table(
        "radar_note",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("called_at", MOMENT),
        sa.Column("called_by", sa.String(200), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_radar_note_project_id"),
        sa.PrimaryKeyConstraint("week", "project_id", name="pk_radar_note"),
    )
    op.create_table(
        "contact_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_contact_code_contact_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_contact_code_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact_code"),
    )
    op.create_index("ix_contact_code_conversation_id", "contact_code", ["conversation_id"])
    op.create_index("ix_contact_code_expires_at", "contact_code", ["expires_at"])
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_duty_contact_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_duty_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
    )
    op.create_index("ix_duty_contact_id_until", "duty", ["contact_id", "until"])
    op.create_index(
        "uq_duty_current",
        "duty",
        ["project_id", "contact_id", "role"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "monitoring_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("value", sa.String(60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("doubt", sa.String(20), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["monitoring_item.id"], name="fk_monitoring_record_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_monitoring_record"),
        sa.UniqueConstraint("item_id", "month", name="uq_monitoring_record_item_id_month"),
    )
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(120), nullable=False),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_nudge_contact_id"),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name="fk_nudge_obligation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_nudge"),
        sa.UniqueConstraint(
            "obligation_id", "step", "contact_id", name="uq_nudge_obligation_id_step_contact_id"
        ),
    )
    op.create_index("ix_nudge_contact_id_put_at", "nudge", ["contact_id", "put_at"])
    op.create_index("ix_nudge_letter", "nudge", ["letter"])
    op.create_index(
        "ix_nudge_unseen",
        "nudge",
        ["put_at"],
        sqlite_where=sa.text("seen_at IS NULL"),
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("asked_second_at", MOMENT),
        sa.Column("asked_staff_at", MOMENT),
        sa.Column("case_id", sa.Integer()),
        sa.Column("successor_id", sa.Integer()),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_succession_case_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_succession_contact_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_succession_project_id"),
        sa.ForeignKeyConstraint(["successor_id"], ["contact.id"], name="fk_succession_successor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_succession"),
    )
    op.create_index(
        "uq_succession_open",
        "succession",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("outbox", sa.Column("otherwise", sa.JSON()))


def downgrade() -> None:
    """Forgets the projects."""
    op.drop_column("outbox", "otherwise")
    op.drop_table("succession")
    op.drop_table("nudge")
    op.drop_table("monitoring_record")
    op.drop_table("duty")
    op.drop_table("contact_code")
    op.drop_table("radar_note")
    op.drop_table("obligation")
    op.drop_table("monitoring_period")
    op.drop_table("monitoring_item")
    op.drop_table("instrument")
    op.drop_table("contact")
    op.drop_table("certification")
    op.drop_table("support_window")
    op.drop_table("rule_setting")
    op.drop_table("project")
    op.drop_table("heartbeat")
    op.drop_table("committee_round")
