"""Seminars in the books, on both engines: the last seat, the raised and lowered capacity, the line, one person twice."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from intents.desk import seats, seminar_clock, seminars, seminars_staff
from intents.desk.books import Recipient
from intents.desk.case_records import CaseKind, CaseOutcome, CaseState, NewCase
from intents.desk.refused import Refused
from intents.desk.seats import SeatState
from intents.desk.seminar_excerpts import Place
from intents.desk.seminar_letters import SeminarLetters, refusal_text, why_text
from intents.desk.seminar_records import (
    NewSeminar,
    Registration,
    Seats,
    Seminar,
    SeminarKind,
    SeminarState,
    SignUp,
)
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database, DatabaseDown
from storage.seminars import StoredSeminars
from storage.tables import audit, outbox
from tests.kit import NOON

LETTERS = SeminarLetters(load_notices(), load_wording())
RACERS = 100


def _wanted(number: int, party: int = 1) -> SignUp:
    to = Recipient(0, f"web:p{number}", f"p{number}@example.jp", Lang.JA)
    return SignUp(to=to, name=f"人{number}", organisation="試験工業", party=party)


def _seminar(database: Database, capacity: int) -> Seminar:
    starts = NOON + timedelta(days=30)
    new = NewSeminar(
        title="J-クレジット説明会", starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=capacity
    )
    with books(database, NOON, "staff:s1") as opened:
        return seminars_staff.create(opened, new)


def _registrations(database: Database, seminar: Seminar) -> tuple[Registration, ...]:
    with books(database, NOON, "clock") as opened:
        return opened.seminars.registrations(seminar.id)


def _fill(database: Database, seminar: Seminar, parties: Sequence[int]) -> list[str]:
    with books(database, NOON, "person:web:p1") as opened:
        found = [
            seminars.sign_up(opened, LETTERS, seminar.number, _wanted(number, party))
            for number, party in enumerate(parties, 1)
        ]
    return [one.registration.number for one in found]


def _keys(database: Database, kind: str) -> list[str]:
    with database.look() as connection:
        keys = connection.scalars(select(outbox.c.key).order_by(outbox.c.id)).all()
    return [key for key in keys if f":{kind}:" in key]


def _lines(database: Database, seminar: Seminar) -> list[str]:
    with database.look() as connection:
        mine = select(audit.c.action).where(audit.c.subject == seminar.subject).order_by(audit.c.id)
        return list(connection.scalars(mine))


# ---------------------------------------------------------------- the last seat


def _race(
    database: Database, seminar: Seminar, racers: int, store: type[StoredSeminars]
) -> Counter[SeatState]:
    """So many people sign up at the same time, and send again while the database is busy, as browsers do."""
    gate = threading.Barrier(racers)

    def run(number: int) -> None:
        gate.wait()
        while True:
            try:
                with database.begin() as connection:
                    opened = StoredBooks(connection, database, NOON, f"person:web:p{number}")
                    opened.seminars = store(connection, database, NOON)
                    seminars.sign_up(opened, LETTERS, seminar.number, _wanted(number))
                    return
            except DatabaseDown:
                time.sleep(0.01)

    with ThreadPoolExecutor(racers) as pool:
        list(pool.map(run, range(racers)))
    return Counter(one.state for one in _registrations(database, seminar))


def repeat_last_seat(database: Database, times: int) -> list[tuple[int, int]]:
    """How many of 100 at once were confirmed and how many wait, for one seat, as often as that."""
    found = []
    for _ in range(times):
        states = _race(database, _seminar(database, 1), RACERS, StoredSeminars)
        found.append((states[SeatState.CONFIRMED], states[SeatState.WAITING]))
    return found


def test_capacity_last_seat(database: Database) -> None:
    """A hundred at once for one seat: one is confirmed, ninety-nine wait."""
    assert repeat_last_seat(database, 2) == [(1, 99)] * 2


class Unlocked(StoredSeminars):
    """The lock left out, and time between counting the seats and taking one."""

    def lock(self, seminar: int) -> Seminar:
        """Reads without a lock."""
        found = self.find(f"S-{seminar}")
        assert found
        return found

    def places(self, seminar: int) -> tuple[Place, ...]:
        """Counts, and dawdles."""
        found = super().places(seminar)
        time.sleep(0.2)
        return found


def test_without_the_lock_the_last_seat_is_sold_twice(postgres_database: Database) -> None:
    """The guard of PostgreSQL is the lock on the seminar's row."""
    seminar = _seminar(postgres_database, 1)
    assert _race(postgres_database, seminar, 5, Unlocked)[SeatState.CONFIRMED] > 1


def test_on_sqlite_the_guard_is_the_transaction(sqlite_database: Database) -> None:
    """There it is one writer at a time: who counts in an earlier transaction than they write sells twice."""
    seminar = _seminar(sqlite_database, 1)
    assert _race(sqlite_database, seminar, 5, Unlocked)[SeatState.CONFIRMED] == 1
    seminar = _seminar(sqlite_database, 1)
    with sqlite_database.look() as connection:
        store = StoredSeminars(connection, sqlite_database, NOON)
        counted = {seminar.id: store.places(seminar.id)}

    class CountedBefore(StoredSeminars):
        """Believes a count from before the transaction."""

        def places(self, seminar: int) -> tuple[Place, ...]:
            return counted[seminar]

    assert _race(sqlite_database, seminar, 5, CountedBefore)[SeatState.CONFIRMED] > 1


# ---------------------------------------------------------------- more seats and fewer


def test_capacity_raise_order(database: Database) -> None:
    """From 200 to 250 with 80 waiting: the first 50 are offered, 30 stay, one line in the audit, 50 letters."""
    seminar = _seminar(database, 200)
    numbers = _fill(database, seminar, [5] * 40 + [1] * 80)
    with books(database, NOON, "staff:s1") as opened:
        preview = seminars_staff.preview_raise(opened, seminar.number, 250)
    with books(database, NOON, "staff:s1") as opened:
        offered = seminars_staff.raise_capacity(opened, LETTERS, seminar.number, 250, "人気のため")
    assert [one.number for one in offered] == numbers[40:90]
    assert (len(preview.offered), len(preview.stay), preview.letters, preview.taken) == (50, 30, 50, 250)
    states = Counter(one.state for one in _registrations(database, seminar))
    assert states == {SeatState.CONFIRMED: 40, SeatState.OFFERED: 50, SeatState.WAITING: 30}
    assert _lines(database, seminar) == ["created", "capacity_raised"]
    assert len(_keys(database, "offered")) == 50
    with books(database, NOON, "staff:s1") as opened:
        history = opened.seminars.history(seminar)
    assert [(one.actor, one.before, one.after) for one in history] == [("staff:s1", 200, 250)]


def test_capacity_lower(database: Database) -> None:
    """Below what is taken it is refused and says by how much; nobody is removed."""
    seminar = _seminar(database, 10)
    _fill(database, seminar, [5, 3])
    with pytest.raises(Refused) as refused, books(database, NOON, "staff:s1") as opened:
        seminars_staff.lower_capacity(opened, seminar.number, 6)
    assert (refused.value.problem, refused.value.places["over"]) == ("lower_below_taken", 2)
    assert "2席多すぎ" in refusal_text(LETTERS.wording, refused.value, Lang.JA)
    with books(database, NOON, "staff:s1") as opened:
        seminars_staff.lower_capacity(opened, seminar.number, 8)
    assert Counter(one.state for one in _registrations(database, seminar)) == {SeatState.CONFIRMED: 2}
    assert _lines(database, seminar) == ["created", "capacity_lowered"]


def test_waitlist_explain(database: Database) -> None:
    """For anybody who waits: the position, what stands in the way, and the rule."""
    seminar = _seminar(database, 6)
    numbers = _fill(database, seminar, [5, 3, 1])
    with books(database, NOON, "clock") as opened:
        first, second = (seminars.why(opened, number) for number in numbers[1:])
    assert (first.position, second.position) == (1, 2)
    said = why_text(LETTERS.wording, first, Lang.JA)
    assert "1番目" in said
    assert "人数分の席がまだそろいません" in said
    assert "先にお待ちの方を追い越すことはありません" in why_text(LETTERS.wording, second, Lang.JA)
    with pytest.raises(Refused, match="not_waiting"), books(database, NOON, "clock") as opened:
        seminars.why(opened, numbers[0])


# ---------------------------------------------------------------- one person twice


@pytest.mark.parametrize(
    "mail", ["P1@Example.JP", "ｐ１＠ｅｘａｍｐｌｅ．ｊｐ", "p1+news@example.jp", " p1@example.jp "]
)
def test_dedupe_registration(database: Database, mail: str) -> None:
    """The same mail address, however it is typed, is one registration, and it is the one that is shown."""
    seminar = _seminar(database, 10)
    numbers = _fill(database, seminar, [2])
    again = SignUp(
        to=Recipient(0, "slack:u9", mail, Lang.JA), name="別の名", organisation="試験工業", party=4
    )
    with books(database, NOON, "person:slack:u9") as opened:
        found = seminars.sign_up(opened, LETTERS, seminar.number, again)
    assert (found.already, found.registration.number, found.registration.party) == (True, numbers[0], 2)
    assert len(_registrations(database, seminar)) == 1


def test_the_database_holds_who_is_active_once(database: Database) -> None:
    """A cancelled registration makes room for a new one; two active ones cannot stand beside each other."""
    seminar = _seminar(database, 10)
    first = _fill(database, seminar, [1])
    with books(database, NOON, "person:web:p1") as opened:
        seminars.cancel(opened, LETTERS, first[0])
    assert _fill(database, seminar, [1]) != first
    with books(database, NOON, "clock") as opened:
        old = opened.seminars.registration(first[0])
    assert old
    with pytest.raises(IntegrityError), books(database, NOON, "clock") as opened:
        opened.seminars.register(seminar.id, _wanted(1), SeatState.WAITING)


def test_what_is_written_is_read_again(database: Database) -> None:
    """Every field of a seminar and of a registration comes back as it was, and numbers are found as people type them."""
    seminar = _seminar(database, 10)
    (number,) = _fill(database, seminar, [2])
    with books(database, NOON, "clock") as opened:
        store = opened.seminars
        changed = replace(seminar, questions=("何を知りたいですか",), deadline=NOON, venue="さいたま")
        store.save(changed)
        assert store.find("ｓ－０００１") == store.find(" s-1 ") == changed
        assert store.find("S-2") is store.find("S-99999999999999") is store.find("x") is None
        one = store.registration(number)
        assert one
        moved = replace(one, extras={"何を": "太陽光"}, attended=True, offered_until=NOON, reminded_to=NOON)
        store.update(moved)
        assert store.registrations(seminar.id) == store.of_person("web:p1") == (moved,)
        assert store.seminar_of(moved) == changed


# ---------------------------------------------------------------- what a turn and the clock look at


def _dated(database: Database, days: int, **more: Any) -> int:
    """A seminar so many days from now; gives its id."""
    starts = NOON + timedelta(days=days)
    new = NewSeminar(title="会", starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=4, **more)
    with books(database, NOON, "staff:s1") as opened:
        return seminars_staff.create(opened, new).id


def test_which_seminars_are_open(database: Database) -> None:
    """Announced, not begun, before the deadline, no meeting of invited people; the earliest first."""
    later, sooner = _dated(database, 9), _dated(database, 5, deadline=NOON + timedelta(days=1))
    _dated(database, -1)
    _dated(database, 9, deadline=NOON)
    _dated(database, 9, kind=SeminarKind.MEETING)
    for state in (SeminarState.DRAFT, SeminarState.CLOSED, SeminarState.CANCELLED, SeminarState.HELD):
        _dated(database, 9, state=state)
    with books(database, NOON, "clock") as opened:
        assert [one.id for one in opened.seminars.open()] == [sooner, later]


def test_what_the_clock_finds(database: Database) -> None:
    """Sign-ups that are over, and seminars that began lately; what was called off or was never announced is neither."""
    begun, over = _dated(database, -1), _dated(database, 9, deadline=NOON)
    held = _dated(database, -1, state=SeminarState.HELD)
    closed = [_dated(database, days, state=SeminarState.CLOSED) for days in (-4, 9)]
    far, old = _dated(database, 90), _dated(database, -4)
    for state in (SeminarState.DRAFT, SeminarState.CANCELLED):
        _dated(database, -1, state=state)
    with books(database, NOON, "clock") as opened:
        watched = opened.seminars.watched(NOON - timedelta(days=2))
        assert [one.seminar.id for one in watched] == [begun, over, held, closed[1], far, old]
        assert not [one for one in watched if one.lapsed]
    subjects = [subject for subject in seminar_clock.subjects(watched, NOON) if isinstance(subject, partial)]
    found = [(subject.func.__name__, getattr(subject.args[0], "id", subject.args[0])) for subject in subjects]
    assert found == [
        *(("_to_close", one) for one in (begun, over, old)),
        *(("_to_remind", one) for one in (over, closed[1])),
        *(("_to_tell", one) for one in (begun, held)),
    ]


def test_where_an_offer_lapsed(database: Database) -> None:
    """Wherever it was made, also long ago or before it was announced; not where all is called off."""
    ids = {state: _dated(database, -9, state=state) for state in SeminarState}
    with books(database, NOON, "clock") as opened:
        for id_ in ids.values():
            for number, until in enumerate((NOON, NOON + timedelta(hours=1))):
                one = opened.seminars.register(id_, _wanted(number), SeatState.OFFERED)
                opened.seminars.update(replace(one, offered_until=until))
    mine = [id_ for state, id_ in ids.items() if state is not SeminarState.CANCELLED]
    with books(database, NOON, "clock") as opened:
        watched = opened.seminars.watched(NOON - timedelta(days=2))
    assert [one.seminar.id for one in watched if one.lapsed] == sorted(mine)
    with books(database, NOON - timedelta(hours=1), "clock") as opened:
        watched = opened.seminars.watched(NOON - timedelta(days=2))
    assert [(one.seminar.id, one.lapsed) for one in watched] == [(ids[SeminarState.OPEN], False)]


def _anybody_waits(opened: StoredBooks) -> bool:
    return opened.looks.desk(NOON, NOON).lines


def test_whether_anybody_waits(database: Database) -> None:
    """For a seminar to come; and as long as a case is open about people who did."""
    begun, ahead = _dated(database, -1), _dated(database, 9)
    with books(database, NOON, "clock") as opened:
        opened.seminars.register(begun, _wanted(1), SeatState.WAITING)
        one = opened.seminars.register(ahead, _wanted(1), SeatState.CONFIRMED)
        assert not _anybody_waits(opened)
        opened.seminars.update(replace(one, state=SeatState.WAITING))
        assert _anybody_waits(opened)
        assert opened.case_due.lines_of_people()
        opened.seminars.update(replace(one, state=SeatState.CANCELLED))
        assert not _anybody_waits(opened)
        to = Recipient(0, "", "", Lang.JA)
        new = NewCase(kind=CaseKind.WAITLIST, summary="待ち", to=to, about=f"seminar:S-{ahead:04d}")
        case, _ = opened.cases.add(new, "general", None)
        assert _anybody_waits(opened)
        assert opened.case_due.waitlists()
        opened.cases.save(replace(case, state=CaseState.DONE, outcome=CaseOutcome.SETTLED))
        assert not _anybody_waits(opened)


def test_seats_are_counted(database: Database) -> None:
    """The same as by going through the registrations; who is over, too big or passed over holds no seat."""
    seminar, empty = _seminar(database, 4), _seminar(database, 4)
    numbers = _fill(database, seminar, [3, 1, 2, 4, 1, 2])
    with books(database, NOON, "person:web:p1") as opened:
        store = opened.seminars
        seminars.cancel(opened, LETTERS, numbers[1])
        # The one seat went to nobody: the next party needs two.
        big, untold = (store.registration(numbers[index]) for index in (3, 4))
        assert big
        assert untold
        store.update(replace(big, party=5))
        store.update(replace(untold, offered_until=NOON))
        parties = store.parties(seminar.id)
        assert len(parties) == 5
        assert len(store.registrations(seminar.id)) == 6
        # What is read to count them says the same of each as the whole registration.
        assert [(one.id, one.party, one.state, one.passed_over, one.number, one.key) for one in parties] == [
            (one.id, one.party, one.state, one.passed_over, one.number, one.key)
            for one in store.places(seminar.id)
        ]
        counted = store.seats([seminar.id, empty.id])
    waits = sum(one.party for one in seats.queue(4, parties))
    assert counted == {seminar.id: Seats(seats.taken(parties), waits), empty.id: Seats()}
    assert (seats.taken(parties), waits) == (3, 4)


def test_what_is_read_of_registrations(database: Database) -> None:
    """Who sits, whose offer is over, and the ones that are named; nothing of another seminar."""
    seminar, other = _seminar(database, 4), _seminar(database, 4)
    _fill(database, other, [1])
    numbers = _fill(database, seminar, [2, 2, 1, 1])
    with books(database, NOON, "clock") as opened:
        store = opened.seminars
        sits, came, late, early = store.parties(seminar.id)
        store.update(replace(came, attended=True, mail=" P2@Example.jp"))
        store.update(replace(late, state=SeatState.OFFERED, offered_until=NOON))
        store.update(replace(early, state=SeatState.OFFERED, offered_until=NOON + timedelta(seconds=1)))
        seated = store.seated(seminar.id)
        assert [(one.number, one.name, one.to, one.attended) for one in seated] == [
            (numbers[0], sits.name, sits.to, None),
            (numbers[1], came.name, replace(came.to, mail=" P2@Example.jp"), True),
        ]
        assert store.late(seminar.id) == (late.id,)
        named = [early.id, sits.id, *(one.id for one in store.parties(other.id))]
        assert store.those(seminar.id, named) == (sits, store.registration(early.number))
        assert store.those(seminar.id, ()) == ()


def test_old_seminars_cost_nothing(sqlite_database: Database) -> None:
    """Whatever a turn or the clock asks, it finds by an index; the list of everything is read by nobody but staff."""
    with _plans(sqlite_database) as plans, books(sqlite_database, NOON, "clock") as opened:
        store = opened.seminars
        store.open(), store.seats([1, 2]), store.parties(1), store.of_person("web:p1"), store.find("S-1")
        (
            store.watched(NOON),
            opened.looks.desk(NOON, NOON),
            store.places(1),
            store.seated(1),
            store.those(1, [1, 2]),
        )
        store.late(1)
    assert len(plans) == 11
    # A question that only says yes or no has one row, which is no table's.
    assert not [plan for plan in plans if "SCAN" in plan.removeprefix("SCAN CONSTANT ROW")]
    with _plans(sqlite_database) as plans, books(sqlite_database, NOON, "clock") as opened:
        opened.seminars.listing()
    assert "SCAN" in plans[0]


@contextmanager
def _plans(database: Database) -> Iterator[list[str]]:
    """How SQLite finds what is asked for, a line for each statement."""
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.startswith("SELECT"):
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" / ".join(row[3] for row in rows))

    event.listen(database.engine, "before_cursor_execute", explain)
    yield plans
    event.remove(database.engine, "before_cursor_execute", explain)
