"""What is asked all day is found by its index, however much there is; and SQLite plans no such statement anew each time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, update

from intents.desk.looks import Silence
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import outbox
from storage.books import StoredBooks
from storage.case_due import StoredCaseDue
from storage.case_queries import MERGED
from storage.consultations import StoredConsultations
from storage.database import Database
from storage.further_ways import pass_on_unserved
from storage.lost_letters import lost_letters
from storage.nudges import StoredNudges
from storage.outlook import next_letter
from storage.tables import metadata
from storage.tables import outbox as table
from tests.kit import NOON

REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)
Ask = Callable[[Connection, Database], object]


@contextmanager
def _asked(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed meanwhile, with their values."""
    found: list[tuple[str, Any]] = []

    def keep(*of: Any) -> None:
        if not of[2].startswith("BEGIN"):
            found.append((of[2], of[3]))

    event.listen(database.engine, "before_cursor_execute", keep)
    yield found
    event.remove(database.engine, "before_cursor_execute", keep)


LOOKS: list[tuple[Ask, str]] = [
    (lambda connection, _: connection.execute(MERGED, {"row": 1}).all(), "ix_case_merged_into"),
    (lambda connection, it: StoredNudges(connection, it, NOON).lost(5), "ix_outbox_lost"),
    (lambda connection, _: StoredCaseDue(connection, NOON).undelivered(), "ix_outbox_parked"),
    (lambda connection, _: lost_letters(connection, "seminar:", 5), "ix_outbox_parked"),
    (lambda _, it: pass_on_unserved(it, ["web"], NOON, NOON), "ix_outbox_waiting"),
    (lambda connection, it: StoredConsultations(connection, it, NOON).of_closed_cases(), "ix_slot_starts_at"),
]


@pytest.mark.parametrize(("ask", "index"), LOOKS, ids=[index for _, index in LOOKS])
def test_what_a_look_asks_is_found_by_its_index(sqlite_database: Database, ask: Ask, index: str) -> None:
    """SQLite goes through no table for it."""
    with sqlite_database.look() as connection:
        with _asked(sqlite_database) as asked:
            ask(connection, sqlite_database)
        ((statement, given),) = asked
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
    assert any(index in step for step in plan)
    assert [step for step in plan if step.startswith("SCAN") and index not in step] == []


FIRST: list[Callable[[StoredBooks], object]] = [
    lambda opened: opened.looks.desk(NOON, NOON),
    lambda opened: opened.looks.cases(NOON, NOON, NOON),
    lambda opened: opened.looks.projects(Silence(NOON, NOON, NOON, 3, NOON, NOON.date(), NOON.date())),
    lambda opened: opened.obligations.unplanned("name", NOON.date(), 5),
    lambda opened: opened.obligations.to_tell(NOON.date(), NOON.date(), NOON, 5),
]
# Each of these has only the rows that something may be due for.
OF_SOME = (
    "ix_outbox_parked",
    "ix_outbox_lost",
    "ix_nudge_unseen",
    "uq_succession_open",
    "ix_project_changed",
)


@pytest.mark.parametrize("ask", FIRST)
def test_a_first_question_goes_through_no_table(
    sqlite_database: Database, ask: Callable[[StoredBooks], object]
) -> None:
    """The clock asks it all day, and mostly there is nothing: of a whole table SQLite sees no row."""
    with sqlite_database.look() as connection:
        with _asked(sqlite_database) as asked:
            ask(StoredBooks(connection, sqlite_database, NOON, "clock"))
        ((statement, given),) = asked
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
    scans = [step.split() for step in plan if step.startswith("SCAN")]
    tables = [words for words in scans if words[1] in metadata.tables]
    assert [words for words in tables if words[-1] not in OF_SOME] == []


def _put(database: Database, key: str) -> None:
    with database.begin() as connection:
        outbox.put(connection, database, key, "mail", {"mail": key}, REPLY, NOON)


def test_states_are_written_out(sqlite_database: Database) -> None:
    """Where an index has only some rows by their state, SQLite would plan anew for each value that is given."""
    _put(sqlite_database, "a")
    with _asked(sqlite_database) as asked:
        (letter,) = outbox.claim(sqlite_database, "mail", "w", NOON, 1)
        next_letter(sqlite_database, "mail", NOON)
        outbox.sent(sqlite_database, letter.id, "w", NOON, "ref")
        with sqlite_database.look() as connection:
            StoredConsultations(connection, sqlite_database, NOON).of_closed_cases()
    wheres = [statement.partition("WHERE")[2] for statement, _ in asked]
    assert len(wheres) >= 5
    assert [one for one in wheres if "state = ?" in one] == []


def test_a_letter_that_leaves_is_one_statement(sqlite_database: Database) -> None:
    """Whether it has a link to sign in, which nobody may read afterwards, comes with it."""
    _put(sqlite_database, "a")
    (letter,) = outbox.claim(sqlite_database, "mail", "w", NOON, 1)
    with _asked(sqlite_database) as asked:
        assert outbox.sent(sqlite_database, letter.id, "w", NOON, "ref")
    assert len(asked) == 1


@pytest.mark.parametrize("owner", ["w", "somebody else"])
def test_a_link_to_sign_in_goes_with_the_letter(database: Database, owner: str) -> None:
    """Also when the lease was lost meanwhile: the channel has the letter."""
    _put(database, "a")
    (letter,) = outbox.claim(database, "mail", "w", NOON, 1)
    with database.begin() as connection:
        connection.execute(update(table).values(body={"text": "/console/login/abc-_9"}))
    assert outbox.sent(database, letter.id, owner, NOON, "ref") is (owner == "w")
    with database.look() as connection:
        assert connection.scalar(table.select().with_only_columns(table.c.body)) == {
            "text": "/console/login/…"
        }
