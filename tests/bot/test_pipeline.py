"""The way of a message on both engines: one effect, one reply, and never silence."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.plain_text import plain_text
from intents.messages import Choices, Opened, Pressed, Reply
from intents.understanding.router import Understanding
from knowledge.wording import load_wording
from storage import cases, inbox, messages, outbox
from storage.database import Database
from storage.tables import answer_given, message
from storage.tables import outbox as outbox_table
from tests.kit import NOON, event, pipeline, said

QUESTION = "モニタリング報告書の期限はいつですか"


def _text(database: Database, id_: int) -> str:
    logged = messages.reply_to(database, id_)
    assert logged is not None
    assert logged.reply is not None
    return plain_text(logged.reply, load_wording())


def _reply(database: Database, id_: int) -> Reply:
    logged = messages.reply_to(database, id_)
    assert logged is not None
    assert logged.reply is not None
    return logged.reply


def test_slack_retry_once_gives_one_effect_and_one_reply(database: Database) -> None:
    """The same event four times, run twice, also after a restart: one message, one letter."""
    for _ in range(2):
        line = pipeline(database)
        for row in inbox.add(database, [said(QUESTION, "same", channel="slack")] * 2, "me"):
            line.run(row.event)
    with database.look() as connection:
        assert connection.scalar(select(func.count()).select_from(outbox_table)) == 1
        assert connection.scalar(select(func.count()).select_from(answer_given)) == 1
        assert connection.scalar(select(func.count()).select_from(message)) == 2


def test_a_typed_number_presses_the_choice(database: Database) -> None:
    """In plain text a digit does what the button does."""
    line = pipeline(database)
    first, second = inbox.add(database, [event(Opened()), said("２")], "me")
    line.run(first.event)
    line.run(second.event)
    label = (
        next(part for part in _reply(database, first.event).parts if isinstance(part, Choices))
        .options[1]
        .label
    )
    assert label in _text(database, first.event)
    assert _reply(database, second.event).parts != _reply(database, first.event).parts


def test_a_foreign_token_is_regretted(database: Database) -> None:
    """A token of another conversation does nothing but explain itself."""
    line = pipeline(database)
    first, other = inbox.add(database, [event(Opened()), event(Opened(), conversation="c2")], "me")
    line.run(first.event)
    line.run(other.event)
    part = next(part for part in _reply(database, first.event).parts if isinstance(part, Choices))
    stolen = inbox.add(database, [event(Pressed(part.options[0].token), conversation="c2")], "me")[0]
    line.run(stolen.event)
    assert "期限が切れた" in _text(database, stolen.event)


def test_a_vote_is_kept(database: Database) -> None:
    """Helpful or not stands beside the answer that it is about."""
    line = pipeline(database)
    asked = inbox.add(database, [said(QUESTION)], "me")[0]
    line.run(asked.event)
    votes = _reply(database, asked.event).parts[-1]
    assert isinstance(votes, Choices)
    pressed = inbox.add(database, [event(Pressed(votes.options[1].token))], "me")[0]
    line.run(pressed.event)
    with database.look() as connection:
        assert connection.scalar(select(answer_given.c.helpful)) is False


def test_asking_for_a_person_opens_one_case(database: Database) -> None:
    """The receipt number that is said is the case that staff see."""
    line = pipeline(database)
    row = inbox.add(database, [said("担当者に代わってください")], "me")[0]
    line.run(row.event)
    found = cases.listing(database)
    assert len(found) == 1
    assert found[0].number in _text(database, row.event)


class _Broken:
    def current(self) -> Understanding:
        """Fails the first time, as a fault in the rules would."""
        self.calls = getattr(self, "calls", 0) + 1
        if self.calls == 1:
            raise ZeroDivisionError
        return self.real

    def __init__(self, real: Understanding) -> None:
        self.real = real


def test_never_silent_after_a_fault(database: Database) -> None:
    """A fault ends in an apology with a number, and in a case; nothing half done remains."""
    line = pipeline(database)
    line = dataclasses.replace(line, mind=_Broken(line.mind.current()))
    row = inbox.add(database, [said("質問です", channel="slack")], "me")[0]
    line.run(row.event)
    assert cases.listing(database)[0].number in _text(database, row.event)
    assert len(outbox.claim(database, "slack", "w", NOON, 10)) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_never_silent_whatever_is_said(sqlite_database: Database, text: str) -> None:
    """Every text gets a reply that can be read."""
    line = pipeline(sqlite_database)
    row = inbox.add(sqlite_database, [said(text)], "me")[0]
    line.run(row.event)
    assert _text(sqlite_database, row.event).strip()


@pytest.mark.parametrize("hostile", ["<!channel>", "<script>alert(1)</script>", "=1+1", "{{ facts }}", "{0}"])
def test_hostile_text_is_only_text(sqlite_database: Database, hostile: str) -> None:
    """Markup, templates and formulas mean nothing inside."""
    line = pipeline(sqlite_database)
    row = inbox.add(sqlite_database, [said(hostile)], "me")[0]
    line.run(row.event)
    log = messages.history(sqlite_database, "web", "c1", 0, 10)
    assert log[0].text == hostile


def test_input_limits_a_letter_is_asked_to_be_shorter(sqlite_database: Database) -> None:
    """A megabyte from any channel is answered in words that name its length and the limit."""
    line = pipeline(sqlite_database)
    row = inbox.add(sqlite_database, [said("あ" * 1_000_000, channel="slack")], "me")[0]
    line.run(row.event)
    assert "1000000" in _text(sqlite_database, row.event)
    assert "2000" in _text(sqlite_database, row.event)
