"""Further ways of a letter on both engines: the next one when a way fails for good, never two, none that was ended."""

import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Select, select, update

from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import consents, outbox
from storage.database import Database
from storage.further_ways import pass_on_unserved
from storage.outbox import Way
from storage.tables import outbox as table
from tests.kit import NOON

PERSON = "slack:T1:U1"
LATER = NOON + timedelta(hours=2)
LETTERS = 20
REPLY = Reply((Paragraph((Text("期限が近づいています"),)),), Lang.JA)
SLACK, WEB = Way("slack", {"channel": "U1"}), Way("web", {"conversation": "c1"})
MAIL = Way("mail", {"mail": "p1@example.jp", "unsubscribe": "t1"})


def _put(database: Database, *ways: Way, key: str = "nudge:1", purpose: str | None = "deadline") -> None:
    first, *otherwise = ways
    whole = (f"{key}:{first.channel}", first.channel, first.address, REPLY, NOON, NOON)
    with database.begin() as connection:
        put = partial(outbox.put, connection, database, *whole, person=PERSON, purpose=purpose)
        put(trace="t-1", otherwise=otherwise)


def _park(database: Database, channel: str, now: datetime = NOON, why: str = "550") -> str | None:
    (letter,) = outbox.claim(database, channel, "w", now, 10)
    return outbox.park(database, letter.id, "w", why, now)


def _rows(database: Database) -> list[tuple[str, str]]:
    with database.look() as connection:
        found = connection.execute(select(table.c.key, table.c.state).order_by(table.c.id))
        return [(row.key, row.state) for row in found]


def test_the_next_way_carries_the_same_letter(database: Database) -> None:
    """Same text, person, purpose and trace, due now; the parked one keeps what was wrong."""
    _put(database, SLACK, MAIL)
    assert outbox.claim(database, "mail", "w", LATER, 10) == []
    assert _park(database, "slack", LATER, "gone: user_disabled") == "mail"
    (letter,) = outbox.claim(database, "mail", "w", LATER, 10)
    assert (letter.key, letter.address, letter.body) == ("nudge:1:mail", MAIL.address, REPLY)
    assert (letter.attempts, letter.failures, letter.put_at, letter.elsewhere) == (1, 0, LATER, False)
    with database.look() as connection:
        old, new = connection.execute(select(table).order_by(table.c.id)).all()
    assert (old.state, old.last_error) == ("parked", "gone: user_disabled")
    assert (new.person, new.purpose, new.trace, new.due_at) == (PERSON, "deadline", "t-1", LATER)
    assert new.place == "mail:p1@example.jp"


def test_all_ways_are_tried_in_turn(database: Database) -> None:
    """Each once, until none is left."""
    _put(database, WEB, SLACK, MAIL)
    assert [_park(database, channel) for channel in ("web", "slack", "mail")] == ["slack", "mail", ""]
    assert _rows(database) == [(f"nudge:1:{way}", "parked") for way in ("web", "slack", "mail")]


def test_what_was_sent_takes_no_further_way(database: Database) -> None:
    """The twin: nothing but parking passes a letter on."""
    _put(database, SLACK, MAIL)
    (letter,) = outbox.claim(database, "slack", "w", NOON, 10)
    outbox.sent(database, letter.id, "w", NOON, "ref")
    assert _rows(database) == [("nudge:1:slack", "sent")]


def test_a_lost_lease_passes_nothing_on(database: Database) -> None:
    """Whoever was too slow does not send the letter of the next one elsewhere."""
    _put(database, SLACK, MAIL)
    (letter,) = outbox.claim(database, "slack", "slow", NOON, 10)
    outbox.claim(database, "slack", "next", NOON + outbox.LEASE * 2, 10)
    assert outbox.park(database, letter.id, "slow", "550", NOON) is None
    assert _rows(database) == [("nudge:1:slack", "sending")]


def test_a_letter_that_fails_again_is_passed_on_once(database: Database) -> None:
    """Staff gave it another chance; the further way has it already."""
    _put(database, SLACK, MAIL)
    _park(database, "slack")
    outbox.retry(database, ["nudge:1:slack"], NOON)
    _park(database, "slack")
    assert _rows(database) == [("nudge:1:slack", "parked"), ("nudge:1:mail", "due")]


def test_what_cannot_be_read_is_not_passed_on(database: Database) -> None:
    """Another channel could not read it either."""
    _put(database, SLACK, MAIL)
    with database.begin() as connection:
        connection.execute(update(table).values(body={"parts": [{"kind": "hologram"}], "lang": "ja"}))
    assert outbox.claim(database, "slack", "w", NOON, 10) == []
    assert _rows(database) == [("nudge:1:slack", "parked")]


@pytest.mark.parametrize("moment", ["while it is sent", "after it was parked"])
def test_withdraw_consent_leaves_no_further_way(database: Database, moment: str) -> None:
    """A letter that is on its way when its purpose is withdrawn goes nowhere else."""
    _put(database, SLACK, MAIL)
    (letter,) = outbox.claim(database, "slack", "w", NOON, 10)
    if moment == "after it was parked":
        outbox.park(database, letter.id, "w", "550", NOON)
    with database.begin() as connection:
        consents.withdraw(connection, PERSON, "deadline", NOON)
    outbox.park(database, letter.id, "w", "550", NOON)
    assert {state for _, state in _rows(database)} == {"dropped"}


@pytest.mark.parametrize(("purpose", "goes"), [("deadline", "web"), (None, "mail")])
def test_withdraw_consent_of_an_address_is_passed_over(
    database: Database, purpose: str | None, goes: str
) -> None:
    """Somebody else struck the address off: the letter goes another way, unless it must be known in any case."""
    _put(database, SLACK, MAIL, WEB, purpose=purpose)
    with database.begin() as connection:
        consents.withdraw(connection, "web:other", "deadline", NOON, "p1@example.jp")
    assert _park(database, "slack") == goes


# ------------------------------------------------ channels on which nobody sends


def _pass_on(database: Database, served: Collection[str] = ("web", "slack")) -> int:
    return pass_on_unserved(database, served, LATER - timedelta(hours=1), LATER)


def test_a_channel_nobody_sends_on_holds_no_letter_that_has_another_way(database: Database) -> None:
    """Without a mail server the letter goes to Slack; one with no other way waits for the server."""
    _put(database, MAIL, SLACK)
    _put(database, MAIL, key="nudge:2")
    assert (_pass_on(database), _pass_on(database)) == (1, 0)
    assert _rows(database) == [
        ("nudge:1:mail", "parked"),
        ("nudge:2:mail", "due"),
        ("nudge:1:slack", "due"),
    ]
    assert outbox.parked(database)[0].last_error == "nobody sends on mail"


def test_a_channel_somebody_sends_on_keeps_its_letters(database: Database) -> None:
    """The twin; nor is a letter taken that has not waited long."""
    _put(database, MAIL, SLACK)
    assert _pass_on(database, ("mail", "slack")) == 0
    assert pass_on_unserved(database, ("slack",), NOON, LATER) == 0


def _many(database: Database, start: int = 0) -> int:
    """How many letters four processes say that they passed on, of twenty."""
    for number in range(start, start + LETTERS):
        _put(database, MAIL, SLACK, key=f"nudge:{number}")
    together = threading.Barrier(4)

    def run(_: int) -> int:
        together.wait()
        return _pass_on(database)

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(run, range(4)))


def test_many_processes_pass_on_once(database: Database) -> None:
    """Each clock looks; the letter takes its further way once."""
    assert _many(database) == LETTERS
    assert sorted(_rows(database)).count(("nudge:7:slack", "due")) == 1
    assert len(_rows(database)) == 2 * LETTERS


class Unguarded(Database):
    """The guard taken out: whoever passes a letter on does not hold it."""

    def for_update(self, select: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
        """The same rows, free for anybody."""
        return select if skip_locked else super().for_update(select)


def test_many_processes_pass_on_once_without_the_guard(postgres_database: Database) -> None:
    """The twin: several take the same letter; then only its key keeps it from leaving twice."""
    bare = Unguarded(postgres_database.engine.url.render_as_string(hide_password=False))
    found = (_many(bare, start) for start in range(0, 20 * LETTERS, LETTERS))
    assert any(count > LETTERS for count in found)
    bare.close()
