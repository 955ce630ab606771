"""Surveys and their answers within one transaction; fulfils `intents.desk.survey_books.Surveys`."""

import dataclasses
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, and_, bindparam, insert, select, update

from intents.desk.survey_records import Answer, Asked, NewAnswer, NewSurvey, Survey, SurveyQuestion
from storage.database import Database
from storage.meetings import id_in
from storage.tables import survey, survey_answer, survey_asked
from storage.written import word

_SURVEY: TypeAdapter[Survey] = TypeAdapter(Survey)
_QUESTIONS: TypeAdapter[tuple[SurveyQuestion, ...]] = TypeAdapter(tuple[SurveyQuestion, ...])

# Run at every look of the clock, for every letter or for every answer, so put together once.
_ONE = select(survey).where(survey.c.id == bindparam("row"))
RUNNING = (
    select(survey)
    .where(survey.c.state == word("open"), survey.c.closes_at > bindparam("now"))
    .order_by(survey.c.id)
)
_ASKED = (
    select(survey_asked)
    .where(survey_asked.c.survey_id == bindparam("survey"))
    .order_by(survey_asked.c.respondent)
)
_NOTE_ASKED = insert(survey_asked)
_NOTE_REMINDED = update(survey_asked).where(
    survey_asked.c.survey_id == bindparam("survey"), survey_asked.c.respondent == bindparam("whom")
)
_CURRENT = and_(survey_answer.c.survey_id == bindparam("survey"), survey_answer.c.state == word("current"))
_ANSWERS = select(survey_answer).where(_CURRENT).order_by(survey_answer.c.id)
_ANSWERED = select(survey_answer.c.respondent).where(_CURRENT)
_REPLACE = (
    update(survey_answer)
    .where(_CURRENT, survey_answer.c.respondent == bindparam("whom"))
    .values(state="replaced")
)
_KEEP = insert(survey_answer).returning(survey_answer.c.id)


class StoredSurveys:
    """The surveys within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def add(self, new: NewSurvey) -> Survey:
        """Writes a survey down and gives it its number."""
        values = _values(new) | {"created_at": self._now}
        id_ = self._connection.scalars(insert(survey).values(values).returning(survey.c.id)).one()
        return _survey(self._connection.execute(_ONE, {"row": id_}).one())

    def lock(self, survey: int) -> Survey:
        """The survey as it is now; nobody else asks or answers until the transaction ends."""
        held = self._database.for_update(_ONE)
        return _survey(self._connection.execute(held, {"row": survey}).one())

    def find(self, number: str) -> Survey | None:
        """The survey of that number."""
        row = self._connection.execute(_ONE, {"row": id_in("Q", number)}).one_or_none()
        return _survey(row) if row else None

    def listing(self) -> tuple[Survey, ...]:
        """Every survey, the newest first."""
        rows = self._connection.execute(select(survey).order_by(survey.c.id.desc()))
        return tuple(map(_survey, rows))

    def running(self) -> tuple[Survey, ...]:
        """Open surveys that have not closed, in the order of their ids."""
        return tuple(map(_survey, self._connection.execute(RUNNING, {"now": self._now})))

    def save(self, changed: Survey) -> None:
        """Writes the survey down as it is now."""
        mine = survey.c.id == changed.id
        self._connection.execute(update(survey).where(mine).values(_values(changed)))

    # ------------------------------------------------ who was asked

    def asked(self, survey: int) -> tuple[Asked, ...]:
        """Who was asked by letter."""
        rows = self._connection.execute(_ASKED, {"survey": survey})
        return tuple(Asked(row.respondent, row.asked_at, row.reminded_at) for row in rows)

    def note_asked(self, survey: int, respondent: str) -> None:
        """Keeps that somebody is asked now."""
        row = {"survey_id": survey, "respondent": respondent, "asked_at": self._now}
        self._connection.execute(_NOTE_ASKED, row)

    def note_reminded(self, survey: int, respondent: str) -> None:
        """Keeps that somebody is reminded now."""
        row = {"survey": survey, "whom": respondent, "reminded_at": self._now}
        self._connection.execute(_NOTE_REMINDED, row)

    # ------------------------------------------------ answers

    def answers(self, survey: int) -> tuple[Answer, ...]:
        """The answers that count, in the order in which they came."""
        return tuple(map(_answer, self._connection.execute(_ANSWERS, {"survey": survey})))

    def answered(self, survey: int) -> frozenset[str]:
        """The respondents whose answers count."""
        return frozenset(self._connection.scalars(_ANSWERED, {"survey": survey}))

    def keep(self, survey: int, new: NewAnswer) -> Answer:
        """Writes an answer down; an earlier one of the same respondent is replaced and kept."""
        self._connection.execute(_REPLACE, {"survey": survey, "whom": new.respondent})
        fields = {field.name: getattr(new, field.name) for field in dataclasses.fields(NewAnswer)}
        row = fields | {"survey_id": survey, "answered_at": self._now, "state": "current"}
        row["answers"] = {name: list(values) for name, values in new.answers.items()}
        id_ = self._connection.scalars(_KEEP, row).one()
        return Answer(**fields, id=id_, answered_at=self._now)


def _values(value: NewSurvey) -> dict[str, object]:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(NewSurvey)}
    fields["seminar_id"] = fields.pop("seminar")
    return fields | {"questions": list(_QUESTIONS.dump_python(value.questions, mode="json"))}


def _survey(row: Row[Any]) -> Survey:
    values = row._asdict()
    return _SURVEY.validate_python(values | {"seminar": values.pop("seminar_id")})


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        id=row.id,
        respondent=row.respondent,
        person=row.person,
        answers={name: tuple(values) for name, values in row.answers.items()},
        comment=row.comment,
        consent=row.consent,
        answered_at=row.answered_at,
    )
