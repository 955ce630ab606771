"""Many new rows at once, on both engines: everything comes back as it was given, and what is there already stays."""

from dataclasses import replace
from datetime import date, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from intents.desk.projects.records import NewProject
from storage.books import books
from storage.database import Database, DatabaseDown
from storage.new_rows import MANY
from storage.tables import radar_note
from tests.kit import NOON

NEW = NewProject(
    project_id="", title="案件", organisation="会社", prefecture="茨城県", methodology="EN-S-001"
)
MONDAY = date(2026, 11, 23)
COUNT = MANY + 10


def _rows(database: Database) -> list[dict[str, Any]]:
    """A line about each of some new projects, whose texts would break a copy that did not take care."""
    with books(database, NOON, "staff:x") as opened:
        added = opened.projects.add_all([replace(NEW, project_id=f"P-{number}") for number in range(COUNT)])
    return [
        {
            "week": MONDAY,
            "project_id": one.id,
            "rank": rank,
            "score": -rank,
            "reasons": [["age", "1\t2\n\\N 'é"], ["silent", str(rank)]],
            "called_at": NOON.astimezone(timezone(timedelta(hours=9))) if rank == 1 else None,
            "called_by": "\\.",
            "outcome": "",
        }
        for rank, one in enumerate(added, start=1)
    ]


def _found(database: Database) -> list[dict[str, Any]]:
    with database.look() as connection:
        return [
            dict(row._mapping) for row in connection.execute(select(radar_note).order_by(radar_note.c.rank))
        ]


def test_everything_comes_back(database: Database) -> None:
    """Lists, moments of another zone, odd letters, and what is empty."""
    rows = _rows(database)
    with database.begin() as connection:
        database.add_new(connection, radar_note, rows)
    assert _found(database) == rows


def test_what_is_there_stays(database: Database) -> None:
    """One row in the middle is there already: the others are written, it is as it was, and so is what came before."""
    rows = _rows(database)
    with database.begin() as connection:
        database.add_new(connection, radar_note, [rows[30] | {"outcome": "reached"}])
        database.add_new(connection, radar_note, rows)
    assert _found(database) == [*rows[:30], rows[30] | {"outcome": "reached"}, *rows[31:]]


def test_twice_is_once_and_nothing_is_nothing(database: Database) -> None:
    """Rows that are all there leave nothing to do."""
    rows = _rows(database)
    with database.begin() as connection:
        database.add_new(connection, radar_note, rows)
        database.add_new(connection, radar_note, rows)
        database.add_new(connection, radar_note, [])
        assert connection.scalar(select(func.count()).select_from(radar_note)) == COUNT


def test_a_fault_is_told_in_the_words_of_an_insert(postgres_database: Database) -> None:
    """A row of a project that does not exist breaks the transaction, and nothing of it stays."""
    rows = _rows(postgres_database)
    with pytest.raises(IntegrityError, match="foreign key"), postgres_database.begin() as connection:
        postgres_database.add_new(connection, radar_note, [*rows, rows[0] | {"project_id": 10**6}])
    assert _found(postgres_database) == []


def test_many_are_copied(postgres_database: Database) -> None:
    """PostgreSQL gets no INSERT of them, whatever kinds of values they hold."""
    rows, said = _rows(postgres_database), []

    def hear(_: object, __: object, words: str, *___: object) -> None:
        said.append(words)

    event.listen(postgres_database.engine, "before_cursor_execute", hear)
    with postgres_database.begin() as connection:
        postgres_database.add_new(connection, radar_note, rows)
    assert not [words for words in said if "INSERT" in words]
    assert len(_found(postgres_database)) == COUNT


def test_a_row_that_is_held_is_waited_for_once(postgres_database: Database) -> None:
    """The database cannot do it now; whoever asked is told so, and nothing is tried anew."""
    rows = _rows(postgres_database)
    with postgres_database.begin() as other:
        postgres_database.add_new(other, radar_note, rows[:1])
        with pytest.raises(DatabaseDown), postgres_database.begin() as connection:
            postgres_database.add_new(connection, radar_note, rows)
    assert _found(postgres_database) == rows[:1]
