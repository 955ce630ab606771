"""The way of a message on both engines: one effect, one reply, and never silence."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from bot.plain_text import plain_text
from intents.desk.case_records import Case
from intents.messages import Choices, Incoming, Opened, Pressed, Reply, ShowEntry
from intents.understanding.router import Understanding
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import inbox, messages, outbox
from storage.case_queue import newest
from storage.database import Database
from storage.tables import answer_given, message
from storage.tables import inbox as inbox_table
from storage.tables import outbox as outbox_table
from storage.tokens import mint
from storage.unit_of_work import Turn, turn
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
    choices = next(part for part in _reply(database, first.event).parts if isinstance(part, Choices))
    shown = next(part for part in _reply(database, second.event).parts if isinstance(part, Choices))
    expected = {
        entry.question.ja
        for entry in line.mind.current().edition.entries.values()
        if entry.category == "monitoring"
    }
    assert choices.options[1].label == "モニタリング"
    assert {option.label for option in shown.options} == expected


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


def _cases(database: Database) -> tuple[Case, ...]:
    with database.look() as connection:
        return newest(connection, 10)


def test_asking_for_a_person_opens_one_case(database: Database) -> None:
    """The receipt number that is said is the case that staff see."""
    line = pipeline(database)
    row = inbox.add(database, [said("担当者に代わってください")], "me")[0]
    line.run(row.event)
    found = _cases(database)
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
    assert _cases(database)[0].number in _text(database, row.event)
    assert len(outbox.claim(database, "slack", "w", NOON, 10)) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), max_size=200))
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


def test_a_double_press_is_one_case_with_the_question(database: Database) -> None:
    """The same button twice: one case, one number, and staff see what had been asked."""
    line = pipeline(database)
    asked = inbox.add(database, [said("プリンの固め方")], "me")[0]
    line.run(asked.event)
    offer = next(part for part in _reply(database, asked.event).parts if isinstance(part, Choices))
    presses = inbox.add(database, [event(Pressed(offer.options[0].token)) for _ in range(2)], "me")
    for row in presses:
        line.run(row.event)
    found = _cases(database)
    assert [one.summary for one in found] == ["プリンの固め方"]
    assert all(found[0].number in _text(database, row.event) for row in presses)


def test_the_question_behind_a_choice_is_kept(database: Database) -> None:
    """What somebody typed before choosing an entry is the best phrasing there is."""
    line = pipeline(database)
    mind = line.mind.current()
    with turn_of(database, said("手続のこと")) as work:
        token = work.tokens.issue(ShowEntry("certification-steps", "手続のこと"))
        work.tokens.keep()
    pressed = inbox.add(database, [event(Pressed(token))], "me")[0]
    line.run(pressed.event)
    assert "certification-steps" in mind.edition.entries
    with database.look() as connection:
        row = connection.execute(select(answer_given.c.asked, answer_given.c.entry)).one()
    assert tuple(row) == ("手続のこと", "certification-steps")


@contextmanager
def turn_of(database: Database, incoming: Incoming) -> Iterator[Turn]:
    """A turn of the same conversation, to issue tokens in."""
    row = inbox.add(database, [incoming], "me")[0]
    with turn(database, row.event, NOON) as work:
        assert work is not None
        work.recall(Lang.JA, "x", mint)
        yield work
    with database.begin() as connection:
        inbox.finish(connection, row.event)


def test_an_event_of_another_release_lets_the_others_through(database: Database) -> None:
    """What cannot be read is parked; what stands behind it in the same conversation is answered."""
    line = pipeline(database)
    bad, good = inbox.add(database, [said("壊れる"), said(QUESTION)], "me")
    with database.begin() as connection:
        connection.execute(
            update(inbox_table).where(inbox_table.c.id == bad.event).values(body={"kind": "?"})
        )
    line.run(bad.event)
    with database.look() as connection:
        assert connection.scalar(select(inbox_table.c.state).where(inbox_table.c.id == bad.event)) == "parked"
    assert inbox.claim(database, "w", NOON, 10) == [good.event]
    line.run(good.event)
    assert "モニタリング" in _text(database, good.event)


@pytest.mark.parametrize("poison", ["a\x00b", "a\ud800b"])
def test_words_that_no_database_takes_are_apologised_for(database: Database, poison: str) -> None:
    """Channels clean what is typed; should one forget, the turn ends in an apology and nobody waits behind it."""
    line = pipeline(database)
    row = inbox.add(database, [said(poison)], "me")[0]
    line.run(row.event)
    with database.look() as connection:
        assert connection.scalar(select(inbox_table.c.state)) in ("done", "parked")


def test_faults_are_logged_without_what_was_said(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """A statement that fails names itself, not the words of a person."""
    secret = "山田太郎 090-1234-5678"
    with pytest.raises(Exception, match="hidden") as caught, database.begin() as connection:
        connection.execute(
            insert(message),
            [{"text": secret, "author": "person" * 9, "conversation_id": 999, "event": 999, "at": NOON}],
        )
    assert secret not in str(caught.value)
