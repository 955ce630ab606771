"""When the outbox has something to do next, and whether what has left is in the way of what has not."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event, update

from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import outbox
from storage.database import Database
from storage.outlook import next_letter, waiting_channels
from storage.tables import outbox as table
from tests.kit import NOON

REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)
MINUTE = timedelta(minutes=1)


def _put(database: Database, key: str, channel: str, minutes: int) -> None:
    with database.begin() as connection:
        outbox.put(connection, database, key, channel, {"channel": key}, REPLY, NOON + minutes * MINUTE)


def test_the_next_letter_is_the_first_that_is_due_or_whose_lease_lapses(database: Database) -> None:
    """What has left counts no more."""
    assert next_letter(database, "slack", NOON) is None
    _put(database, "later", "slack", 30)
    _put(database, "soon", "slack", 10)
    _put(database, "mail", "mail", 1)
    assert next_letter(database, "slack", NOON) == NOON + 10 * MINUTE
    now = NOON + 10 * MINUTE
    letter = outbox.claim(database, "slack", "w", now, 1)[0]
    assert next_letter(database, "slack", NOON) == now + outbox.LEASE
    outbox.sent(database, letter.id, "w", now, "ref")
    assert next_letter(database, "slack", NOON) == NOON + 30 * MINUTE


def test_what_waits_behind_a_letter_that_was_told_to_wait_comes_after_it(database: Database) -> None:
    """Nobody needs to look for it before; other places go on."""
    for number in range(3):
        _put(database, f"k{number}", "slack", 0)
    with database.begin() as connection:
        connection.execute(update(table).where(table.c.id < 3).values(place="here"))
    outbox.claim(database, "slack", "w", NOON, 1)
    outbox.quiet(database, 1, "w", NOON + MINUTE, "429")
    assert next_letter(database, "slack", NOON) == NOON
    with database.begin() as connection:
        connection.execute(update(table).where(table.c.key == "k2").values(state="parked"))
    assert next_letter(database, "slack", NOON) == NOON + MINUTE
    assert next_letter(database, "slack", NOON + MINUTE) == NOON


def test_only_channels_with_something_to_do_are_named(database: Database) -> None:
    """A parked letter waits for a person and not for the channel."""
    _put(database, "a", "slack", 0)
    _put(database, "b", "mail", 0)
    letter = outbox.claim(database, "mail", "w", NOON, 1)[0]
    assert waiting_channels(database) == ("mail", "slack")
    outbox.park(database, letter.id, "w", "no such address", NOON)
    assert waiting_channels(database) == ("slack",)


def test_claiming_does_not_go_through_what_has_left(sqlite_database: Database) -> None:
    """SQLite finds letters and their neighbours by the indexes of what waits, however many have been sent."""
    for number in range(50):
        _put(sqlite_database, f"k{number}", "slack", 0)
    with sqlite_database.begin() as connection:
        connection.execute(update(table).where(table.c.id > 3).values(state="sent", sent_at=NOON))
    asked: list[tuple[str, Any]] = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *of: asked.append((of[2], of[3])))
    assert len(outbox.claim(sqlite_database, "slack", "w", NOON, 10)) == 3
    statement, given = next((text, given) for text, given in asked if text.startswith("SELECT outbox.id"))
    with sqlite_database.look() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    steps = [row[3] for row in plan if "outbox" in row[3] or "other" in row[3]]
    assert steps
    assert all("ix_outbox_waiting" in step for step in steps)
