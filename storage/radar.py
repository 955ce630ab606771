"""The weekly lists of projects without certification, within one transaction; fulfils `intents.desk.nudges.radar_books`."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, select, update

from intents.desk.nudges.radar_records import RadarNote, Standing
from intents.desk.nudges.records import NudgeState
from intents.desk.projects.records import ProjectState, Role
from intents.readers.organisation_key import organisation_key
from storage.database import Database
from storage.tables import (
    case,
    certification,
    contact,
    duty,
    nudge,
    obligation,
    project,
    radar_note,
    seminar_registration,
)

# With it a week's list is whole.
FIRST = select(radar_note.c.project_id).where(radar_note.c.week == bindparam("week"), radar_note.c.rank == 1)


class StoredRadar:
    """The radar."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def standings(self) -> tuple[Standing, ...]:
        """What is known about every active project that is registered and never applied for certification."""
        applied = exists().where(certification.c.project_id == project.c.id)
        alive = and_(
            project.c.state == ProjectState.ACTIVE, project.c.registration_date.is_not(None), ~applied
        )
        columns = (project.c.id, project.c.registration_date, project.c.last_contact_at, project.c.cp_end)
        rows = self._connection.execute(select(*columns, project.c.organisation_key).where(alive)).all()
        unanswered, owners, muted = self._unanswered(), self._owned(), self._muted()
        attended, asked = self._attended(), self._asked()
        return tuple(
            Standing(
                project=id_,
                registered_on=registered_on,
                last_contact=last_contact,
                unanswered=unanswered.get(id_, 0),
                attended=attended.get(organisation, 0),
                asked=asked.get(organisation, 0),
                looked_after=id_ in owners,
                muted=id_ in muted,
                ends_on=ends_on,
            )
            for id_, registered_on, last_contact, ends_on, organisation in rows
        )

    def _unanswered(self) -> dict[int, int]:
        """Letters of which nothing was heard, by project."""
        silent = and_(nudge.c.state == NudgeState.SENT, nudge.c.seen_at.is_(None), obligation.c.answer == "")
        # Letters first, counted afterwards: else SQLite goes through all obligations in the order of projects.
        letters = (
            select(obligation.c.project_id, nudge.c.letter).distinct().select_from(nudge).join(obligation)
        )
        heard = letters.where(silent).subquery()
        whose = heard.c.project_id
        rows = self._connection.execute(select(whose, func.count()).select_from(heard).group_by(whose))
        return {id_: count for id_, count in rows if id_}

    def _owned(self) -> frozenset[int]:
        return frozenset(self._connection.scalars(select(duty.c.project_id).where(_owner())))

    def _muted(self) -> frozenset[int]:
        quiet = select(duty.c.project_id).join(contact).where(_owner(), contact.c.muted)
        return frozenset(self._connection.scalars(quiet))

    def _attended(self) -> Counter[str]:
        """Seats of seminars that were taken and used, by organisation."""
        table = seminar_registration
        counted = select(table.c.organisation, func.count()).where(table.c.attended.is_(True))
        found: Counter[str] = Counter()
        for name, count in self._connection.execute(counted.group_by(table.c.organisation)):
            found[organisation_key(name)] += count
        return found

    def _asked(self) -> dict[str, int]:
        """Requests to the office, by organisation."""
        counted = select(case.c.organisation_key, func.count()).where(case.c.person != "")
        rows = self._connection.execute(counted.group_by(case.c.organisation_key))
        return {key: count for key, count in rows}  # noqa: C416 - rows are no pairs to the type checker

    # ------------------------------------------------ the lists

    def add(self, notes: Sequence[RadarNote]) -> None:
        """Writes lines of a list down; one that is there already stays."""
        rows = [
            {
                "week": one.week,
                "project_id": one.project,
                "rank": one.rank,
                "score": one.score,
                "reasons": [list(reason) for reason in one.reasons],
                "called_by": "",
                "outcome": "",
            }
            for one in notes
        ]
        self._database.add_new(self._connection, radar_note, rows)

    def of_week(self, week: date, after: int = 0, limit: int = 50) -> tuple[RadarNote, ...]:
        """The lines of a week behind a rank."""
        mine = and_(radar_note.c.week == week, radar_note.c.rank > after)
        query = select(radar_note).where(mine).order_by(radar_note.c.rank).limit(limit)
        return tuple(map(_note, self._connection.execute(query)))

    def of_project(self, project: int) -> RadarNote | None:
        """The newest line about a project."""
        mine = select(radar_note).where(radar_note.c.project_id == project)
        row = self._connection.execute(mine.order_by(radar_note.c.week.desc()).limit(1)).one_or_none()
        return _note(row) if row else None

    def called(self, week: date, project: int, by: str, outcome: str) -> bool:
        """Keeps that somebody called, and what came of it; False when there is no such line."""
        mine = and_(radar_note.c.week == week, radar_note.c.project_id == project)
        told = update(radar_note).where(mine).values(called_at=self._now, called_by=by, outcome=outcome)
        return bool(self._connection.execute(told).rowcount)


def _owner() -> Any:
    return and_(duty.c.role == Role.OWNER, duty.c.until.is_(None))


def _note(row: Row[Any]) -> RadarNote:
    reasons = tuple((name, number) for name, number in row.reasons)
    return RadarNote(
        row.week, row.project_id, row.rank, row.score, reasons, row.called_at, row.called_by, row.outcome
    )
