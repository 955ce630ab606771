"""Cases in their tables, on both engines: one event, one case; what a change writes; notes once; who talks with whom."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from intents.desk import case_endings, cases
from intents.desk.books import Recipient
from intents.desk.case_records import Case, CaseKind, CaseOutcome, CaseState, NewCase, NoteKind
from intents.desk.case_rules import CaseAct, allowed
from intents.messages import Said
from knowledge.model import Lang
from storage import inbox
from storage.books import StoredBooks
from storage.case_due import StoredCaseDue
from storage.case_queue import Filter, queue
from storage.cases import FAR, RING, StoredCases
from storage.database import Database
from storage.tables import case as table
from storage.tables import outbox
from tests.intents.desk.case_world import (
    DAY,
    HOUR,
    LETTERS,
    SATO,
    act,
    ask,
    case,
    chat,
    notes,
    staffed,
)
from tests.kit import NOON, event

NEW = NewCase(
    kind=CaseKind.CONSULTATION,
    summary="費用を知りたい",
    to=Recipient(0, "web:p1", "p1@example.jp", Lang.EN),
    name="山田",
    organisation="株式会社グリーン",
    prefecture="茨城県",
    topic="FO-001",
    methodology="FO-001",
    about="seminar:S-0001",
)


def _event(database: Database) -> int:
    return inbox.add(database, [event(Said("相談"))], "test")[0].event


def _add(database: Database, number: int, new: NewCase = NEW) -> tuple[Case, bool]:
    with database.begin() as connection:
        return StoredCases(connection, database, NOON, "person:web:p1", "E-1", number).add(
            new, "forest", NOON + HOUR
        )


def _due(database: Database, number: str) -> object:
    with database.look() as connection:
        return connection.scalar(select(table.c.due_at).where(table.c.id == case(database, number).id))


def test_one_event_one_case(database: Database) -> None:
    """A turn that runs again finds its case; staff and the clock have no event and make a new one each time."""
    number = _event(database)
    first, again = _add(database, number), _add(database, number)
    assert (first[1], again[1]) == (False, True)
    assert first[0] == again[0]
    assert {_add(database, 0)[0].number, _add(database, 0)[0].number} == {"K-00002", "K-00003"}


def test_a_case_comes_back_as_it_was_written(database: Database) -> None:
    """Every field, with moments to the microsecond and in UTC."""
    made, _ = _add(database, 0)
    assert {name: getattr(made, name) for name in NewCase.__dataclass_fields__} == {
        name: getattr(NEW, name) for name in NewCase.__dataclass_fields__
    }
    moment = NOON + timedelta(microseconds=123_456)
    changed = replace(
        made,
        owner="sato",
        talking="sato",
        state=CaseState.WAITING,
        promised_by=moment,
        outcome=CaseOutcome.NO_REPLY,
    )
    saved = act(database, lambda opened: opened.cases.save(changed), now=moment)
    assert saved == replace(changed, changed_at=moment, version=made.version + 1)
    assert case(database, made.number) == saved


def test_a_change_leaves_what_a_case_is_about(database: Database) -> None:
    """A change is of how it stands; the words with which it was opened, and by whom, stay."""
    made, _ = _add(database, 0)
    other = replace(
        made, summary="別の話", organisation="別の会社", to=Recipient(0, "", "", Lang.JA), owner="sato"
    )
    saved = act(database, lambda opened: opened.cases.save(other))
    assert (saved.owner, saved.summary, saved.organisation, saved.to) == (
        "sato",
        NEW.summary,
        NEW.organisation,
        NEW.to,
    )


def test_when_it_is_due(database: Database) -> None:
    """The first date while it is our turn; far off where nothing is due, also for a closed one."""
    made, _ = _add(database, 0)
    assert _due(database, made.number) == NOON + HOUR
    steps = (
        ({"state": CaseState.WAITING}, FAR),
        ({"state": CaseState.TAKEN}, NOON + HOUR),
        ({"promised_by": None}, FAR),
        ({"promised_by": NOON + DAY, "state": CaseState.DONE}, FAR),
    )
    for changes, due in steps:
        after = replace(case(database, made.number), **changes)
        act(database, lambda opened, one=after: opened.cases.save(one))  # type: ignore[misc]
        assert _due(database, made.number) == due


def test_numbers_that_are_none(database: Database) -> None:
    """Nobody, whatever was typed."""
    with database.begin() as connection:
        store = StoredCases(connection, database, NOON, "x")
        assert [store.find(text) for text in ("", "K-99999", "x", "K-" + "9" * 30)] == [None] * 4
        assert store.lock("K-99999") is None


def test_a_change_rings(sqlite_database: Database) -> None:
    """Whoever shows the cases hears of each."""
    rung: list[str] = []
    made, _ = _add(sqlite_database, 0)
    sqlite_database.hear(rung.append)
    act(sqlite_database, lambda opened: opened.cases.save(made))
    assert RING in rung


def test_the_same_message_is_one_note(database: Database) -> None:
    """By the channel's name of it; those without a name are as many as there are."""
    number = ask(database)

    def write(opened: StoredBooks) -> None:
        found = opened.cases.lock(number)
        assert found
        for _ in range(2):
            opened.cases.write(found, NoteKind.NOTE, "メモ", "slack:C1:1")
            opened.cases.write(found, NoteKind.NOTE, "メモ")

    act(database, write)
    assert [one.reference for one in notes(database, number)] == ["slack:C1:1", "", ""]
    assert {(one.author, one.at) for one in notes(database, number)} == {("staff:sato", NOON)}


def test_who_talks_with_whom(database: Database) -> None:
    """Anywhere the person writes, or only in this conversation; the newest of two; nobody once it is over."""
    staffed(database)
    here, there = chat(database, "c1"), chat(database, "c2")
    first, second = ask(database, to=here), ask(database, to=there)

    def talking(where: Recipient, *, anywhere: bool, person: str = "web:p1") -> str:
        found = act(
            database, lambda opened: opened.cases.talking_with(person, where.conversation, anywhere=anywhere)
        )
        return found.number if found else ""

    assert talking(here, anywhere=True) == ""
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, first, "はい"))
    assert (talking(here, anywhere=False), talking(there, anywhere=False)) == (first, "")
    assert (talking(there, anywhere=True), talking(there, anywhere=True, person="web:p2")) == (first, "")
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, second, "はい"))
    assert talking(here, anywhere=True) == second
    for number in (first, second):
        act(database, lambda opened, one=number: cases.step_back(opened, LETTERS, SATO, one))  # type: ignore[misc]
    assert talking(here, anywhere=True) == ""


def test_the_newest_open_one_here(database: Database) -> None:
    """More is asked on what a person asked here, not on a consultation, not elsewhere, not on a closed one."""
    here, there = chat(database, "c1"), chat(database, "c2")
    ask(database, CaseKind.CONSULTATION, here)
    number = ask(database, CaseKind.QUESTION, here)

    def asked(where: Recipient) -> str:
        found = act(database, lambda opened: opened.cases.asked_by("web:p1", where.conversation))
        return found.number if found else ""

    assert (asked(here), asked(there)) == (number, "")
    act(database, lambda opened: case_endings.finish(opened, LETTERS, SATO, number, CaseOutcome.ANSWERED))
    assert asked(here) == ""


def test_about_a_subject(database: Database) -> None:
    """The open one; what came before it is found by the clock."""
    made, _ = _add(database, 0)
    act(database, lambda opened: opened.cases.save(replace(made, state=CaseState.DONE)))
    with database.look() as connection:
        opened = StoredBooks(connection, database, NOON, "clock")
        found, last = opened.cases.about("seminar:S-0001"), opened.case_due.last_about("seminar:S-0001")
        assert (found, last and last.number) == (None, made.number)
        assert opened.case_due.last_about("seminar:S-0002") is None


def test_a_card_names_its_case(database: Database) -> None:
    """By what the channel calls the card; a letter that is no card names none."""
    number = ask(database)
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "はい"))
    with database.begin() as connection:
        connection.execute(update(outbox).values(reference="slack:C1:1", subject=f"case:{number}"))
        store = StoredCases(connection, database, NOON, "x")
        assert (store.card("slack:C1:1"), store.card("slack:C1:2")) == (number, "")


def test_what_may_be_done_follows_the_row(sqlite_database: Database) -> None:
    """The rules read what the table gives back."""
    number = ask(sqlite_database)
    assert CaseAct.TAKE in allowed(case(sqlite_database, number), SATO)
    act(sqlite_database, lambda opened: cases.take(opened, SATO, number))
    assert CaseAct.TAKE not in allowed(case(sqlite_database, number), SATO)


def test_an_unreadable_row_hides_no_other(sqlite_database: Database) -> None:
    """A case that another release wrote is left out of the lists, and the others are there."""
    staffed(sqlite_database)
    bad, good = ask(sqlite_database), ask(sqlite_database)
    with sqlite_database.begin() as connection:
        connection.exec_driver_sql("update \"case\" set kind = 'hologram' where id = 1")
    with sqlite_database.look() as connection:
        found = [one.number for one in queue(connection, Filter()).cases]
        due = [one.number for one in StoredCaseDue(connection, NOON).promised(NOON + timedelta(days=9))]
    assert (bad, found, due) == ("K-00001", [good], [good])
