"""A long random walk over cases: every change leaves its line, refusals leave nothing, and the lines tell it all."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NoReturn

import pytest
from sqlalchemy import event, func, select, text

from intents.desk import case_talk
from intents.desk.books import Recipient
from intents.desk.case_clock import MISSED, NEAR, NO_REPLY, QUIET, TALK_ENDED
from intents.desk.case_forms import DATES, OUTCOMES, CaseOffice, Wrong, perform
from intents.desk.case_records import Case, CaseKind, NewCase
from intents.desk.case_rules import CaseAct
from intents.desk.clock_units import Area, due
from intents.desk.consultations import Pen
from intents.desk.office_hours import next_open
from intents.desk.refused import Refused
from intents.desk.staff_books import StaffMember
from knowledge.model import Lang
from storage.audit import AuditLine, lines, verify
from storage.books import StoredBooks, books
from storage.case_rows import case_of
from storage.database import Database
from storage.tables import audit, case, case_note, outbox
from tests.intents.desk.case_world import AREAS, IBARAKI, PEN, PEOPLE, PRACTICE, WORDING, chat, staffed
from tests.kit import NOON

OFFICE = CaseOffice(WORDING, PRACTICE)
MOST_CASES = 15
# What ends cases is rare, so that most of the time there is something to do.
OFTEN = {
    CaseAct.FINISH: 1,
    CaseAct.REFER: 1,
    CaseAct.MERGE: 1,
    CaseAct.REPLY: 4,
    CaseAct.ASK_BACK: 4,
    CaseAct.TAKE: 4,
}
# They tell of something without changing the case.
ONLY_TOLD = {NEAR, NO_REPLY, QUIET}
ALL = {
    *("opened", "taken", "assigned", "put_back", "replied", "asked_back", "appointed", "date_set", "closed"),
    *("reopened", "noted", "merged", "merged_from", "split", "rerouted", "stepped_back", "heard", "settled"),
    *("left_talk", "booked", "booking_cancelled", "person_asked", NEAR, MISSED, TALK_ENDED, NO_REPLY),
    QUIET,
    "talk_follows",
}
Told = dict[str, object]
Work = Callable[[StoredBooks], object]


def _told(one: Case) -> Told:
    """How a case stands, as the audit spells it; nothing that is empty."""
    told = {
        "state": one.state.value,
        "owner": one.owner,
        "talking": one.talking,
        "desk": one.desk,
        "kind": one.kind.value,
        "promised_by": one.promised_by and one.promised_by.isoformat(),
        "next_at": one.next_at and one.next_at.isoformat(),
        "next_kind": one.next_kind and one.next_kind.value,
        "outcome": one.outcome and one.outcome.value,
        "merged_into": one.merged_into,
    }
    return {name: value for name, value in told.items() if value}


def replayed(told: Mapping[str, object], line: AuditLine) -> Told:
    """How a case stands after a line; the line must begin where the one before it ended."""
    for name, value in (line.before or {}).items():
        assert (told.get(name) or None) == (value or None), (line, name)
    return {name: value for name, value in {**told, **(line.after or {})}.items() if value}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database holds about cases."""

    cases: Mapping[str, Case]
    notes: int
    letters: int


@dataclass(slots=True)
class Walk:
    """An office at work; each step is one transaction of somebody, checked against the audit."""

    database: Database
    dice: random.Random
    now: datetime = NOON
    people: tuple[Recipient, ...] = ()
    seen: Seen = field(init=False)
    told: dict[str, Told] = field(default_factory=dict)
    actions: Counter[str] = field(default_factory=Counter)
    last: int = 0

    def __post_init__(self) -> None:
        """Staff and six people in chats, before anything happens."""
        staffed(self.database)
        self.people = tuple(chat(self.database, f"c{n}", f"web:p{n}") for n in range(6))
        self.seen, self.last = self._look(), len(lines(self.database))

    def _look(self) -> Seen:
        with self.database.look() as connection:
            found = map(case_of, connection.execute(select(case)))
            counted = (select(func.count(table.c.id)).scalar_subquery() for table in (case_note, outbox))
            return Seen({one.subject: one for one in found}, *connection.execute(select(*counted)).one())

    def step(self) -> None:
        """A while later somebody does something, or the clock does what is due."""
        self.now += timedelta(minutes=self.dice.choice((0, 1, 10, 60, 240)))
        if self.dice.random() < 0.01:
            # Everybody is away for three weeks.
            self.now = next_open(PRACTICE.hours, self.now + timedelta(days=21))
            self._tick()
        elif self.dice.random() < 0.06:
            self._tick()
        elif self.dice.random() < 0.35:
            to = self.dice.choice(self.people)
            self.do(f"person:{to.person}", self._requester(to))
        else:
            who, number, act, given = self._acted()
            self.do(who.actor, lambda opened: perform(opened, OFFICE, who, number, act, given))

    def _tick(self) -> None:
        for unit in self._due():
            self.do("clock", lambda opened, do=unit: do(opened, PEN))  # type: ignore[misc]

    def _due(self) -> tuple[Callable[[StoredBooks, Pen], object], ...]:
        with self.database.look() as connection:
            looked = StoredBooks(connection, self.database, self.now, "clock")
            areas: Iterable[Area[StoredBooks]] = AREAS
            return tuple(unit for area in areas for unit in due(area, looked))

    def _number(self) -> str:
        return f"K-{self.dice.randint(1, max(5, len(self.seen.cases))):05d}"

    def _who(self, number: str) -> StaffMember:
        """Mostly the owner, as others are mostly refused."""
        found = self.seen.cases.get(f"case:{number}")
        owner = next((one for one in PEOPLE if found and one.name == found.owner), None)
        return owner if owner and self.dice.random() < 0.7 else self.dice.choice(PEOPLE)

    def _acted(self) -> tuple[StaffMember, str, CaseAct, dict[str, str]]:
        number = self._number()
        day = f"{self.now + timedelta(days=self.dice.randint(-1, 9)):%m/%d}"
        given = {
            "to": self.dice.choice(PEOPLE).name,
            "reason": self.dice.choice(("", "不在のため")),
            "text": self.dice.choice(("", "お答えします", "何台ですか")),
            "day": day,
            "time": self.dice.choice(("", "14:00")),
            "date_kind": self.dice.choice(DATES).value,
            "outcome": self.dice.choice(OUTCOMES).value,
            "into": self._number(),
            "summary": "別の件",
            "desk": self.dice.choice(("general", "forest", "moon")),
        }
        acts = [act for act in CaseAct if act is not CaseAct.SPLIT or len(self.seen.cases) < MOST_CASES + 5]
        weights = [OFTEN.get(act, 2) for act in acts]
        return self._who(number), number, self.dice.choices(acts, weights)[0], given

    def _requester(self, to: Recipient) -> Work:
        kind = self.dice.choice((CaseKind.QUESTION, CaseKind.HANDOVER))
        new = NewCase(kind=kind, summary="費用", to=to, prefecture=self.dice.choice(("", IBARAKI)))
        number, starts = self._number(), self.now + timedelta(days=3)
        choices: tuple[Callable[[StoredBooks, Case], object], ...] = (
            lambda opened, one: case_talk.heard(opened, PRACTICE, one, "続きです"),
            lambda opened, one: case_talk.booked(opened, one.number, starts),
            lambda opened, one: case_talk.given_back(opened, one.number, one.next_at or starts, None),
            lambda opened, one: case_talk.leave(opened, OFFICE.letters, one, one.to.person),
            case_talk.settle,
        )
        work = self.dice.choices(choices, (8, 4, 4, 4, 1))[0]
        if len(self.seen.cases) < MOST_CASES or self.dice.random() < 0.2:
            return lambda opened: case_talk.ask_person(opened, PRACTICE, new)
        return lambda opened: (one := opened.cases.lock(number)) and work(opened, one)

    def do(self, actor: str, work: Work) -> None:
        """One transaction; afterwards the books and the audit tell the same."""
        refused = False
        try:
            with books(self.database, self.now, actor) as opened:
                work(opened)
        except (Refused, Wrong):
            refused = True
        before, self.seen = self.seen, self._look()
        new = self._new_lines()
        if refused:
            assert (self.seen, new) == (before, []), actor
        self._check(before, new, actor)

    def _new_lines(self) -> list[AuditLine]:
        with self.database.look() as connection:
            columns = [audit.c[name] for name in AuditLine.__dataclass_fields__]
            rows = connection.execute(select(*columns).where(audit.c.id > self.last).order_by(audit.c.id))
            found = [AuditLine(**row._asdict()) for row in rows]
        self.last += len(found)
        return found

    def _check(self, before: Seen, new: list[AuditLine], actor: str) -> None:
        for line in new:
            self.actions[line.action] += 1
            assert (line.actor, line.at) == (actor, self.now)
            self.told[line.subject] = replayed(self.told.get(line.subject, {}), line)
        for subject, one in self.seen.cases.items():
            if one == before.cases.get(subject) and not new:
                continue
            mine = [line.action for line in new if line.subject == subject and line.action not in ONLY_TOLD]
            known = before.cases.get(subject)
            assert len(mine) == one.version - (known.version if known else 0), (subject, mine)
            assert self.told.get(subject) == _told(one), subject

    def replay(self) -> None:
        """From the first line to the last: what they tell is how the cases stand."""
        for subject, one in self.seen.cases.items():
            told: Told = {}
            for line in lines(self.database, subject, 10_000):
                told = replayed(told, line)
            assert told == _told(one)


def _quick(database: Database) -> None:
    """This test is not about power failures."""
    if database.embedded:
        event.listen(database.engine, "connect", lambda made, _: made.execute("pragma synchronous=off"))
    else:
        with database.engine.begin() as connection:
            name = database.engine.url.database
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    # Connections made from now on know it.
    database.close()


def _walked(database: Database, seed: int, steps: int) -> Walk:
    _quick(database)
    walk = Walk(database, random.Random(seed))
    for _ in range(steps):
        walk.step()
    return walk


@pytest.mark.parametrize(("engine", "steps"), [("sqlite_database", 2000), ("postgres_database", 300)])
def test_audit_complete(request: pytest.FixtureRequest, engine: str, steps: int) -> None:
    """Each step is checked; at the end everything is replayed, and the chain holds."""
    database: Database = request.getfixturevalue(engine)
    walk = _walked(database, 20261124, steps)
    walk.replay()
    assert verify(database).ok
    if steps > 1000:
        assert ALL - set(walk.actions) == set()


def _past_the_audit(opened: StoredBooks) -> None:
    opened.cases.save(replace(_first(opened), owner="mori"))


def _another_before(opened: StoredBooks) -> None:
    """A line that does not tell what was there."""
    one = _first(opened)
    opened.cases.save(replace(one, owner="mori"))
    opened.audit.note(one.subject, "assigned", before={"owner": "nobody-knows"}, after={"owner": "mori"})


def _twice(opened: StoredBooks) -> None:
    one = opened.cases.save(replace(_first(opened), owner="mori"))
    opened.cases.save(one)
    opened.audit.note(one.subject, "assigned", after={"owner": "mori"})


def _first(opened: StoredBooks) -> Case:
    found = opened.cases.lock("K-00001")
    assert found
    return found


@pytest.mark.parametrize("change", [_past_the_audit, _another_before, _twice])
def test_a_change_past_the_audit_is_found(
    sqlite_database: Database, change: Callable[[StoredBooks], None]
) -> None:
    """The guard taken out: whoever writes without `save` is caught by the walk."""
    walk = _walked(sqlite_database, 1, 0)
    to = Recipient(0, "web:p9", "", Lang.JA)
    new = NewCase(kind=CaseKind.HANDOVER, summary="費用", to=to)
    walk.do("person:web:p9", lambda opened: case_talk.open_case(opened, PRACTICE, new))
    with pytest.raises(AssertionError):
        walk.do("staff:sato", change)


def test_a_refusal_that_writes_is_found(sqlite_database: Database) -> None:
    """What was written before a refusal must not stay: here it would, as the transaction is not given up."""
    walk = _walked(sqlite_database, 1, 0)
    new = NewCase(kind=CaseKind.HANDOVER, summary="費用", to=Recipient(0, "web:p9", "", Lang.JA))
    with books(sqlite_database, NOON, "person:web:p9") as opened:
        case_talk.open_case(opened, PRACTICE, new)
    with pytest.raises(AssertionError):
        walk.do("staff:sato", _refuse)


def _refuse(_: StoredBooks) -> NoReturn:
    raise Refused("no_case")
