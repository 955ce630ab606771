"""The outbox on both engines: one message per key, leased, put off, parked."""

from datetime import timedelta

import pytest

from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import outbox
from storage.database import Database
from tests.kit import NOON

REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with one message that was put twice."""
    for _ in range(2):
        with database.begin() as connection:
            outbox.put(connection, database, "reply:1", "slack", {"channel": "C1"}, REPLY, NOON)
    return database


def test_the_same_key_is_one_message(filled: Database) -> None:
    """Putting twice is not an error and not a second message; the body comes back whole."""
    letters = outbox.claim(filled, "slack", "w", NOON, 10)
    assert [(letter.key, letter.body, letter.attempts) for letter in letters] == [("reply:1", REPLY, 1)]
    assert outbox.claim(filled, "slack", "w2", NOON, 10) == []


def test_a_lost_lease_cannot_settle(filled: Database) -> None:
    """Whoever was too slow does not mark the message of the next one."""
    letter = outbox.claim(filled, "slack", "slow", NOON, 10)[0]
    later = NOON + outbox.LEASE + timedelta(seconds=1)
    assert outbox.claim(filled, "slack", "next", later, 10)[0].attempts == 2
    assert not outbox.sent(filled, letter.id, "slow", later, "ref")
    assert outbox.sent(filled, letter.id, "next", later, "ref")


def test_what_is_put_off_waits_and_what_is_parked_stays(filled: Database) -> None:
    """A message put off is not due before its time; a parked one never is."""
    letter = outbox.claim(filled, "slack", "w", NOON, 10)[0]
    outbox.later(filled, letter.id, "w", NOON + timedelta(minutes=1), "429")
    assert outbox.claim(filled, "slack", "w", NOON, 10) == []
    outbox.claim(filled, "slack", "w", NOON + timedelta(minutes=1), 10)
    outbox.park(filled, letter.id, "w", "always fails", NOON)
    assert outbox.claim(filled, "slack", "w", NOON + timedelta(days=9), 10) == []


def test_a_direct_answer_leaves_nothing_to_send(filled: Database) -> None:
    """What went out as the HTTP answer is not sent again."""
    outbox.said_directly(filled, "reply:1", NOON)
    assert outbox.claim(filled, "slack", "w", NOON + timedelta(days=1), 10) == []


def test_a_letter_that_was_held_up_waits_for_its_hours(database: Database) -> None:
    """Also on its further way; after the last of its hours it has waited long enough."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    hours = ((NOON, NOON + hour), (NOON + day, NOON + day + hour))
    with database.begin() as connection:
        ways = (outbox.Way("mail", {"mail": "a@example.jp"}),)
        whole = (connection, database, "n:1:slack", "slack", {"channel": "C1"}, REPLY, NOON, NOON)
        outbox.put(*whole, otherwise=ways, hours=hours)
    assert outbox.claim(database, "slack", "w", NOON + 2 * hour, 10) == []
    assert outbox.claim(database, "slack", "w", NOON + day - hour, 10) == []
    (letter,) = outbox.claim(database, "slack", "w", NOON + day, 10)
    assert letter.attempts == 1
    assert outbox.park(database, letter.id, "w", "always fails", NOON + day + 2 * hour) == "mail"
    (onward,) = outbox.claim(database, "mail", "w", NOON + day + 2 * hour, 10)
    assert onward.key == "n:1:mail"


def test_a_further_way_keeps_the_hours(database: Database) -> None:
    """A letter that cannot be delivered in the evening goes on in the morning, whichever way it takes."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    with database.begin() as connection:
        ways = (outbox.Way("mail", {"mail": "a@example.jp"}),)
        whole = (connection, database, "n:1:slack", "slack", {"channel": "C1"}, REPLY, NOON, NOON)
        outbox.put(*whole, otherwise=ways, hours=((NOON, NOON + hour), (NOON + day, NOON + day + hour)))
    (letter,) = outbox.claim(database, "slack", "w", NOON, 10)
    outbox.park(database, letter.id, "w", "always fails", NOON + 2 * hour)
    assert outbox.claim(database, "mail", "w", NOON + 2 * hour, 10) == []
    assert len(outbox.claim(database, "mail", "w", NOON + day, 10)) == 1
