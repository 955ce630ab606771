"""New rows, without those whose unique key exists already: as each engine takes them quickest.

A statement with so many values would be put together anew each time, which takes longer than the writing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.faults import DatabaseDown

# From so many rows on PostgreSQL copies them; to begin that takes longer than to insert a few.
MANY = 50
Rows = Sequence[dict[str, Any]]
Shape = tuple[str, Callable[[Any], Any]]


@cache
def inserting(table: Table, engine: str) -> sqlite.Insert | postgresql.Insert:
    """An INSERT on that engine that leaves out what is there."""
    if engine == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def insert_all(connection: Connection, table: Table, rows: Rows) -> None:
    """Inserts rows of the same columns."""
    engine = connection.dialect.name
    filled = _filled(rows) if len(rows) > 1 else rows
    if engine == "postgresql" and len(filled) >= MANY and _copied(connection, table, filled):
        return
    if filled:
        connection.execute(inserting(table, engine), list(filled))


def _filled(rows: Rows) -> Rows:
    """The rows without the columns that are empty in all of them: those are empty, or get their default, by themselves."""
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


def _copied(connection: Connection, table: Table, rows: Rows) -> bool:
    """Copies the rows; leaves nothing behind where a key is there already, or a value cannot be.

    Whoever inserts them afterwards meets that fault again, and has the words for it. Raises DatabaseDown.
    """
    columns = ", ".join(f'"{name}"' for name in rows[0])
    shapes = tuple(_shapes(connection, table, rows[0]))
    driver: Any = connection.connection.driver_connection
    dbapi: Any = connection.dialect.loaded_dbapi
    step = connection.begin_nested()
    try:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([*(row | {name: shape(row[name]) for name, shape in shapes}).values()])
    except (dbapi.IntegrityError, dbapi.DataError):
        step.rollback()
        return False
    except dbapi.OperationalError as fault:
        raise DatabaseDown(str(fault)) from fault
    step.commit()
    return True


def _shapes(connection: Connection, table: Table, names: Iterable[str]) -> Iterator[Shape]:
    """The columns whose values the driver takes in another form, with the way to it."""
    for name in names:
        kind = table.c[name].type.dialect_impl(connection.dialect)
        if shape := kind.bind_processor(connection.dialect):
            yield name, partial(_unless_empty, shape)


def _unless_empty(shape: Callable[[Any], Any], value: object) -> object:
    return None if value is None else shape(value)
