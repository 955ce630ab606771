"""Consents on both engines: kept with their version, and what ends with them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intents.messages import Incoming, Opened, Paragraph, Reply, Text
from knowledge.model import Lang
from storage import consents, conversations, outbox
from storage.database import Database
from storage.tables import outbox as table
from tests.kit import NOON

P1, P2 = "web:p1", "web:p2"
LATER = NOON + timedelta(hours=1)
REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)


def _agree(database: Database, person: str, *purposes: str) -> None:
    event = Incoming("web", "k", person, person, Opened(), {"conversation": person}, NOON)
    with database.begin() as connection:
        where = conversations.recall(connection, database, event, Lang.JA).id
        for purpose in purposes:
            consents.record(connection, where, person, purpose, "2026-11", NOON)


def _put(database: Database, key: str, person: str | None, purpose: str | None) -> None:
    with database.begin() as connection:
        outbox.put(
            connection,
            database,
            key,
            "mail",
            {"mail": key},
            REPLY,
            NOON,
            NOON,
            person=person,
            purpose=purpose,
        )


def _withdraw(database: Database, person: str, purpose: str) -> int:
    with database.begin() as connection:
        return consents.withdraw(connection, person, purpose, LATER)


def _leaving(database: Database, after: timedelta = timedelta()) -> list[str]:
    return [letter.key for letter in outbox.claim(database, "mail", "w", LATER + after, 20)]


def test_withdraw_consent_stops_that_purpose_and_no_other(database: Database) -> None:
    """Its letters are dropped; other purposes, other people and letters without a purpose go on."""
    _agree(database, P1, "consultation", "seminar")
    _agree(database, P2, "consultation")
    _put(database, "stopped", P1, "consultation")
    _put(database, "other purpose", P1, "seminar")
    _put(database, "other person", P2, "consultation")
    _put(database, "none needed", None, None)
    assert _withdraw(database, P1, "consultation") == 1
    assert _leaving(database) == ["other purpose", "other person", "none needed"]
    with database.look() as connection:
        assert connection.scalar(select(table.c.state).where(table.c.key == "stopped")) == "dropped"
        assert consents.agreed(connection, P1, "consultation") == ""
        assert consents.agreed(connection, P1, "seminar") == "2026-11"
        assert consents.agreed(connection, P2, "consultation") == "2026-11"
        assert consents.purposes(connection, P1) == ("seminar",)


def test_withdraw_consent_without_it_the_letter_leaves(database: Database) -> None:
    """The twin: nothing but the withdrawal stops it."""
    _agree(database, P1, "consultation")
    _put(database, "a", P1, "consultation")
    assert _leaving(database) == ["a"]


@pytest.mark.parametrize("settle", ["later", "park", "lapse"])
def test_withdraw_consent_also_stops_what_is_being_tried(database: Database, settle: str) -> None:
    """A letter that fails, is parked or loses its sender after the withdrawal is not tried again."""
    _agree(database, P1, "consultation")
    _put(database, "a", P1, "consultation")
    (letter,) = outbox.claim(database, "mail", "w", LATER, 20)
    if settle == "park":
        outbox.park(database, letter.id, "w", "550", LATER)
    _withdraw(database, P1, "consultation")
    if settle == "later":
        outbox.later(database, letter.id, "w", LATER, "451")
    outbox.retry(database, ["a"], LATER)
    assert _leaving(database, timedelta(days=1)) == []


def test_a_consent_can_be_given_again(database: Database) -> None:
    """The newest version in force counts; withdrawing twice ends nothing more."""
    _agree(database, P1, "seminar")
    assert _withdraw(database, P1, "seminar") == 1
    assert _withdraw(database, P1, "seminar") == 0
    _agree(database, P1, "seminar", "seminar")
    with database.look() as connection:
        assert [one.purpose for one in consents.given(connection, P1)] == ["seminar", "seminar"]
        assert consents.given(connection, P1)[0].given_at == NOON
    assert _withdraw(database, P1, "seminar") == 2


def test_several_names_are_asked_about_at_once(database: Database) -> None:
    """Of each the last counts; who was never asked, and another purpose, are none of them."""
    for person in (P1, P2):
        _agree(database, person, "seminar")
        _withdraw(database, person, "seminar")
    _withdraw(database, "mail:never@example.jp", "seminar")
    _agree(database, P2, "seminar")
    names = (P1, P2, "mail:never@example.jp", "web:unknown")
    with database.look() as connection:
        assert consents.withdrawn(connection, names, "seminar") == {P1, "mail:never@example.jp"}
        assert consents.withdrawn(connection, names, "survey") == frozenset()
        assert consents.withdrawn(connection, (), "seminar") == frozenset()
