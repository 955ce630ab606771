"""Migrations: the migrated shape is the declared one, down and up loses nothing that it should keep."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text

from bot.schedule import do_due
from intents.desk import case_clock
from intents.desk.case_records import Case, CaseState, DateKind
from knowledge.model import Lang
from storage.case_queue import Filter, queue
from storage.case_rows import case_of, searchable
from storage.database import LOCK_WAIT_MS, Database
from storage.migrate import is_current, migrate, retreat
from storage.rooms import unshown
from storage.tables import case as case_table
from storage.tables import metadata, outbox
from tests.intents.desk.case_world import DAY, PEN, PRACTICE, at, staffed

ASKED = datetime(2026, 1, 5, 3, tzinfo=UTC)
# After whatever day the tests run on, and before.
AHEAD, GONE = datetime(2999, 12, 1, 4, tzinfo=UTC), datetime(2020, 1, 6, 4, tzinfo=UTC)
REQUEST = {
    "stage": "plan",
    "prefecture": "茨城県",
    "organisation": "株式会社ＡＢＣ製材",
    "methodology": "FO-001",
    "name": "山田",
    "mail": "y@example.jp",
}


def test_the_migrated_shape_is_the_declared_one(database: Database) -> None:
    """Nobody changed a table and forgot its migration."""
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_down_and_up_again(database: Database) -> None:
    """Each step can be taken back."""
    retreat(database)
    assert not is_current(database)
    migrate(database)
    assert is_current(database)


def test_whoever_reads_is_waited_for(postgres_database: Database) -> None:
    """A report takes longer than any turn would wait; when it is done the table is changed."""
    retreat(postgres_database, "0015")
    reads, read_on = threading.Event(), threading.Event()

    def report() -> None:
        with postgres_database.look() as connection:
            connection.execute(select(outbox.c.id)).all()
            reads.set()
            read_on.wait(2 * LOCK_WAIT_MS / 1000)

    reader = threading.Thread(target=report)
    reader.start()
    assert reads.wait(5)
    migrate(postgres_database)
    assert is_current(postgres_database)
    reader.join()


# ------------------------------------------------ cases from before the staff desk


def _insert(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({values})'), rows)


def _cases(count: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """So many cases of the sixth shape: a request with a booking, an application, and hand-overs."""
    talk = {"id": 1, "channel": "web", "key": "c1", "person": "p1", "lang": "en", "state": "{}"}
    yield "conversation", [talk | {"updated_at": ASKED}]
    event = {"channel": "web", "conversation": "c1", "body": "{}", "received_at": ASKED, "state": "done"}
    yield "inbox", [event | {"id": id_, "event_key": f"e{id_}", "attempts": 1} for id_ in range(1, count + 1)]
    kinds = {1: "consultation", 2: "offset", 3: "consultation"}
    case = {
        "conversation_id": 1,
        "person": "web:p1",
        "state": "new",
        "opened_at": ASKED,
        "summary": "Ｊ-クレ",
    }
    yield (
        "case",
        [case | {"id": n, "event": n, "kind": kinds.get(n, "handover")} for n in range(1, count + 1)],
    )
    asked = {
        "organisation_key": "abc製材",
        "topic": "FO-001",
        "request": json.dumps(REQUEST),
        "opened_at": ASKED,
    }
    # From the dialog of seminars, which knows no methodology.
    seminar = json.dumps({"stage": "idea", "name": "林", "mail": "h@example.jp", "organisation": "個人"})
    yield (
        "consultation",
        [asked | {"case_id": 1}, asked | {"case_id": 3, "topic": "idea", "request": seminar}],
    )
    yield from _times()
    yield "offset_application", [_application()]


def _times() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Three times, all booked: two to come, one that is over."""
    slot = {"way": "online", "ends_at": AHEAD}
    yield (
        "slot",
        [slot | {"id": n, "starts_at": when} for n, when in ((1, AHEAD), (2, AHEAD + DAY), (3, GONE))],
    )
    booked = {"conversation_id": 1, "person": "web:p1", "lang": "en", "mail": "b@example.jp", "name": "森"}
    made = {"state": "booked", "booked_at": ASKED}
    taken = ((1, 2, 1), (2, 1, 1), (3, 3, 3))
    yield (
        "booking",
        [booked | made | {"id": id_, "slot_id": slot, "case_id": of} for id_, slot, of in taken],
    )


def _application() -> dict[str, Any]:
    said = {
        "supplier": "返礼品店",
        "prefecture": "新潟県",
        "name": "加藤",
        "mail": "k@example.jp",
        "phone": "",
    }
    more = {"portals": "", "items": "[]", "credit": "", "leaflet": False, "person": "web:p1", "lang": "ja"}
    kept = {"id": 1, "case_id": 2, "fingerprint": "f", "consent": "1", "applied_at": ASKED, "state": "open"}
    return said | more | kept


def _from_before(database: Database, count: int) -> None:
    retreat(database, "0006")
    with database.begin() as connection:
        for table, rows in _cases(count):
            _insert(connection, table, rows)
    migrate(database)


def _all(database: Database) -> list[Case]:
    with database.look() as connection:
        return [case_of(row) for row in connection.execute(select(case_table).order_by(case_table.c.id))]


def test_what_is_known_of_old_cases_stays_known(database: Database) -> None:
    """Who asks, about what, and when they come: up, down and up again."""
    _from_before(database, 4)
    for _ in range(2):
        asked, offset, guest, talk = _all(database)
        assert (asked.name, asked.organisation, asked.to.mail) == (
            "山田",
            "株式会社ＡＢＣ製材",
            "y@example.jp",
        )
        assert (asked.prefecture, asked.topic, asked.methodology) == ("茨城県", "FO-001", "FO-001")
        assert (asked.desk, asked.to.lang) == ("forest", Lang.EN)
        assert (asked.state, asked.due) == (CaseState.APPOINTMENT, (AHEAD, DateKind.APPOINTMENT))
        assert (offset.name, offset.organisation, offset.to.mail) == ("加藤", "返礼品店", "k@example.jp")
        assert (guest.name, guest.topic, guest.methodology) == ("林", "idea", "")
        # What was booked is over.
        assert (guest.state, guest.due, talk.name) == (CaseState.NEW, None, "")
        assert _found(database, "abc製材") == _found(database, "山田") == _found(database, "fo-001") == [1]
        assert _found(database, "j-クレ") == [1, 2, 3, 4]
        retreat(database, "0006")
        migrate(database)


def _found(database: Database, words: str) -> list[int]:
    with database.look() as connection:
        return sorted(one.id for one in queue(connection, Filter(text=words)).cases)


def test_the_search_is_filled_as_cases_fill_it(sqlite_database: Database) -> None:
    """The same words as if the case had been opened today."""
    _from_before(sqlite_database, 4)
    with sqlite_database.look() as connection:
        row = connection.execute(select(case_table).where(case_table.c.id == 1)).one()
    names = ("summary", "organisation", "organisation_key", "name", "methodology")
    assert row.search == searchable(*(getattr(row, name) for name in names))
    assert row.organisation_key == "abc製材"


@pytest.mark.parametrize("days", [0, 7])
def test_old_cases_are_no_news(sqlite_database: Database, days: int) -> None:
    """No card, and no letter; after five quiet working days one letter to each who looks after them."""
    _from_before(sqlite_database, 30)
    staffed(sqlite_database)
    assert unshown(sqlite_database, 10) == ()
    # They are as old as the migration.
    assert {one.changed_at > ASKED == one.opened_at for one in _all(sqlite_database)} == {True}
    with sqlite_database.begin() as connection:
        connection.execute(case_table.update().values(changed_at=at(24, 8)))
    do_due(sqlite_database, lambda: at(24, 10) + days * DAY, PEN, [partial(case_clock.subjects, PRACTICE)])
    with sqlite_database.look() as connection:
        told = connection.scalars(select(outbox.c.key).order_by(outbox.c.key)).all()
    day = "2026-12-01"
    assert told == (
        [f"quiet:{day}:{who}" for who in ("endo:slack", "kato:mail", "mori:slack")] if days else []
    )


def test_closed_ones_stay_closed_and_nobodys_are_new(database: Database) -> None:
    """After a step back nobody is left who took a case."""
    _from_before(database, 4)
    with database.begin() as connection:
        for id_, state in ((1, "done"), (2, "taken"), (4, "waiting")):
            mine = case_table.c.id == id_
            connection.execute(case_table.update().where(mine).values(state=state, open=state != "done"))
    retreat(database, "0006")
    migrate(database)
    states = [one.state for one in _all(database)]
    assert states == [CaseState.DONE, CaseState.NEW, CaseState.NEW, CaseState.WAITING]
    with database.look() as connection:
        still = connection.scalars(select(case_table.c.id).where(case_table.c.open).order_by(case_table.c.id))
        assert still.all() == [2, 3, 4]
