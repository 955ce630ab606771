"""The tables of surveys: what is asked, who was asked, and what they answered."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.base import MOMENT, metadata

CURRENT = text("state = 'current'")

survey = Table(
    "survey",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("seminar_id", ForeignKey("seminar.id"), nullable=False),
    Column("moment", String(10), nullable=False),  # before, after
    Column("closes_at", MOMENT, nullable=False),
    Column("questions", JSON, nullable=False),
    Column("state", String(10), nullable=False),  # open, closed
    Column("created_at", MOMENT, nullable=False),
    Index(None, "seminar_id"),
    Index(None, "state", "closes_at"),
)

# A respondent is a registration (R-00001) or an invitation (I-00001).
survey_asked = Table(
    "survey_asked",
    metadata,
    Column("survey_id", ForeignKey("survey.id"), primary_key=True),
    Column("respondent", String(20), primary_key=True),
    Column("asked_at", MOMENT, nullable=False),
    Column("reminded_at", MOMENT),
)

survey_answer = Table(
    "survey_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("survey_id", ForeignKey("survey.id"), nullable=False),
    Column("respondent", String(20), nullable=False),
    Column("person", String(200), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("consent", String(20), nullable=False),
    Column("answered_at", MOMENT, nullable=False),
    Column("state", String(10), nullable=False),  # current, replaced
    # The newest answer counts, and there is one: a replaced one is kept beside it.
    Index(
        "uq_survey_answer_survey_id_respondent",
        "survey_id",
        "respondent",
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    ),
    Index(None, "person"),
)
