"""Letters of the books on both engines: who withdrew gets none, and every mail says how to withdraw."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intents.desk.books import Recipient
from intents.messages import Incoming, Opened, Paragraph, Reply, RunCommand, Text
from knowledge.model import Lang
from storage import consents, conversations
from storage.books import books
from storage.codec import unpack_action
from storage.database import Database
from storage.tables import action_token, outbox
from tests.kit import NOON

PERSON = "web:p1"
LATER = NOON + timedelta(hours=1)
REPLY = Reply((Paragraph((Text("お知らせ"),)),), Lang.JA)


def _agree(database: Database, *purposes: str) -> int:
    """The consents of a person, given in the conversation whose number is returned."""
    event = Incoming("web", "k", "c1", "p1", Opened(), {"conversation": "c1"}, NOON)
    with database.begin() as connection:
        where = conversations.recall(connection, database, event, Lang.JA).id
        for purpose in purposes:
            consents.record(connection, where, PERSON, purpose, "2026-11", NOON)
    return where


def _withdraw(database: Database, purpose: str) -> None:
    with database.begin() as connection:
        consents.withdraw(connection, PERSON, purpose, LATER)


def _send(
    database: Database, key: str, *, always: bool = False, purpose: str = "seminar", chat: int = 0
) -> int:
    to = Recipient(chat, PERSON, "p1@example.jp", Lang.JA)
    with books(database, LATER, "clock") as opened:
        return opened.post.send(key, to, REPLY, purpose=purpose, due=LATER, always=always)


def _due(database: Database) -> list[str]:
    with database.look() as connection:
        mine = select(outbox.c.key).where(outbox.c.state == "due").order_by(outbox.c.id)
        return list(connection.scalars(mine).all())


def test_withdraw_consent_stops_letters_that_are_written_later(database: Database) -> None:
    """No way is used for that purpose; another purpose goes on."""
    chat = _agree(database, "seminar", "consultation")
    _withdraw(database, "seminar")
    assert _send(database, "a", chat=chat) == 0
    assert _send(database, "b", purpose="consultation", chat=chat) == 2
    assert _due(database) == ["b:web", "b:mail"]


@pytest.mark.parametrize("agreed", [True, False])
def test_withdraw_consent_without_it_letters_are_put(database: Database, agreed: bool) -> None:
    """The twin: who agreed, and who was registered by the office and never had to, get theirs."""
    chat = _agree(database, *(["seminar"] if agreed else []))
    assert _send(database, "a", chat=chat) == 2


def test_withdraw_consent_and_agree_again(database: Database) -> None:
    """A consent in force counts, whatever was withdrawn before it."""
    _agree(database, "seminar")
    _withdraw(database, "seminar")
    _agree(database, "seminar")
    assert _send(database, "a") == 1


def test_withdraw_consent_does_not_hide_a_cancellation(database: Database) -> None:
    """What must be known is put after the withdrawal, and not taken back by one that comes later."""
    _agree(database, "seminar")
    _send(database, "before", always=True)
    _withdraw(database, "seminar")
    _send(database, "after", always=True)
    assert _due(database) == ["before:mail", "after:mail"]


def test_mail_carries_the_token_that_ends_it(database: Database) -> None:
    """It names purpose and person, as whoever opens a mail is in no conversation; chat and `always` have none."""
    chat = _agree(database, "seminar")
    _send(database, "a", chat=chat)
    _send(database, "b", always=True)
    with database.look() as connection:
        by_key = {row.key: row.address for row in connection.execute(select(outbox))}
        mine = action_token.c.token == by_key["a:mail"]["unsubscribe"]
        token = connection.execute(select(action_token).where(mine)).one()
    given = {"purpose": "seminar", "person": PERSON, "mail": "p1@example.jp"}
    assert unpack_action(token.action) == RunCommand("reminder.stop", given=given)
    assert token.conversation_id is None
    assert [key for key, address in by_key.items() if "unsubscribe" in address] == ["a:mail"]
