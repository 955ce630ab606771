"""What came in month by month, within one transaction; fulfils `intents.desk.projects.books.Readings`."""

from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from intents.desk.projects.items import Doubt, Reading
from storage.tables import monitoring_item, monitoring_record, project


class StoredReadings:
    """The readings."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def of(self, project: int) -> tuple[Reading, ...]:
        """Everything that a project has recorded, by item and month."""
        of, kept = monitoring_item.c, monitoring_record.c
        both = monitoring_item.join(monitoring_record, kept.item_id == of.id)
        query = select(of.name, monitoring_record).select_from(both).where(of.project_id == project)
        return tuple(map(_reading, self._connection.execute(query.order_by(of.name, kept.month))))

    def put(self, project_: int, reading: Reading) -> None:
        """Writes one down, or changes what stands for its item and month; the project's version grows.

        Raises KeyError for an item that the project does not have.
        """
        # First, because it holds the project: two who record the same thing come one after the other.
        grown = {"version": project.c.version + 1, "changed_at": self._now}
        self._connection.execute(update(project).where(project.c.id == project_).values(grown))
        item = self._item(project_, reading.item)
        values = {
            "value": reading.value,
            "note": reading.note,
            "doubt": reading.doubt,
            "by": reading.by,
            "at": self._now,
        }
        kept = monitoring_record.c
        mine = update(monitoring_record).where(kept.item_id == item, kept.month == reading.month)
        if not self._connection.execute(mine.values(values)).rowcount:
            whole = values | {"item_id": item, "month": reading.month}
            self._connection.execute(insert(monitoring_record).values(whole))

    def _item(self, project_: int, name: str) -> int:
        of = monitoring_item.c
        query = select(of.id).where(of.project_id == project_, of.name == name)
        found: int | None = self._connection.scalar(query)
        if found is None:
            raise KeyError(name)
        return found


def _reading(row: Row[tuple[object, ...]]) -> Reading:
    return Reading(
        item=row.name,
        month=row.month,
        value=row.value,
        note=row.note,
        doubt=Doubt(row.doubt),
        by=row.by,
        at=row.at,
    )
