"""Whoever shows on two channels that it is them is one person: one history, one set of consents."""

from dataclasses import replace
from datetime import timedelta

from intents.desk.books import Recipient
from intents.desk.nudges.linking import CODE, link
from intents.desk.projects.records import Contact
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.database import Database
from storage.identities import names_of
from tests.kit import NOON

WEB, TEAMS = "web:w1", "teams:t1:aad-ann"
LATER = NOON + timedelta(hours=1)


def _talks_as(database: Database, mail: str, person: str) -> Contact:
    """A contact shows by a code that they talk as that person."""
    with books(database, LATER, "test") as opened:
        contact = opened.contacts.put("Ann", mail, "org")
        link(opened, contact, Recipient(0, person, mail, Lang.JA), CODE)
        return contact


def _known(database: Database, person: str) -> Contact | None:
    with database.look() as connection:
        return StoredBooks(connection, database, LATER, "test").contacts.by_person(person)


def _names(database: Database, person: str) -> tuple[str, ...]:
    with database.look() as connection:
        return names_of(connection, person)


def test_a_contact_is_known_on_each_channel_on_which_they_showed_themselves(database: Database) -> None:
    """The newest does not push the older ones out."""
    ann = _talks_as(database, "ann@x.example", WEB)
    _talks_as(database, "ann@x.example", TEAMS)
    for person in (WEB, TEAMS):
        found = _known(database, person)
        assert found
        assert found.id == ann.id
        assert set(_names(database, person)) == {WEB, TEAMS}


def test_a_name_belongs_to_one_contact(database: Database) -> None:
    """Who shows later that it is them has it; the other one keeps what else they have, whatever is saved of them."""
    ann = _talks_as(database, "ann@x.example", WEB)
    _talks_as(database, "ann@x.example", TEAMS)
    bob = _talks_as(database, "bob@x.example", TEAMS)
    with books(database, LATER, "test") as opened:
        left = opened.contacts.of([ann.id])[0]
        assert (left.person, left.teams) == ("", "")
        opened.contacts.save(replace(left, ways=("mail",)))
    found, kept = _known(database, TEAMS), _known(database, WEB)
    assert found
    assert found.id == bob.id
    assert kept
    assert kept.id == ann.id
    assert _names(database, WEB) == (WEB,)


def test_a_letters_link_joins_no_histories(database: Database) -> None:
    """A letter is passed on, and a browser is shared: whoever opens it sees its projects and nothing else."""
    ann = _talks_as(database, "ann@x.example", TEAMS)
    with books(database, LATER, "test") as opened:
        link(opened, opened.contacts.of([ann.id])[0], Recipient(0, WEB, "", Lang.JA), "letter")
    found = _known(database, WEB)
    assert found
    assert found.id == ann.id
    assert _names(database, WEB) == (WEB,)
    assert _names(database, TEAMS) == (TEAMS,)


def test_strangers_are_one_name_each(database: Database) -> None:
    """Nothing is read together that nobody has shown to belong together."""
    assert _names(database, WEB) == (WEB,)
