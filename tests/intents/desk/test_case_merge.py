"""Two cases that are one: notes, promises and talks go on in the other; and one that is two."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from intents.desk import case_endings, case_merge, cases
from intents.desk.books import Recipient
from intents.desk.case_changes import locked
from intents.desk.case_records import Case, CaseKind, CaseOutcome, CaseState, DateKind, NoteKind
from intents.desk.case_talk import settle
from intents.desk.consultation_books import Wanted
from intents.desk.consultations import alike
from intents.desk.refused import Refused
from knowledge.model import Lang
from storage.books import StoredBooks
from storage.database import Database, DatabaseDown
from storage.tables import outbox
from tests.intents.desk.case_world import (
    DAY,
    LETTERS,
    MORI,
    PRACTICE,
    SATO,
    act,
    actions,
    ask,
    at,
    case,
    letters,
    notes,
    staffed,
    story,
)
from tests.kit import NOON
from tests.world import Talk

PERSON = "担当者に聞く"
TIMES = 10


def _two(database: Database) -> tuple[str, str]:
    """Two cases of one requester, the second with the later promise."""
    staffed(database)
    return ask(database, now=at(24, 9)), ask(database, CaseKind.QUESTION)


def _merge(database: Database, number: str, into: str) -> Case:
    return act(database, lambda opened: case_merge.merge(opened, SATO, number, into, "同じ相談"))


def _problem(database: Database, number: str, into: str) -> str:
    with pytest.raises(Refused) as found:
        _merge(database, number, into)
    return found.value.problem


# ------------------------------------------------ what goes on


def test_everything_goes_on_in_the_other(database: Database) -> None:
    """Notes, the nearer promise, the owner; the merged one is closed and names where it went; a line for each."""
    gone, stays = _two(database)
    act(database, lambda opened: cases.take(opened, MORI, gone))
    act(database, lambda opened: cases.note(opened, MORI, gone, "電話あり"))
    act(database, lambda opened: cases.note(opened, SATO, stays, "資料あり"))
    found = _merge(database, gone, stays)
    assert (found.number, found.owner, found.state) == (stays, "mori", CaseState.TAKEN)
    assert found.due == (at(24, 13), DateKind.PROMISE)
    closed = case(database, gone)
    assert (closed.state, closed.outcome, closed.merged_into) == (
        CaseState.DONE,
        CaseOutcome.MERGED,
        found.id,
    )
    assert [one.text for one in notes(database, stays)] == ["電話あり", "資料あり"]
    assert notes(database, gone) == ()
    assert (story(database, gone)[-1].action, story(database, gone)[-1].reason) == ("merged", "同じ相談")
    assert (story(database, stays)[-1].action, story(database, stays)[-1].reason) == ("merged_from", gone)


def test_what_is_owed_makes_it_our_turn(sqlite_database: Database) -> None:
    """The other one waits for the requester, but here they wait for us."""
    gone, stays = _two(sqlite_database)
    act(sqlite_database, lambda opened: cases.ask_back(opened, LETTERS, SATO, stays, "何台ですか"))
    found = _merge(sqlite_database, gone, stays)
    assert (found.state, found.due) == (CaseState.TAKEN, (at(24, 13), DateKind.PROMISE))


def test_what_cannot_be_merged(sqlite_database: Database) -> None:
    """Into itself, into nothing, into a closed one, a closed one, a merged one."""
    gone, stays = _two(sqlite_database)
    assert _problem(sqlite_database, gone, gone) == "same_case"
    assert _problem(sqlite_database, gone, "K-99999") == "no_case"
    act(
        sqlite_database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, stays, CaseOutcome.ANSWERED),
    )
    assert _problem(sqlite_database, gone, stays) == "target_closed"
    assert _problem(sqlite_database, stays, gone) == "closed"
    third = ask(sqlite_database)
    _merge(sqlite_database, gone, third)
    assert _problem(sqlite_database, gone, third) == "closed"
    with pytest.raises(Refused, match="merged"):
        act(sqlite_database, lambda opened: case_endings.reopen(opened, LETTERS, PRACTICE, SATO, gone))


def test_merged_twice_over(sqlite_database: Database) -> None:
    """Whoever holds the first number is led to the one that goes on."""
    first, second = _two(sqlite_database)
    third = ask(sqlite_database)
    _merge(sqlite_database, first, second)
    _merge(sqlite_database, second, third)
    found = act(sqlite_database, lambda opened: case_merge.last(opened.cases, first))
    assert found
    assert found.number == third


# ------------------------------------------------ the requester


def _talks(database: Database) -> tuple[Talk, Talk]:
    """One person in two tabs, each with a case: K-00001 and K-00002."""
    staffed(database)
    tabs = Talk(database, "c1"), Talk(database, "c2")
    for tab in tabs:
        tab.say(PERSON)
    return tabs


def test_replies_follow(database: Database) -> None:
    """While somebody talks with them, what they write lands on the case that goes on."""
    first, _ = _talks(database)
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, "K-00001", "はい"))
    assert _merge(database, "K-00001", "K-00002").talking == "sato"
    first.say("もう一つあります")
    said = [(one.kind, one.text) for one in notes(database, "K-00002")]
    assert said == [(NoteKind.REPLY, "はい"), (NoteKind.SAID, "もう一つあります")]
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, "K-00002", "どうぞ"))
    # Both places in which they asked hear the answer.
    assert letters(database, "K-00002:note") == [("web", "c2"), ("web", "c1")]
    assert "もう一つ" not in str(notes(database, "K-00001"))


def test_a_talk_of_the_case_that_goes_on(sqlite_database: Database) -> None:
    """The one who talks there stays, whoever talked in the merged one."""
    _talks(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, "K-00001", "はい"))
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, MORI, "K-00002", "はい"))
    assert _merge(sqlite_database, "K-00001", "K-00002").talking == "mori"


def test_two_people_in_one_case(sqlite_database: Database) -> None:
    """A colleague's question went into the same case: both are heard there, and both hear the answer."""
    first, _ = _talks(sqlite_database)
    other = ask(sqlite_database)
    with sqlite_database.begin() as connection:
        connection.exec_driver_sql("update \"case\" set person = 'web:p9' where id = 3")
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, "K-00001", "はい"))
    assert _merge(sqlite_database, "K-00001", other).talking == "sato"
    first.say("続きです")
    assert (NoteKind.SAID, "続きです") in [(one.kind, one.text) for one in notes(sqlite_database, other)]
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, other, "どうぞ"))
    assert len(letters(sqlite_database, f"{other}:note")) == 2
    # That one of them is content, and wants the desk again, does neither close it nor end the talk of the other.
    assert "担当者に伝えました" in first.text("これで解決しました")
    left = act(sqlite_database, lambda opened: locked(opened, other))
    assert (left.is_open, left.talking, left.promised_by) == (True, "sato", None)
    assert "担当" not in first.text("ボイラーを更新すると対象になりますか")[:20]


def test_one_person_hears_once(sqlite_database: Database) -> None:
    """Their two cases, one with a mail address, are one place and one address."""
    first = Talk(sqlite_database, "c1")
    staffed(sqlite_database)
    first.say(PERSON)
    here = act(sqlite_database, lambda opened: locked(opened, "K-00001")).to
    second = ask(sqlite_database, to=replace(here, mail="tanaka@example.jp"))
    _merge(sqlite_database, "K-00001", second)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, second, "どうぞ"))
    assert letters(sqlite_database, f"{second}:note") == [("web", "c1"), ("mail", "tanaka@example.jp")]


def test_each_in_their_language(sqlite_database: Database) -> None:
    """A colleague who asked in English is answered in English."""
    one = ask(sqlite_database)
    other = ask(sqlite_database, to=Recipient(0, "web:p7", "smith@example.jp", Lang.EN))
    _merge(sqlite_database, other, one)
    act(
        sqlite_database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, one, CaseOutcome.ANSWERED, ""),
    )
    with sqlite_database.look() as connection:
        bodies = connection.scalars(select(outbox.c.body).where(outbox.c.key.contains(":closed:"))).all()
    assert {body["lang"] for body in bodies} == {"ja", "en"}


def _appoint(database: Database, number: str) -> None:
    act(database, lambda opened: cases.appoint(opened, LETTERS, SATO, number, NOON + 3 * DAY))


def test_closing_takes_reminders_back(sqlite_database: Database) -> None:
    """Whoever closes it, also those of a merged case."""
    one, other = ask(sqlite_database), ask(sqlite_database)
    for number in (one, other):
        _appoint(sqlite_database, number)
    _merge(sqlite_database, other, one)
    act(sqlite_database, lambda opened: settle(opened, locked(opened, one)))
    with sqlite_database.look() as connection:
        due = select(outbox.c.key).where(outbox.c.state == "due", outbox.c.key.contains(":eve:"))
        assert connection.scalars(due).all() == []


def test_asked_again_after_the_merge(sqlite_database: Database) -> None:
    """Who asks for a person once more where the merged case was gets one: there is none open here."""
    first, second = _talks(sqlite_database)
    _merge(sqlite_database, "K-00001", "K-00002")
    second.say(PERSON)
    assert case(sqlite_database, "K-00002").is_open
    assert "K-00003" in first.text(PERSON)


# ------------------------------------------------ two at once


@pytest.mark.parametrize("engine", ["sqlite_database", "postgres_database"])
def test_two_merges_crosswise(request: pytest.FixtureRequest, engine: str) -> None:
    """One of them wins, the other hears why; nobody waits for the other for ever."""
    database: Database = request.getfixturevalue(engine)
    staffed(database)
    for _ in range(TIMES):
        one, two = ask(database), ask(database)
        gate = threading.Barrier(2)

        def run(pair: tuple[str, str], gate: threading.Barrier = gate) -> str:
            gate.wait()
            try:
                return _merge(database, *pair).number
            except Refused as refused:
                return refused.problem

        with ThreadPoolExecutor(2) as pool:
            found = set(pool.map(run, ((one, two), (two, one))))
        # The loser finds its case, or what it was to be merged into, closed.
        assert found in ({two, "closed"}, {one, "closed"}, {two, "target_closed"}, {one, "target_closed"})


def test_locked_as_they_were_named(postgres_database: Database) -> None:
    """The guard taken out: each holds what the other one wants, and one of them has to give up."""
    one, two = _two(postgres_database)
    gate = threading.Barrier(2)

    def run(pair: tuple[str, str]) -> bool:
        def both(opened: StoredBooks) -> None:
            locked(opened, pair[0])
            gate.wait()
            locked(opened, pair[1])

        try:
            act(postgres_database, both)
        except DatabaseDown:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert False in set(pool.map(run, ((one, two), (two, one))))


# ------------------------------------------------ one that is two


def test_split(database: Database) -> None:
    """The same requester, owner, desk and promise; the notes and the talk stay; both stories tell of it."""
    number = _two(database)[0]
    act(database, lambda opened: cases.take(opened, SATO, number))
    new = act(database, lambda opened: case_merge.split(opened, PRACTICE, SATO, number, " 補助金のこと "))
    assert (new.summary, new.owner, new.state, new.talking) == ("補助金のこと", "sato", CaseState.TAKEN, "")
    assert (new.to, new.due) == (case(database, number).to, case(database, number).due)
    assert actions(database, number) == ["opened", "taken", "split"]
    assert (story(database, new.number)[0].action, story(database, new.number)[0].reason) == (
        "opened",
        number,
    )
    with pytest.raises(Refused, match="text_missing"):
        act(database, lambda opened: case_merge.split(opened, PRACTICE, SATO, number, " "))


# ------------------------------------------------ dedupe_consultation


def _consultation(database: Database, organisation: str, topic: str = "EN-S-001") -> str:
    number = ask(database, CaseKind.CONSULTATION)
    wanted = Wanted(organisation, "", topic, {})
    act(database, lambda opened: opened.consultations.open(number, wanted))
    return number


def _alike(database: Database, organisation: str, topic: str = "EN-S-001") -> str:
    found = act(database, lambda opened: alike(opened, organisation, "", topic), now=NOON + DAY)
    return found.number if found else ""


def test_dedupe_consultation(database: Database) -> None:
    """A second one of the same organisation about the same is offered the first; staff make one of two.

    The dialog's own half, the offer and adding to the case, is the transcript `similar-consultation`.
    """
    staffed(database)
    first = _consultation(database, "株式会社グリーン")
    assert _alike(database, "(株)グリーン") == first
    assert _alike(database, "(株)グリーン", "EN-S-002") == ""
    assert _alike(database, "グリーンランド") == ""
    second = _consultation(database, "グリーン株式会社")
    _merge(database, second, first)
    assert _alike(database, "グリーン") == first
    assert [case(database, one).is_open for one in (first, second)] == [True, False]


def test_closing_ends_every_talk(sqlite_database: Database) -> None:
    """Also with whoever asked in a merged case, and a reopened one does not bring it back."""
    first, _ = _talks(sqlite_database)
    other = ask(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, "K-00001", "はい"))
    _merge(sqlite_database, "K-00001", other)
    act(
        sqlite_database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, other, CaseOutcome.ANSWERED),
    )
    act(sqlite_database, lambda opened: case_endings.reopen(opened, LETTERS, PRACTICE, SATO, other))
    assert "担当" not in first.text("ボイラーを更新すると対象になりますか")[:12]
