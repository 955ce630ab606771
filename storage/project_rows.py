"""What belongs to projects, out of its tables: two questions for some hundreds of projects, whatever they are."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import starmap
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Date,
    Integer,
    Row,
    Select,
    String,
    Table,
    cast,
    literal_column,
    null,
    select,
    union_all,
)

from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectHead,
    ProjectState,
    Scheme,
)
from storage.neighbours import among_them, are_neighbours, batches, named
from storage.tables import certification, instrument, monitoring_item, monitoring_period, monitoring_record

# The columns of a project itself, its own fields first.
OWN = tuple(field.name for field in dataclasses.fields(NewProject))
COLUMNS = (*OWN, "id", "version", "created_at", "last_contact_at")
# The columns of what belongs to a project, the first of which is its key within the project.
PERIOD = ("begins_on", "ends_on", "applied_on", "round")
CERTIFICATION = ("applied_on", "round", "tonnes", "listed_on")
INSTRUMENT = ("name", "valid_until")
ITEM = ("name", "kind", "unit", "since")
_OWNED = (
    (monitoring_period, PERIOD),
    (certification, CERTIFICATION),
    (instrument, INSTRUMENT),
    (monitoring_item, ITEM),
)
# The columns that all of them have in common: as many of each kind as one of them has at most.
_COMMON = (String, String, String, String, Date, Date, Date, Integer)
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
        id_ = row.id
        return Project(
            **_own(row),
            periods=tuple(starmap(Period, self.periods.get(id_, ()))),
            certifications=tuple(starmap(_certification, self.certifications.get(id_, ()))),
            instruments=tuple(starmap(Instrument, self.instruments.get(id_, ()))),
            items=tuple(starmap(_item, self.items.get(id_, ()))),
            recorded=tuple(self.recorded.get(id_, ())),
        )


def head(row: Row[Any]) -> ProjectHead:
    """A project out of its row of COLUMNS, without what belongs to it."""
    return ProjectHead(**_own(row))


def _own(row: Row[Any]) -> dict[str, Any]:
    values = dict(zip(COLUMNS, row, strict=True))
    for name, read in _READ.items():
        values[name] = read(values[name])
    return values


def belongings(connection: Connection, ids: Sequence[int]) -> Belongings:
    """What belongs to these projects: one question for all of it, another one for what was recorded."""
    periods, certifications, instruments, items = _owned(connection, ids)
    return Belongings(periods, certifications, instruments, items, _recorded(connection, sorted(items)))


def items_of(connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[MonitoringItem, ...]]:
    """What these projects measure every month, by project and name."""
    *_, items = _owned(connection, ids)
    return {id_: tuple(_item(*one) for one in rows) for id_, rows in items.items()}


def _owned(connection: Connection, ids: Sequence[int]) -> Sequence[Children]:
    """The rows of each of these tables, by project and key."""
    found: list[dict[int, list[tuple[Any, ...]]]] = [defaultdict(list) for _ in _OWNED]
    for some in batches(ids):
        query = _everything(neighbours=are_neighbours(some))
        for which, id_, *values in connection.execute(query, named(some)):
            found[which][id_].append(_PICK[which](values))
    for theirs in found:
        for rows in theirs.values():
            rows.sort(key=_KEY)
    return found


def _slots(table: Table, columns: Sequence[str]) -> tuple[int, ...]:
    """In which of the columns that all have in common those of a table stand: in the next free one of its kind."""
    free, found = list(range(len(_COMMON))), []
    for name in columns:
        found.append(next(at for at in free if isinstance(table.c[name].type, _COMMON[at])))
        free.remove(found[-1])
    return tuple(found)


@cache
def _everything(*, neighbours: bool) -> CompoundSelect[Any]:
    """What is asked of all these tables at once, put together once."""
    return union_all(*(_part(number, neighbours=neighbours) for number in range(len(_OWNED))))


def _part(number: int, *, neighbours: bool) -> Select[Any]:
    table, columns = _OWNED[number]
    given = dict(zip(_slots(table, columns), columns, strict=True))
    common = (table.c[given[at]] if at in given else cast(null(), kind()) for at, kind in enumerate(_COMMON))
    return select(literal_column(str(number), Integer), table.c.project_id, *common).where(
        among_them(table.c.project_id, neighbours=neighbours)
    )


def _recorded(connection: Connection, ids: Sequence[int]) -> Children:
    """Which items were recorded for which months; nothing is asked for projects that have no items."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for some in batches(ids):
        query = _records(neighbours=are_neighbours(some))
        for id_, *values in connection.execute(query, named(some)):
            found[id_].append(tuple(values))
    return found


@cache
def _records(*, neighbours: bool) -> Select[Any]:
    """What is asked of the records, put together once."""
    of, month = monitoring_item.c, monitoring_record.c.month
    both = monitoring_item.join(monitoring_record, monitoring_record.c.item_id == of.id)
    theirs = among_them(of.project_id, neighbours=neighbours)
    query = select(of.project_id, of.name, month).select_from(both).where(theirs)
    return query.order_by(of.project_id, of.name, month)


_PICK = tuple(itemgetter(*_slots(*one)) for one in _OWNED)
_KEY = itemgetter(0)
_READ: Mapping[str, Callable[[Any], object]] = {
    "scheme": Scheme,
    "state": ProjectState,
    "unverified": frozenset,
    "expected_t": lambda text: None if text is None else Decimal(text),
}


def _certification(applied_on: Any, round_: Any, tonnes: str | None, listed_on: Any) -> Certification:
    return Certification(applied_on, round_, None if tonnes is None else Decimal(tonnes), listed_on)


def _item(name: str, kind: str, unit: str, since: str) -> MonitoringItem:
    """An item out of its columns."""
    return MonitoringItem(name, ItemKind(kind), unit, since)
