"""What staff do to a case and what follows for its owner, its promise, its dates and the talk with the requester."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from intents.desk import case_endings, cases
from intents.desk.books import Recipient
from intents.desk.case_changes import LONGEST_TEXT, save
from intents.desk.case_records import (
    Case,
    CaseKind,
    CaseOutcome,
    CaseState,
    DateKind,
    NoteKind,
    case_id,
    case_number,
)
from intents.desk.case_talk import booked, given_back, heard, leave, settle
from intents.desk.refused import Refused
from intents.desk.staff_books import StaffMember
from knowledge.model import Lang
from storage.books import StoredBooks
from storage.database import Database
from tests.intents.desk.case_world import (
    DAY,
    HOUR,
    KATO,
    LETTERS,
    MORI,
    OTA,
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

Work = Callable[[StoredBooks], Any]
RACERS = 8


def _asked(database: Database) -> str:
    staffed(database)
    return ask(database)


def _refused(database: Database, work: Work) -> str:
    before = [line.id for line in story(database, "K-00001")]
    with pytest.raises(Refused) as found:
        act(database, work)
    assert [line.id for line in story(database, "K-00001")] == before
    return found.value.problem


# ------------------------------------------------ whose it is


@pytest.mark.parametrize("guarded", [True, False])
def test_one_of_many_takes_it(database: Database, guarded: bool) -> None:
    """Many press at once: one owns it, the others hear who. Without looking under the lock, many believe they do."""
    number = _asked(database)
    seen = case(database, number)
    gate = threading.Barrier(RACERS)

    def run(place: int) -> str:
        who = (SATO, MORI, KATO)[place % 3]
        gate.wait()
        try:
            if guarded:
                act(database, lambda opened: cases.take(opened, who, number), who.actor)
            else:
                act(database, lambda opened: _blindly(opened, seen, who), who.actor)
        except Refused as refused:
            return refused.problem
        return "taken"

    with ThreadPoolExecutor(RACERS) as pool:
        found = Counter(pool.map(run, range(RACERS)))
    owners = [line.actor for line in story(database, number) if line.action == "taken"]
    assert (len(owners) == 1) is guarded
    # Who presses twice is told that it is theirs.
    assert (found["owned"] > 0) is guarded


def _blindly(opened: StoredBooks, seen: Case, who: StaffMember) -> None:
    opened.cases.lock(seen.number)
    if not seen.owner:
        save(opened, seen, seen, "taken")


def test_assign_hands_the_talk_over(database: Database) -> None:
    """The colleague who gets the case gets the requester's next message as well."""
    number = _asked(database)
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    given = act(database, lambda opened: cases.assign(opened, SATO, number, "mori", "出張のため"))
    assert (given.owner, given.talking) == ("mori", "mori")
    assert story(database, number)[-1].reason == "出張のため"


def test_assign_without_a_talk_begins_none(sqlite_database: Database) -> None:
    """Nobody talks who has not written; a new case is taken by it; the same owner again changes nothing."""
    number = _asked(sqlite_database)
    given = act(sqlite_database, lambda opened: cases.assign(opened, SATO, number, "mori"))
    assert (given.owner, given.talking, given.state) == ("mori", "", CaseState.TAKEN)
    again = act(sqlite_database, lambda opened: cases.assign(opened, SATO, number, "mori"))
    assert again.version == given.version


def test_assign_to_whom_it_cannot_be(sqlite_database: Database) -> None:
    """Nobody of that name, or one who may only read."""
    number = _asked(sqlite_database)
    to_nobody = _refused(sqlite_database, lambda opened: cases.assign(opened, SATO, number, "nobody"))
    to_reader = _refused(sqlite_database, lambda opened: cases.assign(opened, SATO, number, OTA.name))
    assert (to_nobody, to_reader) == ("no_such_staff", "cannot_own")


def test_put_back_ends_the_talk(database: Database) -> None:
    """The case is nobody's again and the desk answers by itself."""
    number = _asked(database)
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    back = act(database, lambda opened: cases.put_back(opened, LETTERS, PRACTICE, SATO, number, "担当外"))
    assert (back.owner, back.talking, back.state) == ("", "", CaseState.NEW)


def test_an_appointment_stays_one(sqlite_database: Database) -> None:
    """Whoever keeps it, puts it back or answers meanwhile."""
    number = _asked(sqlite_database)
    act(sqlite_database, lambda opened: cases.appoint(opened, LETTERS, SATO, number, NOON + DAY))
    steps: tuple[Work, ...] = (
        lambda opened: cases.reply(opened, LETTERS, SATO, number, "持ち物は"),
        lambda opened: cases.put_back(opened, LETTERS, PRACTICE, SATO, number),
        lambda opened: cases.take(opened, MORI, number),
    )
    for step in steps:
        found = act(sqlite_database, step)
        assert (found.state, found.due) == (CaseState.APPOINTMENT, (NOON + DAY, DateKind.APPOINTMENT))


# ------------------------------------------------ answers and promises


def test_an_answer_keeps_the_promise(database: Database) -> None:
    """Nothing is owed any more, until the requester writes again."""
    number = _asked(database)
    told = act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, " はい "))
    assert (told.promised_by, told.owner, told.talking, told.state) == (None, "sato", "sato", CaseState.TAKEN)
    assert [(one.kind, one.text, one.author) for one in notes(database, number)] == [
        (NoteKind.REPLY, "はい", "staff:sato")
    ]
    assert letters(database, f"case:{number}:note") == [("mail", "p1@example.jp")]
    later = at(25, 9)
    again = act(database, lambda opened: heard(opened, PRACTICE, told, "もう一つ"), "person:web:p1", later)
    assert again.promised_by == at(25, 13)


def test_asking_back_waits_for_the_requester(sqlite_database: Database) -> None:
    """Nothing is due meanwhile; their answer makes it ours again."""
    number = _asked(sqlite_database)
    asked = act(sqlite_database, lambda opened: cases.ask_back(opened, LETTERS, SATO, number, "何台ですか"))
    assert (asked.state, asked.due) == (CaseState.WAITING, None)
    again = act(sqlite_database, lambda opened: heard(opened, PRACTICE, asked, "3台"), "person:web:p1")
    assert again.state is CaseState.TAKEN
    assert again.due


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "text_missing"), ("  ", "text_missing"), ("あ" * (LONGEST_TEXT + 1), "text_long")],
)
def test_texts_that_are_none(sqlite_database: Database, text: str, problem: str) -> None:
    """Nothing leaves and nothing changes."""
    number = _asked(sqlite_database)
    assert (
        _refused(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, text)) == problem
    )
    assert letters(sqlite_database) == []


def test_nobody_to_tell(sqlite_database: Database) -> None:
    """A note is all that can be left."""
    staffed(sqlite_database)
    number = ask(sqlite_database, CaseKind.WAITLIST, Recipient(0, "", "", Lang.JA))
    problem = _refused(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    assert problem == "nobody_to_tell"
    act(
        sqlite_database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, number, CaseOutcome.ANSWERED),
    )
    assert letters(sqlite_database) == []


def test_a_message_of_the_room_is_one_answer(database: Database) -> None:
    """The same message twice, or passed on after it was a note: one letter."""
    number = _asked(database)
    for _ in range(2):
        act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい", "slack:C1:1"))
    act(database, lambda opened: cases.note(opened, SATO, number, "確認中", "slack:C1:2"))
    for _ in range(2):
        act(database, lambda opened: cases.pass_on(opened, LETTERS, SATO, number, "slack:C1:2"))
    assert [one.kind for one in notes(database, number)] == [NoteKind.REPLY] * 2
    assert len(letters(database, ":note:")) == 2
    problem = _refused(database, lambda opened: cases.pass_on(opened, LETTERS, SATO, number, "slack:C1:3"))
    assert problem == "no_note"


# ------------------------------------------------ dates


def test_the_first_of_two_dates_counts(sqlite_database: Database) -> None:
    """The promise, or the next real date; a date that was taken away is none."""
    number = _asked(sqlite_database)
    committee = DateKind.COMMITTEE
    dated = act(
        sqlite_database, lambda opened: cases.set_date(opened, SATO, number, NOON + HOUR, committee, "締切")
    )
    assert dated.due == (NOON + HOUR, committee)
    gone = act(sqlite_database, lambda opened: cases.set_date(opened, SATO, number, None, committee))
    assert (gone.due, gone.next_kind) == ((at(24, 16), DateKind.PROMISE), None)


def test_dates_that_are_past(sqlite_database: Database) -> None:
    """Nothing can be agreed on for yesterday, nor for now."""
    number = _asked(sqlite_database)
    works: tuple[Work, ...] = (
        lambda opened: cases.set_date(opened, SATO, number, NOON, DateKind.OTHER),
        lambda opened: cases.appoint(opened, LETTERS, SATO, number, NOON - DAY),
    )
    assert [_refused(sqlite_database, work) for work in works] == ["date_past"] * 2


def test_a_booking_is_the_next_date(sqlite_database: Database) -> None:
    """Booked, it runs towards it; given back, it is as it was before; a closed case stays closed."""
    number = _asked(sqlite_database)
    act(sqlite_database, lambda opened: booked(opened, number, NOON + DAY), "person:web:p1")
    assert case(sqlite_database, number).due == (NOON + DAY, DateKind.APPOINTMENT)
    act(sqlite_database, lambda opened: given_back(opened, number, NOON + DAY, None), "person:web:p1")
    assert (case(sqlite_database, number).state, case(sqlite_database, number).next_at) == (
        CaseState.NEW,
        None,
    )
    act(sqlite_database, lambda opened: settle(opened, case(sqlite_database, number)), "person:web:p1")
    before = case(sqlite_database, number)
    act(sqlite_database, lambda opened: booked(opened, number, NOON + DAY), "person:web:p1")
    assert case(sqlite_database, number) == before


# ------------------------------------------------ ends and beginnings


def test_the_end_is_told(database: Database) -> None:
    """With a last word; nobody talks and nothing is owed any more."""
    number = _asked(database)
    done = act(
        database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, number, CaseOutcome.CONSULTED, "では"),
    )
    assert (done.state, done.outcome, done.closed_at) == (CaseState.DONE, CaseOutcome.CONSULTED, NOON)
    assert (done.due, done.promised_by, done.talking) == (None, None, "")
    assert letters(database, ":closed:") == [("mail", "p1@example.jp")]


def test_not_for_us(sqlite_database: Database) -> None:
    """Says whose it is."""
    number = _asked(sqlite_database)
    assert (
        _refused(sqlite_database, lambda opened: case_endings.refer(opened, LETTERS, SATO, number, ""))
        == "text_missing"
    )
    done = act(
        sqlite_database, lambda opened: case_endings.refer(opened, LETTERS, SATO, number, "県の窓口へ")
    )
    assert (done.state, done.outcome) == (CaseState.NOT_FOR_US, CaseOutcome.REFERRED)


def test_reopened_with_a_new_promise(database: Database) -> None:
    """Who reopens it owns it; what it ran towards and is over is gone."""
    number = _asked(database)
    act(database, lambda opened: cases.appoint(opened, LETTERS, SATO, number, NOON + HOUR))
    act(database, lambda opened: case_endings.finish(opened, LETTERS, SATO, number, CaseOutcome.CONSULTED))
    again = act(
        database,
        lambda opened: case_endings.reopen(opened, LETTERS, PRACTICE, MORI, number, "続きの質問"),
        now=at(25, 9),
    )
    assert (again.owner, again.state, again.outcome, again.closed_at) == ("mori", CaseState.TAKEN, None, None)
    assert again.due == (at(25, 13), DateKind.PROMISE)


def test_the_requester_settles_or_leaves(sqlite_database: Database) -> None:
    """Twice is once; a case that staff never saw was withdrawn, one that they answered is answered."""
    seen, unseen = _asked(sqlite_database), ask(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, seen, "はい"))
    for number in (seen, unseen):
        for _ in range(2):
            act(sqlite_database, lambda opened, one=number: settle(opened, case(sqlite_database, one)))  # type: ignore[misc]
    assert [case(sqlite_database, one).outcome for one in (seen, unseen)] == [
        CaseOutcome.ANSWERED,
        CaseOutcome.WITHDRAWN,
    ]
    assert actions(sqlite_database, seen) == ["opened", "replied", "settled"]
    act(sqlite_database, lambda opened: leave(opened, LETTERS, case(sqlite_database, unseen), "web:p1"))
    assert actions(sqlite_database, unseen) == ["opened", "settled"]


def test_back_to_the_desk(sqlite_database: Database) -> None:
    """Staff step back: the requester is told, and the case stays theirs; twice is once."""
    number = _asked(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    act(sqlite_database, lambda opened: cases.step_back(opened, LETTERS, SATO, number))
    back = act(sqlite_database, lambda opened: cases.step_back(opened, LETTERS, SATO, number))
    assert (back.owner, back.talking, back.is_open) == ("sato", "", True)
    assert len(letters(sqlite_database, ":desk:")) == 1


def test_another_desk(sqlite_database: Database) -> None:
    """The same one again changes nothing."""
    number = _asked(sqlite_database)
    assert (
        _refused(sqlite_database, lambda opened: cases.reroute(opened, SATO, number, "moon"))
        == "no_such_desk"
    )
    for _ in range(2):
        act(sqlite_database, lambda opened: cases.reroute(opened, SATO, number, "forest", "植林の件"))
    assert actions(sqlite_database, number) == ["opened", "rerouted"]


def test_numbers() -> None:
    """What people type names a case, or none."""
    assert case_number(12) == "K-00012"
    found = [case_id(text) for text in ("K-00012", "k-12", "12", "K-", "", "K-x", "K-" + "9" * 10, "K-²")]
    assert found == [12, 12, 12, 0, 0, 0, 0, 0]
