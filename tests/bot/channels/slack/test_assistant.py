"""The assistant's pane: a status while something is looked up, a title from the first question, and no fuss elsewhere."""

import time
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.slack.assistant import TITLE, in_thread, title_of
from intents.messages import Incoming, Opened, Said
from knowledge.model import Lang
from knowledge.wording import load_wording
from tests.bot.channels.slack.visitor import Visitor
from tests.kit import NOON

STATUS, NAME = "assistant.threads.setStatus", "assistant.threads.setTitle"
THREAD = {"channel_id": "D1", "thread_ts": "1.1"}
QUESTION = "認証までの手順は"


def _said(text: str = QUESTION, ts: str = "2.2") -> dict[str, str]:
    where = {"channel": "D1", "channel_type": "im", "thread_ts": "1.1"}
    return {"type": "message", "user": "U1", "text": text, "ts": ts} | where


def _calls(visitor: Visitor, method: str, count: int) -> list[dict[str, Any]]:
    for _ in range(300):
        if len(visitor.slack.called(method)) >= count:
            break
        time.sleep(0.01)
    return visitor.slack.called(method)


def _posted(visitor: Visitor, count: int) -> list[dict[str, Any]]:
    for _ in range(500):
        if len(visitor.slack.posted) >= count:
            break
        time.sleep(0.01)
    return visitor.slack.posted


def test_a_question_is_attended_and_the_thread_named_after_it(visitor: Visitor) -> None:
    """Once: what is asked later, or delivered again, does not rename it."""
    visitor.event(type="assistant_thread_started", assistant_thread={"user_id": "U1", "context": {}, "channel_id": "D1", "thread_ts": "1.1"})  # fmt: skip
    _posted(visitor, 1)
    visitor.event(**_said())
    (status,) = _calls(visitor, STATUS, 1)
    assert status == THREAD | {"status": load_wording().say("slack.status", Lang.JA)}
    (title,) = _calls(visitor, NAME, 1)
    assert title == THREAD | {"title": QUESTION}
    _posted(visitor, 2)
    visitor.event(**_said())
    visitor.event(**_said("ありがとう", "3.3"))
    assert len(_calls(visitor, STATUS, 2)) == 2
    _posted(visitor, 3)
    assert len(visitor.slack.called(NAME)) == 1
    assert len(visitor.slack.called(STATUS)) == 2


@pytest.mark.parametrize("fault", ["not_allowed_token_type", 500, 429])
def test_where_it_is_not_allowed_nothing_is_missed(visitor: Visitor, fault: str | int) -> None:
    """The answer comes all the same, and nothing is asked again."""
    visitor.slack.faults[STATUS].append(fault)
    visitor.event(**_said())
    assert len(_posted(visitor, 1)) == 1
    assert (len(visitor.slack.called(STATUS)), visitor.slack.called(NAME)) == (1, [])


def test_what_somebody_looks_at_meanwhile_is_none_of_our_business(visitor: Visitor) -> None:
    """Another channel in view is acknowledged, so that Slack does not tell it again."""
    thread = {"user_id": "U1", "context": {"channel_id": "C5"}, "channel_id": "D1", "thread_ts": "1.1"}
    visitor.event(type="assistant_thread_context_changed", assistant_thread=thread)
    assert (visitor.events, visitor.slack.calls) == (0, [])


def test_only_threads_of_direct_channels_are_attended() -> None:
    """In a channel others look on, and outside of a thread there is no pane."""
    there = Incoming("slack", "k", "c", "T1:U1", Said("?"), {"channel": "D1", "thread": "1.1"}, NOON)
    assert in_thread(there)
    assert not in_thread(replace(there, address={"channel": "D1"}))
    assert not in_thread(replace(there, address={"channel": "C1", "thread": "1.1", "user": "U1"}))
    assert not in_thread(replace(there, content=Opened()))


def test_a_title_is_one_short_line() -> None:
    """As much as a list shows."""
    assert title_of("  認証は？\nまず聞きたいのは") == "認証は？"
    assert (len(title_of("あ" * 100)), title_of("あ" * 100)[-1]) == (TITLE, "…")
    assert title_of(" \n") == ""
