"""Codes: once, for a quarter of an hour, five tries, and only in the conversation that asked."""

from datetime import timedelta

from sqlalchemy import insert

from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.nudges.linking import link, send_code
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.contact_codes import StoredCodes
from storage.database import Database
from storage.tables import conversation
from tests.intents.desk.nudges.nudge_world import OWNER, at, contact_id, enter, letters, text_of

NOW = at(2026, 6, 1)


def _conversation(database: Database, key: str) -> int:
    row = {"channel": "web", "key": key, "person": "web:p1", "lang": "ja", "state": {}, "updated_at": NOW}
    with database.begin() as connection:
        made = insert(conversation).values(row | {"address": {"conversation": key}})
        return int(connection.scalars(made.returning(conversation.c.id)).one())


def _take(database: Database, where: int, code: str, minutes: float = 0) -> int:
    with database.begin() as connection:
        now = NOW + timedelta(minutes=minutes)
        return StoredCodes(connection, database, where, "web:p1", now).take(code)


def _issue(database: Database, where: int, contact: int) -> str:
    with database.begin() as connection:
        return StoredCodes(connection, database, where, "web:p1", NOW).issue(contact)


def test_a_code_works_once_and_here(database: Database) -> None:
    """Not in another conversation, not after a quarter of an hour, not a second time."""
    enter(database, NOW)
    here, there = _conversation(database, "a"), _conversation(database, "b")
    owner = contact_id(database, OWNER)
    code = _issue(database, here, owner)
    assert _take(database, there, code) == 0
    assert _take(database, here, code, 15.1) == 0
    assert _take(database, here, code, 14.9) == owner
    assert _take(database, here, code) == 0


def test_five_tries(database: Database) -> None:
    """After the fifth wrong one the right one does not help either; a fresh code makes the old one void."""
    enter(database, NOW)
    here, owner = _conversation(database, "a"), contact_id(database, OWNER)
    code = _issue(database, here, owner)
    wrong = "000000" if code != "000000" else "111111"
    assert [_take(database, here, wrong) for _ in range(5)] == [0] * 5
    assert _take(database, here, code) == 0
    first, second = _issue(database, here, owner), _issue(database, here, owner)
    assert first == second or _take(database, here, first) == 0
    assert _take(database, here, second) == owner


def test_an_address_that_is_not_registered_gets_nothing(database: Database) -> None:
    """And whoever typed it is not told."""
    enter(database, NOW)
    here = _conversation(database, "a")
    pen = Pen(load_notices(), load_wording())
    with books(database, NOW, "person:web:p1") as opened:
        codes = _Codes()
        send_code(opened, codes, pen, "stranger@example.jp", Lang.JA)
        assert codes.issued == []
        send_code(opened, codes, pen, OWNER, Lang.JA)
        assert codes.issued == [contact_id_in(opened)]
    (letter,) = letters(database, "code:")
    assert letter.address["mail"] == OWNER
    assert "246810" in text_of(letter)
    assert here


class _Codes:
    def __init__(self) -> None:
        self.issued: list[int] = []

    def issue(self, contact: int) -> str:
        self.issued.append(contact)
        return "246810"

    def take(self, code: str) -> int:
        return len(code) - len(code)


def contact_id_in(opened: StoredBooks) -> int:
    """The row of the owner."""
    found = opened.contacts.by_mail(OWNER)
    assert found
    return found.id


def test_a_link_makes_the_conversation_theirs(database: Database) -> None:
    """What is written there is theirs, on both channels; nudges come to the one that was linked last."""
    enter(database, NOW)

    first, second = _conversation(database, "a"), _conversation(database, "b")
    for where, person in ((first, "web:p1"), (second, "slack:T1:U9")):
        with books(database, NOW, f"person:{person}") as opened:
            contact = opened.contacts.by_mail(OWNER)
            assert contact
            link(opened, contact, Recipient(where, person, "", Lang.JA), "code")
    with database.look() as connection:
        opened = StoredBooks(connection, database, NOW, "x")
        known = opened.contacts.by_person("web:p1")
        found = opened.contacts.by_person("slack:T1:U9")
    assert found
    assert known == found
    assert (found.conversation, found.slack) == (second, "T1:U9")
