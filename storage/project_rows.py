"""What belongs to projects, out of its tables: one query a table for some hundreds of projects, whatever they are."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, select

from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectState,
    Scheme,
)
from storage.tables import certification, instrument, monitoring_item, monitoring_period, monitoring_record

# The columns of a project itself, its own fields first.
OWN = tuple(field.name for field in dataclasses.fields(NewProject))
COLUMNS = (*OWN, "id", "version", "created_at", "last_contact_at")
# As many ids go into one statement.
BATCH = 500
# The columns of what belongs to a project, the first of which is its key within the project.
PERIOD = ("begins_on", "ends_on", "applied_on", "round")
CERTIFICATION = ("applied_on", "round", "tonnes", "listed_on")
INSTRUMENT = ("name", "valid_until")
ITEM = ("name", "kind", "unit", "since")
T = TypeVar("T")
Children = Mapping[int, list[tuple[Any, ...]]]


@dataclasses.dataclass(frozen=True, slots=True)
class Belongings:
    """What belongs to some projects, by the row of the project."""

    periods: Children
    certifications: Children
    instruments: Children
    items: Children
    recorded: Children

    def whole(self, row: Row[Any]) -> Project:
        """A project out of its row of COLUMNS, with everything of its own."""
        values = dict(zip(COLUMNS, row, strict=True))
        for name, read in _READ.items():
            values[name] = read(values[name])
        return Project(
            **values,
            periods=tuple(Period(*one) for one in self.periods[row.id]),
            certifications=tuple(_certification(*one) for one in self.certifications[row.id]),
            instruments=tuple(Instrument(*one) for one in self.instruments[row.id]),
            items=tuple(item_of(*one) for one in self.items[row.id]),
            recorded=tuple((name, month) for name, month in self.recorded[row.id]),
        )


def belongings(connection: Connection, ids: Sequence[int]) -> Belongings:
    """What belongs to these projects."""
    items = children(connection, monitoring_item, ITEM, ids)
    return Belongings(
        children(connection, monitoring_period, PERIOD, ids),
        children(connection, certification, CERTIFICATION, ids),
        children(connection, instrument, INSTRUMENT, ids),
        items,
        _recorded(connection, sorted(items)),
    )


def children(connection: Connection, table: Table, columns: Sequence[str], ids: Sequence[int]) -> Children:
    """The rows of a table that belong to these projects, by project and key."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    wanted = [table.c[name] for name in columns]
    for some in batches(ids):
        query = select(table.c.project_id, *wanted).where(_theirs(table, some))
        for id_, *values in connection.execute(query.order_by(table.c.project_id, wanted[0])):
            found[id_].append(tuple(values))
    return found


def _recorded(connection: Connection, ids: Sequence[int]) -> Children:
    """Which items were recorded for which months; nothing is asked for projects that have no items."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    of, month = monitoring_item.c, monitoring_record.c.month
    both = monitoring_item.join(monitoring_record, monitoring_record.c.item_id == of.id)
    for some in batches(ids):
        query = select(of.project_id, of.name, month).select_from(both).where(_theirs(monitoring_item, some))
        for id_, *values in connection.execute(query.order_by(of.project_id, of.name, month)):
            found[id_].append(tuple(values))
    return found


def batches(all_: Sequence[T]) -> Iterable[Sequence[T]]:
    """As many at once as one statement takes."""
    return (all_[begin : begin + BATCH] for begin in range(0, len(all_), BATCH))


def _theirs(table: Table, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a row belongs to one of these projects, which a range says in fewer words where they are neighbours."""
    if ids[-1] - ids[0] == len(ids) - 1:
        return table.c.project_id.between(ids[0], ids[-1])
    return table.c.project_id.in_(ids)


_READ: Mapping[str, Callable[[Any], object]] = {
    "scheme": Scheme,
    "state": ProjectState,
    "unverified": frozenset,
    "expected_t": lambda text: None if text is None else Decimal(text),
}


def _certification(applied_on: Any, round_: Any, tonnes: str | None, listed_on: Any) -> Certification:
    return Certification(applied_on, round_, None if tonnes is None else Decimal(tonnes), listed_on)


def item_of(name: str, kind: str, unit: str, since: str) -> MonitoringItem:
    """An item out of its columns."""
    return MonitoringItem(name, ItemKind(kind), unit, since)
