"""Promises that are near or missed, talks and requesters that fell silent: told once each, in the office's hours."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import insert, select, update

from intents.desk import case_clock, case_endings, case_merge, cases
from intents.desk import staff as staff_rules
from intents.desk.books import Recipient
from intents.desk.case_clock import MISSED, NEAR, NO_REPLY, QUIET, TALK_ENDED, UNDELIVERED
from intents.desk.case_records import CaseKind, CaseOutcome, CaseState, NoteKind
from intents.desk.case_talk import heard
from intents.desk.clock_units import due
from intents.desk.staff_books import Role, StaffMember
from intents.messages import Reply
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.case_due import StoredCaseDue
from storage.codec import unpack_reply
from storage.database import Database
from storage.tables import audit, outbox
from storage.tables import case as case_table
from tests.intents.desk.case_world import (
    DAY,
    HOUR,
    IBARAKI,
    LETTERS,
    MINUTE,
    NIIGATA,
    PEN,
    PRACTICE,
    SATO,
    SECOND,
    act,
    actions,
    ask,
    at,
    case,
    chat,
    letters,
    notes,
    staffed,
    story,
    tick,
)
from tests.kit import NOON

# A hand-over at noon is answered within four working hours; an hour before, somebody is reminded.
PROMISED, WARNED = at(24, 16), at(24, 15)
SATOS = [("slack", "U1"), ("mail", "sato@office.example")]


def _taken(database: Database, now: datetime = NOON) -> str:
    staffed(database)
    number = ask(database, now=now)
    act(database, lambda opened: cases.take(opened, SATO, number))
    return number


def _said(database: Database, having: str) -> Reply:
    with database.look() as connection:
        rows = connection.execute(outbox.select()).all()
    return next(unpack_reply(row.body) for row in rows if having in row.key)


# ------------------------------------------------ promises


def test_near_to_its_owner_once(database: Database) -> None:
    """On each of their ways, not a second too soon, and not a second time."""
    number = _taken(database)
    tick(database, WARNED - SECOND)
    assert letters(database, NEAR) == []
    tick(database, WARNED)
    tick(database, WARNED + MINUTE)
    assert letters(database, NEAR) == SATOS
    assert actions(database, number) == ["opened", "taken", NEAR]
    assert (story(database, number)[-1].actor, notes(database, number)) == ("clock", ())


def test_near_beside_an_appointment(sqlite_database: Database) -> None:
    """Who writes while a time is agreed on is promised an answer as well."""
    number = _taken(sqlite_database)
    agreed = replace(case(sqlite_database, number), state=CaseState.APPOINTMENT)
    act(sqlite_database, lambda opened: opened.cases.save(agreed))
    tick(sqlite_database, WARNED)
    assert letters(sqlite_database, NEAR) == SATOS


def test_near_without_owner(database: Database) -> None:
    """Those of the desk who look after the prefecture; who may only read cannot help."""
    staffed(database)
    ask(database, prefecture=IBARAKI)
    tick(database, WARNED)
    assert letters(database, NEAR) == [("slack", "U2")]


def test_near_without_owner_to_three_at_most(sqlite_database: Database) -> None:
    """Where nobody looks after the prefecture, some of the desk."""
    staffed(sqlite_database)
    for name in ("a1", "a2"):
        member = StaffMember(name, name, Role.DESK, mail=f"{name}@office.example", desks=("general",))
        act(sqlite_database, lambda opened, one=member: staff_rules.add(opened, one))  # type: ignore[misc]
    ask(sqlite_database, prefecture=NIIGATA)
    tick(sqlite_database, WARNED)
    assert letters(sqlite_database, NEAR) == [
        ("mail", "a1@office.example"),
        ("mail", "a2@office.example"),
        ("slack", "U5"),
    ]


def test_near_of_somebody_who_left(sqlite_database: Database) -> None:
    """Their letters would reach nobody: the desk hears of it."""
    _taken(sqlite_database)
    act(sqlite_database, lambda opened: staff_rules.remove(opened, "sato"))
    tick(sqlite_database, WARNED)
    assert ("slack", "U1") not in letters(sqlite_database, NEAR)
    assert letters(sqlite_database, NEAR) != []


def test_missed_to_owner_and_room(database: Database) -> None:
    """A letter, a note by the clock and a changed card, each once."""
    number = _taken(database)
    tick(database, WARNED)
    before = case(database, number).version
    tick(database, PROMISED)
    assert letters(database, MISSED) == []
    tick(database, PROMISED + SECOND)
    tick(database, PROMISED + MINUTE)
    assert letters(database, MISSED) == SATOS
    assert [(one.author, one.kind) for one in notes(database, number)] == [("clock", NoteKind.NOTE)]
    assert actions(database, number)[-2:] == [NEAR, MISSED]
    assert case(database, number).version == before + 1


def test_missed_at_once_is_not_near(sqlite_database: Database) -> None:
    """After a standstill of the clock only the later news counts."""
    _taken(sqlite_database)
    tick(sqlite_database, PROMISED + MINUTE)
    assert (letters(sqlite_database, NEAR), letters(sqlite_database, MISSED)) == ([], SATOS)


def test_missed_at_closing_is_told_at_opening(sqlite_database: Database) -> None:
    """The office is left alone at night: a promise until 17:00 is told of at nine."""
    number = _taken(sqlite_database, at(24, 13))
    assert case(sqlite_database, number).promised_by == at(24, 17)
    for moment in (at(24, 17), at(24, 21), at(25, 8, 59)):
        tick(sqlite_database, moment)
        assert letters(sqlite_database, "promise") == []
    tick(sqlite_database, at(25, 9))
    assert letters(sqlite_database, MISSED) == SATOS


@pytest.mark.parametrize("moment", [WARNED, PROMISED + SECOND])
@pytest.mark.parametrize("how", ["answered", "closed"])
def test_nothing_about_what_was_settled_a_second_before(
    sqlite_database: Database, moment: datetime, how: str
) -> None:
    """An answer or the end of the case ends the promise."""
    number = _taken(sqlite_database)
    if how == "answered":
        work = partial(cases.reply, letters=LETTERS, who=SATO, number=number, text="はい")
    else:
        work = partial(
            case_endings.finish, letters=LETTERS, who=SATO, number=number, outcome=CaseOutcome.ANSWERED
        )
    act(sqlite_database, work, now=moment - SECOND)
    tick(sqlite_database, moment)
    assert letters(sqlite_database, "promise") == []


def test_a_new_promise_starts_anew(sqlite_database: Database) -> None:
    """After an answer the requester writes again: that promise may be missed as well."""
    number = _taken(sqlite_database)
    tick(sqlite_database, PROMISED + SECOND)
    act(
        sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"), now=at(24, 16, 30)
    )
    act(
        sqlite_database,
        lambda opened: heard(opened, PRACTICE, case(sqlite_database, number), "もう一つ"),
        "person:web:p1",
        at(25, 9),
    )
    tick(sqlite_database, at(25, 12))
    tick(sqlite_database, at(25, 13, 1))
    assert letters(sqlite_database, MISSED) == SATOS * 2
    assert letters(sqlite_database, NEAR) == SATOS


def test_two_clocks_at_once(database: Database) -> None:
    """Each letter and each note once, whoever is quicker."""
    number = _taken(database)
    more = [ask(database, CaseKind.QUESTION, now=at(24, 9)) for _ in range(3)]
    gate = threading.Barrier(3)

    def run() -> None:
        gate.wait()
        for _ in range(2):
            tick(database, at(24, 17) - SECOND)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tick(database, at(24, 17) - SECOND)
    assert letters(database, MISSED) == SATOS
    assert actions(database, number) == ["opened", "taken", MISSED]
    assert [actions(database, one) for one in more] == [["opened", NEAR]] * 3


class Forgetful(StoredCaseDue):
    """Does not know what was told."""

    def noted(self, *_: object) -> tuple[()]:
        """Nothing, whatever was."""
        return ()


@pytest.mark.parametrize(("due_of", "told"), [(StoredCaseDue, 1), (Forgetful, 2)])
def test_a_unit_decides_anew(sqlite_database: Database, due_of: type[StoredCaseDue], told: int) -> None:
    """Two clocks saw the same before either acted; without looking again under the lock it would be told twice."""
    number, late = _taken(sqlite_database), PROMISED + SECOND
    with sqlite_database.look() as connection:
        seen = StoredBooks(connection, sqlite_database, late, "clock")
        units = [unit for _ in range(2) for unit in due(partial(case_clock.subjects, PRACTICE), seen)]
    assert len(units) == 2
    for unit in units:
        with books(sqlite_database, late, "clock") as opened:
            opened.case_due = due_of(opened._connection, late)
            unit(opened, PEN)
    assert len(notes(sqlite_database, number)) == told


def test_what_the_letter_says(sqlite_database: Database) -> None:
    """The number, whose case it is about, and how late it is."""
    number = _taken(sqlite_database)
    tick(sqlite_database, PROMISED + 30 * MINUTE)
    text = str(_said(sqlite_database, MISSED))
    assert all(word in text for word in (number, "試験工業", "費用を知りたい", "30分"))


# ------------------------------------------------ silence


def test_a_silent_talk_ends(database: Database) -> None:
    """After three working days the desk answers by itself again, and says so once."""
    number = _taken(database)
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    ends = at(27, 12)
    tick(database, ends - SECOND)
    assert case(database, number).talking == "sato"
    tick(database, ends)
    tick(database, ends + MINUTE)
    assert (case(database, number).talking, case(database, number).owner) == ("", "sato")
    assert letters(database, ":desk:") == [("mail", "p1@example.jp")]
    assert actions(database, number)[-1] == TALK_ENDED


def test_a_talk_goes_on_when_somebody_writes(sqlite_database: Database) -> None:
    """What was looked up before is not believed."""
    number = _taken(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    with sqlite_database.look() as connection:
        seen = StoredBooks(connection, sqlite_database, at(27, 12), "clock")
        units = due(partial(case_clock.subjects, PRACTICE), seen)
    act(sqlite_database, lambda opened: cases.note(opened, SATO, number, "確認中"), now=at(27, 12))
    for unit in units:
        act(sqlite_database, lambda opened, do=unit: do(opened, PEN), "clock", at(27, 12))  # type: ignore[misc]
    assert case(sqlite_database, number).talking == "sato"


def test_a_requester_who_does_not_reply(database: Database) -> None:
    """After ten working days the owner hears of it, once; asked again, it counts anew. Nothing is closed."""
    number = _taken(database)
    act(database, lambda opened: cases.ask_back(opened, LETTERS, SATO, number, "何台ですか"))
    ten = NOON + 14 * DAY
    act(database, lambda opened: cases.note(opened, SATO, number, "電話した"), now=ten - HOUR)
    tick(database, ten - SECOND)
    assert letters(database, NO_REPLY) == []
    tick(database, ten)
    tick(database, ten + DAY)
    assert letters(database, NO_REPLY) == SATOS
    act(database, lambda opened: cases.ask_back(opened, LETTERS, SATO, number, "いかがですか"), now=ten + DAY)
    tick(database, ten + 13 * DAY)
    tick(database, ten + 15 * DAY)
    assert letters(database, NO_REPLY) == SATOS * 2
    assert case(database, number).is_open


def test_the_owner_is_spared_at_night(sqlite_database: Database) -> None:
    """Silence is told of while the office is open."""
    number = _taken(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    tick(sqlite_database, at(27, 22))
    tick(sqlite_database, at(28, 12))
    assert letters(sqlite_database, ":desk:") == []
    tick(sqlite_database, at(30, 9))
    assert letters(sqlite_database, ":desk:") == [("mail", "p1@example.jp")]


def test_a_talk_does_not_end_while_the_requester_is_asked(database: Database) -> None:
    """Their answer, however late, belongs to the case; staff are told of it, and not that there was none."""
    number = _taken(database)
    act(database, lambda opened: cases.ask_back(opened, LETTERS, SATO, number, "何台ですか"))
    for day in (27, 30):
        tick(database, at(day, 13))
    stands = case(database, number)
    assert (stands.talking, stands.state) == ("sato", CaseState.WAITING)
    assert letters(database, ":desk:") == []


def test_a_talk_that_was_looked_up_before_the_question(sqlite_database: Database) -> None:
    """The unit decides anew: meanwhile the requester was asked something."""
    number = _taken(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    late = at(30, 12)
    with sqlite_database.look() as connection:
        seen = StoredBooks(connection, sqlite_database, late, "clock")
        units = due(partial(case_clock.subjects, PRACTICE), seen)
    assert units
    act(sqlite_database, lambda opened: cases.ask_back(opened, LETTERS, SATO, number, "何台"), now=at(25, 9))
    for unit in units:
        act(sqlite_database, lambda opened, do=unit: do(opened, PEN), "clock", late)  # type: ignore[misc]
    assert case(sqlite_database, number).talking == "sato"


# ------------------------------------------------ cases that run towards no date


def _december(day: int, hour: int, minute: int = 0) -> datetime:
    return at(30, hour, minute) + day * DAY


def _answered(database: Database, count: int, now: datetime = NOON) -> list[str]:
    """So many cases of 佐藤 in which the requester was answered and nothing more was said."""
    numbers = [ask(database, summary=f"{n}件目", now=now) for n in range(count)]
    for number in numbers:
        act(database, lambda opened, one=number: cases.reply(opened, LETTERS, SATO, one, "はい"), now=now)  # type: ignore[misc]
        act(database, lambda opened, one=number: cases.step_back(opened, LETTERS, SATO, one), now=now)  # type: ignore[misc]
    return numbers


def test_quiet_cases_are_one_letter_a_day(database: Database) -> None:
    """However many there are; each is told of once, and again only after something happened with it."""
    staffed(database)
    numbers = _answered(database, 25)
    tick(database, _december(1, 13))
    # Five working days are over while the office is open: the next morning tells.
    assert letters(database, QUIET) == []
    for moment in (_december(2, 9), _december(2, 9, 1), _december(2, 15)):
        tick(database, moment)
    assert letters(database, QUIET) == [("slack", "U1")]
    assert all(actions(database, number)[-1] == QUIET for number in numbers)
    text = str(_said(database, QUIET))
    assert all(part in text for part in ("25件", numbers[0], "ほか 5件"))
    act(database, lambda opened: cases.note(opened, SATO, numbers[0], "電話した"), now=_december(2, 16))
    for day in range(3, 15):
        tick(database, _december(day, 9))
    assert letters(database, QUIET) == [("slack", "U1")] * 2
    assert numbers[0] in str(_said(database, "quiet:2026-12-10"))


def test_quiet_cases_of_nobody_go_to_the_desk(sqlite_database: Database) -> None:
    """One letter each to three of them."""
    staffed(sqlite_database)
    for _ in range(4):
        ask(sqlite_database)
    with sqlite_database.begin() as connection:
        connection.execute(
            update(case_table).values(promised_by=None, due_at=datetime(9999, 1, 1, tzinfo=UTC))
        )
    tick(sqlite_database, _december(2, 9))
    assert letters(sqlite_database, QUIET) == [
        ("slack", "U5"),
        ("mail", "kato@office.example"),
        ("slack", "U2"),
    ]
    assert actions(sqlite_database, "K-00004") == ["opened", QUIET]


def test_a_letter_that_was_not_written_is_made_up_for(sqlite_database: Database) -> None:
    """A process that ended between the letters and the marks: no mark stands without its letter."""
    staffed(sqlite_database)
    (number,) = _answered(sqlite_database, 1)
    with sqlite_database.look() as connection:
        seen = StoredBooks(connection, sqlite_database, _december(2, 9), "clock")
        letter, mark = due(partial(case_clock.subjects, PRACTICE), seen)
    for unit in (mark, mark, letter, letter, mark, mark):
        act(sqlite_database, lambda opened, do=unit: do(opened, PEN), "clock", _december(2, 9))  # type: ignore[misc]
    assert actions(sqlite_database, number).count(QUIET) == len(letters(sqlite_database, QUIET)) == 1


# ------------------------------------------------ letters that were lost


def _lose(database: Database, having: str, state: str = "parked") -> None:
    with database.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.key.contains(having)).values(state=state))


def test_a_lost_answer_is_owed_again(database: Database) -> None:
    """A note for staff without the address, a new promise, a letter to the owner; once."""
    number = _taken(database)
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    assert case(database, number).promised_by is None
    _lose(database, ":note:")
    tick(database, NOON + HOUR)
    tick(database, NOON + HOUR + MINUTE)
    assert case(database, number).promised_by == NOON + 5 * HOUR
    (_, note) = notes(database, number)
    assert (note.kind, note.author) == (NoteKind.NOTE, "clock")
    assert "メール" in note.text
    assert "p1@example.jp" not in note.text
    assert actions(database, number).count(UNDELIVERED) == 1
    assert letters(database, f":{UNDELIVERED}:") == SATOS


def test_a_lost_question_is_no_question(sqlite_database: Database) -> None:
    """Nobody waits for a requester who was never asked."""
    number = _taken(sqlite_database)
    act(sqlite_database, lambda opened: cases.ask_back(opened, LETTERS, SATO, number, "何台ですか"))
    _lose(sqlite_database, ":note:")
    tick(sqlite_database, NOON + HOUR)
    stands = case(sqlite_database, number)
    assert stands.state is CaseState.TAKEN
    assert stands.due


def test_one_way_is_enough(sqlite_database: Database) -> None:
    """Where the mail came back, but the chat has it, nothing is lost; nor while a way is open."""
    staffed(sqlite_database)
    to = replace(chat(sqlite_database), mail="p1@example.jp")
    number = ask(sqlite_database, to=to)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    _lose(sqlite_database, ":note:1:mail")
    for state in ("due", "sending", "sent"):
        _lose(sqlite_database, ":note:1:web", state)
        tick(sqlite_database, NOON + HOUR)
        assert UNDELIVERED not in actions(sqlite_database, number)
    _lose(sqlite_database, ":note:1:web")
    tick(sqlite_database, NOON + HOUR)
    assert UNDELIVERED in actions(sqlite_database, number)
    assert "ウェブのチャット" in notes(sqlite_database, number)[-1].text


def test_a_lost_last_word(sqlite_database: Database) -> None:
    """A closed case stays closed; its owner hears of it."""
    number = _taken(sqlite_database)
    act(
        sqlite_database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, number, CaseOutcome.ANSWERED, "以上です"),
    )
    _lose(sqlite_database, ":closed:")
    tick(sqlite_database, NOON + HOUR)
    stands = case(sqlite_database, number)
    assert (stands.is_open, stands.promised_by) == (False, None)
    assert letters(sqlite_database, f":{UNDELIVERED}:") == SATOS


def test_a_lost_answer_of_a_merged_case(sqlite_database: Database) -> None:
    """The case that goes on owes it; what rooms and staff were told is nobody's answer."""
    gone = _taken(sqlite_database)
    stays = ask(sqlite_database, to=Recipient(0, "web:p2", "p2@example.jp", Lang.JA))
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, gone, "はい"))
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, stays, "はい"))
    act(sqlite_database, lambda opened: case_merge.merge(opened, SATO, gone, stays))
    _lose(sqlite_database, f"{gone}:note:")
    tick(sqlite_database, NOON + HOUR)
    assert actions(sqlite_database, stays)[-1] == UNDELIVERED
    assert case(sqlite_database, stays).promised_by


# ------------------------------------------------ many cases


def _many(database: Database, count: int) -> None:
    """So many cases that wait for their requesters, who were asked an hour ago."""
    staffed(database)
    long_ago = at(1, 9)
    row = {"person": "", "kind": "handover", "state": "waiting", "summary": "費用", "owner": "sato"}
    dates = {"opened_at": long_ago, "changed_at": long_ago, "due_at": datetime(9999, 1, 1, tzinfo=UTC)}
    asked = {"actor": "staff:sato", "action": "asked_back", "reason": "", "digest": "", "at": NOON}
    with database.begin() as connection:
        first = len(connection.execute(select(audit.c.id)).all()) + 1
        connection.execute(insert(case_table), [row | dates for _ in range(count)])
        lines = [asked | {"id": first + n, "subject": f"case:K-{n + 1:05d}"} for n in range(count)]
        connection.execute(insert(audit), lines)


def test_looking_grows_with_the_cases_and_not_with_their_square(database: Database) -> None:
    """Three thousand open cases and nothing due: a look is a fraction of a second, not of a minute."""
    _many(database, 3000)
    began = time.perf_counter()
    tick(database, NOON + HOUR)
    assert time.perf_counter() - began < 1.5
    assert letters(database) == []


def test_who_cannot_be_reached(sqlite_database: Database) -> None:
    """An owner without Slack and mail gets no letter, and is not tried for ever."""
    number = _taken(sqlite_database)
    bare = replace(SATO, slack="", mail="")
    act(sqlite_database, lambda opened: staff_rules.change(opened, "sato", slack="", mail=""))
    assert act(sqlite_database, lambda opened: opened.post.tell("k", bare, Reply((), Lang.JA))) == 0
    tick(sqlite_database, WARNED)
    tick(sqlite_database, WARNED + MINUTE)
    assert actions(sqlite_database, number) == ["opened", "taken", NEAR]
