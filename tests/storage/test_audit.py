"""The audit on both engines: nobody changes a line, and who does all the same is found out."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select, select, text
from sqlalchemy.exc import IntegrityError

from intents.desk.books import Recipient
from intents.desk.seminar_records import NewSeminar
from intents.desk.staff_books import Role, StaffMember
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import inbox
from storage.audit import Fault, StoredAudit, Verdict, lines, verify
from storage.books import StoredBooks, books
from storage.database import Database, DatabaseDown
from storage.migrate import migrate, retreat
from storage.tables import audit_head, outbox
from storage.tokens import mint
from storage.unit_of_work import turn
from tests.kit import NOON, said

THREADS, ROUNDS = 8, 50
LETTER = Reply((Paragraph((Text("お知らせ"),)),), Lang.JA)


def _note(database: Database, *subjects: str) -> None:
    with books(database, NOON, "staff:sato") as opened:
        for subject in subjects:
            opened.audit.note(subject, "changed", before={"数": 1}, after={"数": (2, 3)}, reason="理由")


@contextmanager
def _tampering(database: Database) -> Iterator[Connection]:
    """A transaction of somebody who may do everything, and has switched the triggers off."""
    with database.begin() as connection:
        if database.embedded:
            for name in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER audit_no_{name}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        yield connection


# ------------------------------------------------ append only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET reason = 'x' WHERE id = 1",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit",
    ],
)
def test_audit_append_only(database: Database, statement: str) -> None:
    """No line can be changed or deleted; the refusal is no fault that passes."""
    _note(database, "a", "b")
    with pytest.raises(IntegrityError), database.begin() as connection:
        connection.execute(text(statement))
    assert verify(database).ok


def test_audit_append_only_not_emptied(postgres_database: Database) -> None:
    """TRUNCATE passes by what watches single rows, and is refused as well."""
    _note(postgres_database, "a")
    with pytest.raises(IntegrityError), postgres_database.begin() as connection:
        connection.execute(text("TRUNCATE audit"))


def test_audit_append_only_not_replaced(sqlite_database: Database) -> None:
    """REPLACE deletes without asking the trigger on DELETE, and is refused as well."""
    _note(sqlite_database, "a")
    columns = "id, at, actor, subject, action, reason, digest"
    with pytest.raises(IntegrityError), sqlite_database.begin() as connection:
        connection.execute(
            text(f"REPLACE INTO audit ({columns}) SELECT {columns.replace('actor', 'reason')} FROM audit")
        )


# ------------------------------------------------ verifying


def test_the_chain_holds(database: Database) -> None:
    """Whatever the values; the digest at its end is the stored one, and can be noted and found again."""
    assert verify(database) == Verdict(0, "0" * 64)
    _note(database, "a", "b")
    first = verify(database)
    _note(database, "c")
    whole = verify(database, noted=first.digest)
    with database.look() as connection:
        head = connection.execute(select(audit_head)).one()
    assert (whole.ok, whole.lines, whole.digest) == (True, 3, head.digest)
    assert verify(database, noted="f" * 64).fault is Fault.NOT_NOTED
    assert [(line.id, line.subject, line.after) for line in lines(database)][-1] == (3, "c", {"数": [2, 3]})
    assert [line.id for line in lines(database, "b")] == [2]
    assert [line.id for line in lines(database, limit=2)] == [2, 3]


SWAP = (
    "UPDATE audit SET id = -1 WHERE id = 3",
    "UPDATE audit SET id = 3 WHERE id = 4",
    "UPDATE audit SET id = 4 WHERE id = -1",
)
COPY = (
    "INSERT INTO audit (id, at, actor, subject, action, reason, trace, digest) "
    "SELECT 7, at, actor, subject, action, reason, trace, digest FROM audit WHERE id = 6"
)


@pytest.mark.parametrize(
    ("statements", "fault", "line"),
    [
        (["UPDATE audit SET reason = 'x' WHERE id = 2"], Fault.BROKEN, 2),
        (["UPDATE audit SET actor = 'staff:x' WHERE id = 6"], Fault.BROKEN, 6),
        (["UPDATE audit SET trace = 'E-9' WHERE id = 1"], Fault.BROKEN, 1),
        (["DELETE FROM audit WHERE id = 1"], Fault.MISSING, 1),
        (["DELETE FROM audit WHERE id = 3"], Fault.MISSING, 3),
        (["DELETE FROM audit WHERE id >= 5"], Fault.TAIL_MISSING, 5),
        (["DELETE FROM audit"], Fault.TAIL_MISSING, 1),
        (SWAP, Fault.BROKEN, 3),
        ([COPY], Fault.ADDED, 7),
        (["DELETE FROM audit_head"], Fault.HEAD, 0),
        (["UPDATE audit_head SET digest = 'x'"], Fault.HEAD, 0),
    ],
)
def test_audit_tampering_is_found(database: Database, statements: list[str], fault: Fault, line: int) -> None:
    """A line that is changed, removed, added or moved is named."""
    _note(database, *"abcdef")
    with _tampering(database) as connection:
        for statement in statements:
            connection.execute(text(statement))
    verdict = verify(database)
    assert (verdict.ok, verdict.fault, verdict.line) == (False, fault, line)


@pytest.mark.parametrize("column", ["after", "at"])
def test_a_line_that_cannot_be_read_is_broken(sqlite_database: Database, column: str) -> None:
    """SQLite takes any text; the line with it is named, not only the page that holds it."""
    _note(sqlite_database, *"abcd")
    with _tampering(sqlite_database) as connection:
        connection.execute(text(f"UPDATE audit SET \"{column}\" = 'x' WHERE id = 3"))
    verdict = verify(sqlite_database)
    assert (verdict.fault, verdict.line) == (Fault.BROKEN, 3)


# ------------------------------------------------ at once


class Unlocked(Database):
    """The lock on the head left out, and time between reading and writing it."""

    def for_update(self, select: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
        """Reads without a lock on the head; other rows keep theirs."""
        if audit_head not in select.get_final_froms():
            return super().for_update(select, skip_locked=skip_locked)
        time.sleep(0.002)
        return select


def _at_once(database: Database, rounds: int = ROUNDS) -> int:
    """So many threads lock different rows first and note two lines each time; gives the number of faults."""
    with books(database, NOON, "staff:sato") as opened:
        made = [
            opened.seminars.add(
                NewSeminar(title="会", starts_at=NOON, ends_at=NOON + timedelta(hours=1), capacity=9)
            )
            for _ in range(THREADS)
        ]
    faults = [0] * THREADS
    gate = threading.Barrier(THREADS)

    def one(place: int) -> None:
        gate.wait()
        for turn_ in range(rounds):
            try:
                with books(database, NOON, "clock") as opened:
                    opened.audit.note(f"s{place}", "before")
                    # In both orders of rows, each round: the head must not come between them.
                    for id_ in sorted({made[place].id, made[(place + turn_) % THREADS].id}):
                        opened.seminars.lock(id_)
                    opened.audit.note(f"s{place}", "after")
            except (DatabaseDown, IntegrityError):
                faults[place] += 1

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(THREADS)))
    return sum(faults)


def test_audit_chain_at_once(database: Database) -> None:
    """Nobody is refused, no deadlock, and the lines are one chain."""
    assert _at_once(database) == 0
    verdict = verify(database)
    assert (verdict.ok, verdict.lines) == (True, THREADS * ROUNDS * 2)


def test_audit_chain_at_once_without_the_lock(postgres_database: Database) -> None:
    """The twin: two read the same end, and would both write the next line."""
    bare = Unlocked(postgres_database.engine.url.render_as_string(hide_password=False))
    assert _at_once(bare, rounds=5) > 0
    bare.close()


class HeadFirst(StoredAudit):
    """The lock taken at the first line instead of at the end."""

    def note(self, subject: str, action: str, **more: Any) -> None:
        """Locks, notes."""
        held = self._database.for_update(select(audit_head))
        self._connection.execute(held)
        super().note(subject, action, **more)


@pytest.mark.parametrize(("store", "holds"), [(StoredAudit, True), (HeadFirst, False)])
def test_the_head_is_the_last_lock(
    postgres_database: Database, store: type[StoredAudit], *, holds: bool
) -> None:
    """One notes and then locks a seminar, the other the other way round: with the head first, they block each other."""
    with books(postgres_database, NOON, "staff:sato") as opened:
        ends = NOON + timedelta(hours=1)
        seminar = opened.seminars.add(NewSeminar(title="会", starts_at=NOON, ends_at=ends, capacity=9)).id
    gate = threading.Barrier(2)

    def one(place: int) -> bool:
        try:
            with postgres_database.begin() as connection:
                opened = StoredBooks(connection, postgres_database, NOON, "clock")
                opened.audit = store(connection, postgres_database, "clock", NOON)
                steps: list[Callable[[], object]] = [
                    lambda: opened.audit.note("a", "b"),
                    lambda: opened.seminars.lock(seminar),
                ]
                steps[place]()
                gate.wait()
                steps[1 - place]()
                opened.audit.keep()
        except DatabaseDown:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(one, range(2))) is holds


# ------------------------------------------------ turns


def test_what_was_taken_back_leaves_no_line(database: Database) -> None:
    """A step whose writing is not kept leaves no line; what came before and after it does."""
    event = inbox.add(database, [said("x")], "t")[0].event
    with turn(database, event, NOON) as opened:
        assert opened
        work = opened
        work.recall(Lang.JA, "e", mint)
        work.audit.note("a", "first")
        work.attempt(lambda: work.audit.note("a", "dropped"), lambda _: False)
        work.attempt(lambda: work.audit.note("a", "kept"), lambda _: True)
        work.audit.note("a", "last")
    assert [line.action for line in lines(database, "a")] == ["first", "kept", "last"]
    assert verify(database).lines == 3


def test_a_transaction_that_fails_leaves_no_line(database: Database) -> None:
    """Lines and what they tell of are written together or not at all."""

    def fails() -> None:
        with books(database, NOON, "clock") as opened:
            opened.audit.note("a", "b")
            opened.staff.issue_login(StaffMember("nobody", "nobody", Role.READER))

    with pytest.raises(IntegrityError):
        fails()
    assert lines(database) == ()


def test_a_turn_may_be_that_of_staff(database: Database) -> None:
    """Who acts changes for the lines that follow."""
    with books(database, NOON, "person:slack:T1:U1") as opened:
        opened.audit.note("a", "b")
        opened.audit.actor = "staff:sato"
        opened.audit.note("a", "c")
    assert [line.actor for line in lines(database)] == ["person:slack:T1:U1", "staff:sato"]


def test_trace_one_id(database: Database) -> None:
    """One id leads from the event of a turn to its lines and its letters; staff's work has one as well."""
    event = inbox.add(database, [said("x")], "t")[0].event
    with turn(database, event, NOON) as opened:
        assert opened
        opened.recall(Lang.JA, "e", mint)
        opened.audit.note("a", "b")
        opened.deliver("reply", "slack", {"channel": "C1"}, LETTER, NOON)
        to = Recipient(0, "web:p1", "p1@example.jp", Lang.JA)
        opened.post.send("letter", to, LETTER, purpose="seminar", due=NOON)
    for given in ("W-1", ""):
        with books(database, NOON, "staff:sato", given) as desk:
            desk.audit.note("c", "d")
            desk.post.send(f"k{given}", to, LETTER, purpose="seminar", due=NOON)
    with database.look() as connection:
        traces = list(connection.scalars(select(outbox.c.trace).order_by(outbox.c.id)))
    assert [line.trace for line in lines(database, "a")] == [f"E-{event}"]
    assert traces[:3] == [f"E-{event}", f"E-{event}", "W-1"]
    assert [line.trace for line in lines(database, "c")] == traces[2:]
    assert traces[3].startswith("T-")


# ------------------------------------------------ the migration


def test_lines_from_before_are_chained(database: Database) -> None:
    """Nothing is lost on the way up, gaps in the numbers are closed, and new lines follow; down and up again."""
    retreat(database, "0006")
    _old_lines(database, 700)
    migrate(database)
    _note(database, "n")
    verdict = verify(database)
    assert (verdict.ok, verdict.lines) == (True, 701)
    assert [one.after for one in lines(database, "s", 1)] == [{"数": 1.5}]
    retreat(database, "0006")
    with database.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit")) == 701
        connection.execute(text("DELETE FROM audit WHERE id = 5"))
    _old_lines(database, 1, first=0)
    migrate(database)
    assert verify(database).lines == 701


def _old_lines(database: Database, count: int, first: int = 3) -> None:
    """Lines as the release before wrote them, every third number; 0: the database numbers them."""
    row = "INSERT INTO audit ({}at, actor, subject, action, before, after, reason) VALUES ({}:at, 'clock', 's', 'a', "
    row += "'null', '{{\"数\": 1.5}}', '理由')"
    statement = row.format("id, ", ":id, ") if first else row.format("", "")
    at = NOON.replace(tzinfo=None) if database.embedded else NOON
    with database.begin() as connection:
        rows = [{"id": first * (number + 1), "at": f"{at}"} for number in range(count)]
        connection.execute(text(statement), rows if first else [{"at": f"{at}"}])
