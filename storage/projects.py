"""The register of projects within one transaction; fulfils `intents.desk.projects.books.Projects`."""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectHead,
    subject_of,
)
from intents.readers.organisation_key import organisation_key
from storage.database import Database
from storage.neighbours import among_them, are_neighbours, batches, named
from storage.project_rows import (
    CERTIFICATION,
    COLUMNS,
    INSTRUMENT,
    ITEM,
    OWN,
    PERIOD,
    belongings,
    head,
    items_of,
)
from storage.tables import certification, instrument, monitoring_item, monitoring_period, project

KEY_LIMIT = 200
# Without it PostgreSQL's driver does not say how many rows an INSERT has written.
COUNTED = {"preserve_rowcount": True}
_PROJECTS = select(*(project.c[name] for name in COLUMNS))
_ONE = _PROJECTS.where(project.c.id == bindparam("row"))
_CALLED = _PROJECTS.where(project.c.project_id == bindparam("called"))
_IN_TOUCH = update(project).where(project.c.id == bindparam("row")).returning(project.c.project_id)


class StoredProjects:
    """The projects within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    # ------------------------------------------------ reading

    def find(self, project_id: str) -> Project | None:
        """The project that the office calls so."""
        return self._one(_CALLED, called=project_id)

    def named(self, project_ids: Collection[str], *, hold: bool = False) -> tuple[Project, ...]:
        """The projects that the office calls so, by row; held until the transaction ends where that is asked for."""
        found: list[Row[Any]] = []
        for some in batches(sorted(project_ids)):
            query = _PROJECTS.where(project.c.project_id.in_(some)).order_by(project.c.id)
            found += self._connection.execute(self._database.for_update(query) if hold else query)
        return self._whole(sorted(found, key=attrgetter("id")))

    def of(self, ids: Collection[int]) -> tuple[Project, ...]:
        """The projects of these rows, by row."""
        return self._whole(self._those(ids))

    def heads(self, ids: Collection[int]) -> tuple[ProjectHead, ...]:
        """The projects of these rows, by row, without what belongs to them."""
        return tuple(map(head, self._those(ids)))

    def _those(self, ids: Collection[int]) -> list[Row[Any]]:
        found: list[Row[Any]] = []
        for some in batches(sorted(set(ids))):
            found += self._connection.execute(_these(neighbours=are_neighbours(some)), named(some))
        return found

    def head(self, project_id: str) -> ProjectHead | None:
        """The project that the office calls so, without what belongs to it."""
        row = self._connection.execute(_CALLED, {"called": project_id}).one_or_none()
        return head(row) if row else None

    def lock(self, id_: int) -> Project | None:
        """The project, held until the transaction ends."""
        return self._one(self._database.for_update(_ONE), row=id_)

    def page(self, after: int, limit: int) -> tuple[Project, ...]:
        """The next projects behind a row, by row; for looks at everything."""
        query = _PROJECTS.where(project.c.id > after).order_by(project.c.id).limit(limit)
        return self._whole(self._connection.execute(query).all())

    def _one(self, query: Select[Any], **given: object) -> Project | None:
        return next(iter(self._whole(self._connection.execute(query, given).all())), None)

    def _whole(self, rows: Sequence[Row[Any]]) -> tuple[Project, ...]:
        """The projects of rows with what belongs to them: one query a table for some hundreds, whatever they are."""
        if not rows:
            return ()
        theirs = belongings(self._connection, [row.id for row in rows])
        return tuple(map(theirs.whole, rows))

    # ------------------------------------------------ writing

    def add(self, new: NewProject) -> Project:
        """Writes a new project down; raises ValueError for an id that is taken."""
        row = _values(new) | {"version": 1, "created_at": self._now, "changed_at": self._now}
        written = self._connection.execute(
            self._database.insert_new(project, [row]), execution_options=COUNTED
        )
        if not written.rowcount:
            raise ValueError(f"project {new.project_id} is there already")
        added = self._connection.execute(_CALLED, {"called": new.project_id}).one()
        return self._whole([added])[0]

    def add_all(self, new: Collection[NewProject]) -> tuple[Project, ...]:
        """Writes new projects down at once, by row; raises ValueError when one of their ids is taken."""
        row = {"version": 1, "created_at": self._now, "changed_at": self._now}
        if new:
            with told_apart():
                self._connection.execute(insert(project), [_values(one) | row for one in new])
        return self.named([one.project_id for one in new])

    def save(self, changed: Project) -> Project:
        """Writes its own fields; its version grows. Gives it as it stands then."""
        self._grow(changed.id, **_values(changed))
        saved = self._connection.execute(_ONE, {"row": changed.id}).one()
        return dataclasses.replace(changed, version=saved.version)

    def put_periods(self, project: int, periods: Collection[Period]) -> None:
        """Adds periods, or changes those that begin on the same days; the version grows."""
        self._put(monitoring_period, PERIOD, project, periods)

    def put_certifications(self, project: int, found: Collection[Certification]) -> None:
        """Adds certifications, or changes those applied for on the same days; the version grows."""
        self._put(certification, CERTIFICATION, project, found)

    def put_instruments(self, project: int, found: Collection[Instrument]) -> None:
        """Adds instruments, or changes those of the same names; the version grows."""
        self._put(instrument, INSTRUMENT, project, found)

    def in_touch(self, project: int) -> str:
        """Keeps that somebody of a project that is there was in touch with the office just now; the version stays.

        Gives what the audit calls the project.
        """
        given = {"row": project, "last_contact_at": self._now}
        return subject_of(self._connection.execute(_IN_TOUCH, given).scalar_one())

    def _grow(self, id_: int, **values: object) -> None:
        grown = values | {"version": project.c.version + 1, "changed_at": self._now}
        self._connection.execute(update(project).where(project.c.id == id_).values(grown))

    def _put(self, table: Table, columns: Sequence[str], id_: int, found: Iterable[object]) -> None:
        rows = [{name: _plain(getattr(one, name)) for name in columns} for one in found]
        if not rows:
            return
        # First, because it holds the project: two who add the same thing come one after the other.
        self._grow(id_)
        for row in rows:
            mine = (table.c.project_id == id_) & (table.c[columns[0]] == row[columns[0]])
            if not self._connection.execute(update(table).where(mine).values(row)).rowcount:
                self._connection.execute(insert(table).values(row | {"project_id": id_}))

    # ------------------------------------------------ what is measured every month

    def items(self, projects: Collection[int]) -> Mapping[int, tuple[MonitoringItem, ...]]:
        """What these projects measure every month, by project and name."""
        return items_of(self._connection, sorted(set(projects)))

    def put_items(self, project: int, items: Collection[MonitoringItem]) -> None:
        """Adds items, or changes those of the same names; the version grows."""
        self._put(monitoring_item, ITEM, project, items)


@cache
def _these(*, neighbours: bool) -> Select[Any]:
    """The projects that `neighbours.named` names."""
    return _PROJECTS.where(among_them(project.c.id, neighbours=neighbours)).order_by(project.c.id)


@contextmanager
def told_apart() -> Iterator[None]:
    """Raises ValueError where a key is taken already, which somebody else has just done in their own transaction."""
    try:
        yield
    except IntegrityError as fault:
        raise ValueError("a key is taken") from fault


def _plain(value: object) -> object:
    # A decimal is kept as text: a number of either engine would make it a binary fraction.
    return format(value, "f") if isinstance(value, Decimal) else value


def _values(value: NewProject) -> dict[str, object]:
    fields = {name: _plain(getattr(value, name)) for name in OWN}
    key = organisation_key(value.organisation)[:KEY_LIMIT]
    return fields | {"organisation_key": key, "unverified": sorted(value.unverified)}
