"""Surveys and their answers, invitations to meetings, offset applications, outreach."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def _link(table: str, column: str, to: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Adds the six tables."""
    _surveys()
    _answers()
    _invitations()
    _applications()
    _outreach()


def _surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("seminar_id", sa.Integer(), _link("survey", "seminar_id", "seminar"), nullable=False),
        sa.Column("moment", sa.String(10), nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_index("ix_survey_seminar_id", "survey", ["seminar_id"])
    op.create_index("ix_survey_state_closes_at", "survey", ["state", "closes_at"])


def _answers() -> None:
    op.create_table(
        "survey_asked",
        sa.Column("survey_id", sa.Integer(), _link("survey_asked", "survey_id", "survey"), primary_key=True),
        sa.Column("respondent", sa.String(20), primary_key=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT),
    )
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("survey_id", sa.Integer(), _link("survey_answer", "survey_id", "survey"), nullable=False),
        sa.Column("respondent", sa.String(20), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("consent", sa.String(20), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    )
    current = sa.text("state = 'current'")
    op.create_index(
        "uq_survey_answer_survey_id_respondent",
        "survey_answer",
        ["survey_id", "respondent"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    op.create_index("ix_survey_answer_person", "survey_answer", ["person"])


def _invitations() -> None:
    table = "invitation"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seminar_id", sa.Integer(), _link(table, "seminar_id", "seminar"), nullable=False),
        sa.Column("conversation_id", sa.Integer(), _link(table, "conversation_id", "conversation")),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("prefecture", sa.String(20), nullable=False),
        sa.Column("department", sa.String(200), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("mail", sa.String(254), nullable=False),
        sa.Column("key", sa.String(260), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("attending", sa.Boolean()),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("consent", sa.String(20), nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("attended", sa.Boolean()),
        sa.Column("reminded_to", MOMENT),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.UniqueConstraint("seminar_id", "key", name="uq_invitation_seminar_id_key"),
    )
    op.create_index("ix_invitation_person", table, ["person"])


def _applications() -> None:
    table = "offset_application"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), _link(table, "case_id", "case")),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("prefecture", sa.String(20), nullable=False),
        sa.Column("portals", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("credit", sa.String(60), nullable=False),
        sa.Column("leaflet", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("mail", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("consent", sa.String(20), nullable=False),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("retired_on", sa.Date()),
        sa.UniqueConstraint("case_id", name="uq_offset_application_case_id"),
    )
    standing = sa.text("state = 'open'")
    op.create_index(
        "uq_offset_application_fingerprint",
        table,
        ["fingerprint"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_offset_application_applied_at", table, ["applied_at"])


def _outreach() -> None:
    op.create_table(
        "outreach",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("prefecture", sa.String(20), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.UniqueConstraint("key", name="uq_outreach_key"),
    )


def downgrade() -> None:
    """Forgets surveys, invitations, applications and outreach; the cases of applications stay."""
    for table in (
        "outreach",
        "offset_application",
        "invitation",
        "survey_answer",
        "survey_asked",
        "survey",
    ):
        op.drop_table(table)
