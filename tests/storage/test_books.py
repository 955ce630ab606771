"""Letters of the books on both engines: who withdrew gets none, and every mail says how to withdraw."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intents.desk.books import Outgoing, Recipient
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


# ------------------------------------------------ one letter by the first way that reaches them


def _send_by(
    database: Database,
    key: str,
    ways: Sequence[str],
    to: Recipient,
    *,
    always: bool = False,
    slack: str = "",
) -> str:
    with books(database, LATER, "clock") as opened:
        letter = Outgoing(key, to, REPLY, ways, slack)
        return opened.post.send_each([letter], purpose="deadline", due=LATER, always=always)[0]


def _whole(database: Database) -> list[tuple[str, dict[str, str], list[str]]]:
    """Key, address without the token, and the channels of the further ways."""
    with database.look() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()
    return [
        (
            row.key,
            {name: text for name, text in row.address.items() if name != "unsubscribe"},
            [way["channel"] for way in row.otherwise or ()],
        )
        for row in rows
    ]


MAILED = {"mail": "p1@example.jp"}


@pytest.mark.parametrize(
    ("ways", "chosen", "address", "others"),
    [
        (("web", "mail"), "web", {"conversation": "c1"}, ["mail"]),
        (("mail", "web"), "mail", MAILED, ["web"]),
        (("teams", "slack", "mail"), "slack", {"channel": "U9", "team": "T1"}, ["mail"]),
        (("mail", "slack", "web", "mail"), "mail", MAILED, ["slack", "web"]),
        (("web",), "web", {"conversation": "c1"}, []),
    ],
)
def test_one_letter_by_the_first_way_that_reaches_them(
    database: Database, ways: tuple[str, ...], chosen: str, address: dict[str, str], others: list[str]
) -> None:
    """The person's order counts; the rest are further ways, each once."""
    to = Recipient(_agree(database, "deadline"), PERSON, "p1@example.jp", Lang.JA)
    assert _send_by(database, "n:1", ways, to, slack="T1:U9") == chosen
    assert _whole(database) == [(f"n:1:{chosen}", address, others)]


@pytest.mark.parametrize("ways", [(), ("teams",), ("web", "slack")])
def test_whom_no_way_reaches_gets_no_letter(database: Database, ways: tuple[str, ...]) -> None:
    """The answer says so: somebody has to be found."""
    assert _send_by(database, "n:1", ways, Recipient(0, "", "p1@example.jp", Lang.JA)) == ""
    assert _whole(database) == []


def test_slack_is_the_person_not_what_they_wrote_in(database: Database) -> None:
    """Only of a person Slack says that they have left; it comes as a message of its own, not into an old thread."""
    event = Incoming("slack", "k", "T1:D1:1.1", "T1:U1", Opened(), {"channel": "D1", "thread": "1.1"}, NOON)
    with database.begin() as connection:
        chat = conversations.recall(connection, database, event, Lang.JA).id
    to = Recipient(chat, "slack:T1:U1", "", Lang.JA)
    assert _send_by(database, "n:1", ("slack", "mail"), to) == "slack"
    assert _whole(database) == [("n:1:slack", {"channel": "U1", "team": "T1"}, [])]


def test_the_same_key_is_the_same_letter_by_whichever_way(database: Database) -> None:
    """Who has changed their mind about the channel is not told twice."""
    to = Recipient(_agree(database, "deadline"), PERSON, "p1@example.jp", Lang.JA)
    _send_by(database, "n:1", ("web", "mail"), to)
    _send_by(database, "n:1", ("mail", "web"), to)
    assert [key for key, *_ in _whole(database)] == ["n:1:web"]


def test_withdraw_consent_leaves_no_way_at_all(database: Database) -> None:
    """Nor is the letter kept for later; what must be known goes, without a way out in its header."""
    to = Recipient(_agree(database, "deadline"), PERSON, "p1@example.jp", Lang.JA)
    _withdraw(database, "deadline")
    assert _send_by(database, "n:1", ("web", "mail"), to) == ""
    assert _send_by(database, "n:2", ("mail", "web"), to, always=True) == "mail"
    with database.look() as connection:
        (row,) = connection.execute(select(outbox)).all()
    assert (row.key, row.purpose, row.address) == ("n:2:mail", None, MAILED)


def test_withdraw_consent_of_an_address_leaves_the_other_ways(database: Database) -> None:
    """The address was struck off by whoever had it: chat goes on, mail is no further way."""
    to = Recipient(_agree(database, "deadline"), PERSON, "p1@example.jp", Lang.JA)
    with database.begin() as connection:
        consents.withdraw(connection, "web:other", "deadline", LATER, "p1@example.jp")
    assert _send_by(database, "n:1", ("mail", "web"), to) == "web"
    assert _whole(database) == [("n:1:web", {"conversation": "c1"}, [])]


def test_withdraw_consent_of_one_nobody_stops_nobody_else(database: Database) -> None:
    """Two whom no channel knows: each is known by their address, and what one ends the other keeps."""
    one, two = (Recipient(0, "", mail, Lang.JA) for mail in ("p1@example.jp", "p2@example.jp"))
    _send_by(database, "n:1", ("mail",), one)
    with database.begin() as connection:
        token = connection.execute(select(action_token)).one()
        action = unpack_action(token.action)
        assert isinstance(action, RunCommand)
        consents.withdraw(connection, action.given["person"], "deadline", LATER, action.given["mail"])
    assert _send_by(database, "n:2", ("mail",), one) == ""
    assert _send_by(database, "n:3", ("mail",), two) == "mail"
    assert _due(database) == ["n:3:mail"]


def test_the_beginning_of_a_key_is_taken_at_its_word(database: Database) -> None:
    """Nothing in it stands for other letters."""
    for key in ("a_b/1:x", "axb/1:x", "a%:x", "ab:x"):
        _send(database, key)
    with books(database, LATER, "clock") as opened:
        dropped = [opened.post.drop(begins) for begins in ("a_b/", "a%", "none")]
    assert dropped == [1, 1, 0]
    assert _due(database) == ["axb/1:x:mail", "ab:x:mail"]


def test_several_letters_at_once_are_each_somebodys_own(database: Database) -> None:
    """In their order, each with its further ways and hours; who withdrew and whom nothing reaches hold nobody up."""
    chat = _agree(database, "deadline")
    people = [Recipient(0, f"web:p{number}", f"p{number}@example.jp", Lang.JA) for number in range(1, 5)]
    people[0] = replace(people[0], conversation=chat)
    with database.begin() as connection:
        consents.withdraw(connection, "web:p2", "deadline", LATER)
    ways = [("web", "mail"), ("mail",), ("web",), ("mail", "slack")]
    hours = [(LATER, LATER + timedelta(hours=8))]
    batch = [
        Outgoing(
            f"n:{number}", to, REPLY, way, "T1:U4" if number == 4 else "", hours=hours if number == 4 else ()
        )
        for number, (to, way) in enumerate(zip(people, ways, strict=True), 1)
    ]
    for _ in range(2):
        with books(database, LATER, "clock") as opened:
            assert opened.post.send_each(batch, purpose="deadline", due=LATER) == ("web", "", "", "mail")
            assert opened.post.send_each([], purpose="deadline", due=LATER) == ()
    assert _whole(database) == [
        ("n:1:web", {"conversation": "c1"}, ["mail"]),
        ("n:4:mail", {"mail": "p4@example.jp"}, ["slack"]),
    ]
    with database.look() as connection:
        kept = connection.scalars(select(outbox.c.hours).order_by(outbox.c.id)).all()
    assert [len(one or ()) for one in kept] == [0, 1]


def test_letters_are_counted_for_each_by_all_their_names(database: Database) -> None:
    """As the person, by their address or by Slack's name of them; every way of a letter is one letter."""
    chat = _agree(database, "deadline")
    known = Recipient(chat, PERSON, "p1@example.jp", Lang.JA)
    slack, other = Recipient(0, "", "", Lang.JA), Recipient(0, "", "p2@example.jp", Lang.JA)
    _send(database, "survey:1", purpose="survey", chat=chat)
    _send_by(database, "nudge:2", ("slack",), slack, slack="T1:U1")
    _send_by(database, "other:3", ("mail",), other)
    named = [
        (known, ""),
        (slack, "T1:U1"),
        (other, ""),
        (known, "T1:U1"),
        (Recipient(0, "", "", Lang.JA), ""),
    ]
    with books(database, LATER, "clock") as opened:
        found = opened.post.sent_since(named, NOON, ("nudge", "survey"))
        assert [len(one) for one in found] == [1, 1, 0, 2, 0]
        assert not any(opened.post.sent_since(named, LATER, ("nudge", "survey")))
        assert opened.post.sent_since((), NOON, ("nudge",)) == ()
