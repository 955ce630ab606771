"""Gaps on both engines: what counts as asked in vain, who decides, and one proposal a question, whoever comes at once."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text

from intents.desk import gaps
from intents.desk.gap_books import Decision, NewProposal, Proposal, ProposalState
from intents.desk.refused import Refused
from intents.ports import Outcome
from knowledge.model import Lang
from storage import inbox
from storage.books import StoredBooks
from storage.database import Database, DatabaseDown
from storage.gaps import StoredGaps
from storage.tables import audit
from storage.tables.gaps import gap_proposal
from storage.tokens import mint
from storage.unit_of_work import turn
from tests.kit import NOON, said

RACERS = 5
DAY = timedelta(days=1)
HYDROGEN = "水素ボイラーは対象ですか"


class Desk(StoredBooks):
    """The books with the gaps."""

    def __init__(self, database: Database, actor: str, now: datetime, gaps: StoredGaps) -> None:
        super().__init__(gaps._connection, database, now, actor, "t-1")
        self.gaps = gaps


@contextmanager
def _desk(
    database: Database, actor: str = "staff:a", now: datetime = NOON, store: type[StoredGaps] = StoredGaps
) -> Iterator[Desk]:
    with database.begin() as connection:
        opened = Desk(database, actor, now, store(connection, database, now))
        yield opened
        opened.audit.keep()


def _ask(
    database: Database,
    asked: str,
    person: str = "c1",
    *,
    outcome: Outcome = Outcome.UNKNOWN,
    entry: str = "",
    helpful: bool | None = None,
    organisation: str = "",
    at: datetime = NOON,
) -> int:
    """A question as the chat keeps it; gives its event."""
    event = inbox.add(database, [said(asked, conversation=person, channel=f"web{person}")], "t")[0].event
    with turn(database, event, at) as work:
        assert work
        work.recall(Lang.JA, "e", mint)
        work.answers.record(asked=asked, outcome=outcome, entry=entry, confidence=0.5)
        if helpful is not None:
            work.answers.rate(event, helpful=helpful)
        if organisation:
            work.people.remember({"organisation": organisation})
    return event


def _nearest(_: str) -> str:
    return "eligible"


def _open(database: Database, now: datetime = NOON + DAY) -> tuple[gaps.Gap, ...]:
    with _desk(database, now=now) as opened:
        return gaps.open_gaps(opened.gaps, _nearest, now - gaps.LOOK_BACK)


def _propose(database: Database, *events: int, actor: str = "staff:a") -> Proposal:
    with _desk(database, actor) as opened:
        return gaps.propose(opened, NewProposal(Decision.PHRASING, events, HYDROGEN, "eligible"))


def test_what_was_asked_in_vain_is_counted_by_organisation(database: Database) -> None:
    """An organisation counts once however it writes its name; who said none counts alone."""
    events = [
        _ask(database, HYDROGEN, "c1", organisation="株式会社三宝"),
        _ask(database, "水素ボイラーで申請できる？", "c2", organisation="（株）三宝"),
        _ask(database, "水素ボイラー　対象", "c2"),
        _ask(database, HYDROGEN, "c3"),
    ]
    bad = _ask(database, "審査料はいくら", "c4", outcome=Outcome.ANSWER, entry="cost", helpful=False)
    _ask(database, "費用は", "c4", outcome=Outcome.ANSWER, entry="cost", helpful=True)
    _ask(database, "費用は", "c4", outcome=Outcome.ANSWER, entry="cost")
    _ask(database, "天気は", "c4", entry="elsewhere.weather")
    _ask(database, "", "c4", outcome=Outcome.ANSWER, entry="cost", helpful=False)
    first, second = _open(database)
    assert (first.question, first.events) == (HYDROGEN, tuple(events))
    assert (first.organisations, first.persons, first.askers) == (1, 1, 2)
    assert (first.nearest, first.last_asked, first.again) == ("eligible", NOON, False)
    assert (second.question, second.nearest, second.events) == ("審査料はいくら", "cost", (bad,))


def test_a_proposal_covers_its_questions_until_they_come_back(database: Database) -> None:
    """What is asked while it waits is covered too; what is asked after the publication opens the gap again."""
    first = _ask(database, HYDROGEN)
    proposal = _propose(database, first)
    _ask(database, HYDROGEN, "c2", at=NOON + timedelta(hours=1))
    assert _open(database) == ()
    with _desk(database, "staff:b", NOON + timedelta(hours=2)) as opened:
        published = gaps.publish(opened, proposal.id)
    assert published.state is ProposalState.PUBLISHED
    assert (published.decided_by, published.decided_at) == ("staff:b", NOON + timedelta(hours=2))
    assert _open(database) == ()
    again = _ask(database, HYDROGEN, "c3", at=NOON + timedelta(hours=3))
    assert [(gap.events, gap.again) for gap in _open(database)] == [((again,), True)]


def test_a_refused_proposal_gives_its_questions_free(database: Database) -> None:
    """The reason is kept, the gap is open again, and another proposal may take it."""
    event = _ask(database, HYDROGEN)
    proposal = _propose(database, event)
    with _desk(database, "staff:b") as opened:
        assert gaps.refuse(opened, proposal.id, " 別の答えがある ").reason == "別の答えがある"
    assert [gap.events for gap in _open(database)] == [(event,)]
    assert _propose(database, event).id != proposal.id
    with _desk(database) as opened:
        assert [one.state for one in opened.gaps.proposals()] == [
            ProposalState.PROPOSED,
            ProposalState.REFUSED,
        ]


def test_what_is_taken_leaves_nothing_behind(database: Database) -> None:
    """Not even where the refusal is answered and the transaction goes on."""
    taken, free = _ask(database, HYDROGEN), _ask(database, "クレジットを相続できますか", "c2")
    _propose(database, taken)
    with _desk(database) as opened, pytest.raises(Refused, match="already_proposed"):
        gaps.propose(opened, NewProposal(Decision.OUT_OF_SCOPE, (taken, free), HYDROGEN))
    assert _count(database) == 1
    assert [gap.events for gap in _open(database)] == [(free,)]


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (NewProposal(Decision.PHRASING, (), "x", "e"), "no_questions"),
        (NewProposal(Decision.PHRASING, (999,), "x", "e"), "no_questions"),
        (NewProposal(Decision.PHRASING, (1,), " ", "e"), "text_missing"),
        (NewProposal(Decision.PHRASING, (1,), "x"), "entry_missing"),
        (NewProposal(Decision.ANSWERED, (1,)), "entry_missing"),
        (NewProposal(Decision.OUT_OF_SCOPE, (1,)), "text_missing"),
    ],
)
def test_half_a_proposal_is_refused(sqlite_database: Database, new: NewProposal, problem: str) -> None:
    """And nothing is written."""
    with pytest.raises(Refused) as refused, _desk(sqlite_database) as opened:
        gaps.propose(opened, new)
    assert refused.value.problem == problem


def test_publishing_takes_a_second_person_once(database: Database) -> None:
    """Each refusal says why; what was decided stays decided."""
    proposal = _propose(database, _ask(database, HYDROGEN))

    def problem(actor: str, act: Callable[[Desk], Proposal]) -> str:
        with pytest.raises(Refused) as refused, _desk(database, actor) as opened:
            act(opened)
        return refused.value.problem

    assert problem("staff:a", lambda opened: gaps.publish(opened, proposal.id)) == "same_person"
    assert problem("staff:b", lambda opened: gaps.publish(opened, 99)) == "no_proposal"
    assert problem("staff:b", lambda opened: gaps.refuse(opened, proposal.id, " ")) == "reason_missing"
    with _desk(database, "staff:b") as opened:
        gaps.publish(opened, proposal.id)
    assert problem("staff:c", lambda opened: gaps.publish(opened, proposal.id)) == "already_decided"
    assert problem("staff:c", lambda opened: gaps.refuse(opened, proposal.id, "x")) == "already_decided"


def test_each_change_is_one_line_of_the_audit(sqlite_database: Database) -> None:
    """Who did what to which proposal, and what was before."""
    proposal = _propose(sqlite_database, event := _ask(sqlite_database, HYDROGEN))
    with _desk(sqlite_database, "staff:b") as opened:
        gaps.refuse(opened, proposal.id, "理由")
    with sqlite_database.look() as connection:
        mine = select(audit).where(audit.c.subject == f"gap:{proposal.id}").order_by(audit.c.id)
        proposed, refused = connection.execute(mine).all()
    assert (proposed.action, proposed.actor, proposed.after["questions"]) == ("proposed", "staff:a", [event])
    assert (refused.action, refused.actor, refused.reason) == ("refused", "staff:b", "理由")
    assert (refused.before, refused.after) == ({"state": "proposed"}, {"state": "refused"})


# ------------------------------------------------ at once


def _together(run: Callable[[int], object]) -> list[str]:
    """Runs at once, again while the database is busy as senders do; gives the refusals."""
    gate = Barrier(RACERS)

    def one(place: int) -> str:
        gate.wait()
        while True:
            try:
                run(place)
                return ""
            except DatabaseDown:
                time.sleep(0.01)
            except Refused as refused:
                return refused.problem

    with ThreadPoolExecutor(RACERS) as pool:
        return sorted(filter(None, pool.map(one, range(RACERS))))


def _count(database: Database) -> int:
    with database.look() as connection:
        return connection.scalar(select(func.count()).select_from(gap_proposal)) or 0


def test_a_question_is_claimed_once(database: Database) -> None:
    """The others are told, whatever order they name their questions in, and leave nothing behind."""
    events = [_ask(database, HYDROGEN, f"c{n}") for n in range(3)]
    refusals = _together(lambda place: _propose(database, *events[place % 3 :], *events[: place % 3]))
    assert refusals == ["already_proposed"] * (RACERS - 1)
    assert _count(database) == 1


def test_without_the_index_a_question_is_claimed_twice(postgres_database: Database) -> None:
    """The guard is the unique index."""
    event = _ask(postgres_database, HYDROGEN)
    with postgres_database.begin() as connection:
        connection.execute(text("DROP INDEX uq_gap_question_event"))
    assert _together(lambda _: _propose(postgres_database, event)) == []
    assert _count(postgres_database) == RACERS


class Unlocked(StoredGaps):
    """The lock left out, and time between looking and writing."""

    def lock(self, id_: int) -> Proposal | None:
        """Reads without a lock, and dawdles."""
        found = next((one for one in self.proposals() if one.id == id_), None)
        time.sleep(0.1)
        return found


@pytest.mark.parametrize(("store", "published"), [(StoredGaps, 1), (Unlocked, RACERS)])
def test_a_proposal_is_decided_once(
    postgres_database: Database, store: type[StoredGaps], published: int
) -> None:
    """Under the lock one of them publishes; without it all believe to have done it."""
    proposal = _propose(postgres_database, _ask(postgres_database, HYDROGEN))

    def run(place: int) -> None:
        with _desk(postgres_database, f"staff:b{place}", store=store) as opened:
            gaps.publish(opened, proposal.id)

    assert _together(run) == ["already_decided"] * (RACERS - published)
