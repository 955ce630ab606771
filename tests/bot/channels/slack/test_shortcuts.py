"""The shortcut on a message: the consultation begins with its text, whoever wrote it stays out of it."""

import asyncio
import json
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.channels.slack.shortcuts import LONGEST, about, from_shortcut
from bot.connect import slack_of
from intents.messages import Called
from tests.bot.channels.slack.visitor import View, Visitor, blocks_of, echoed, form_button
from tests.kit import NOON

TEXT = "<@U7|sato> ボイラーを木質に替えたい &amp; クレジットにしたい <mailto:sato@example.jp|sato@example.jp> <tel:0312345678|03-1234-5678>"
PLAIN = "ボイラーを木質に替えたい & クレジットにしたい"


def _shortcut(**changes: Any) -> View:
    message = {"type": "message", "user": "U7", "username": "佐藤", "text": TEXT, "ts": "5.5"}
    whole = {
        "type": "message_action",
        "callback_id": "consult",
        "trigger_id": "s1",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C9", "name": "general"},
        "message": message,
        "response_url": "https://hooks.example/1",
    }
    return whole | changes


def _use(visitor: Visitor, **changes: Any) -> None:
    visitor.payload(_shortcut(response_url=f"{visitor.slack.url}respond", **changes))


def _text(found: object) -> str:
    return json.dumps(found, ensure_ascii=False)


def test_the_dialog_opens_over_whatever_is_read(visitor: Visitor) -> None:
    """With what was written as the subject, and nothing of who wrote it; nothing is said anywhere else."""
    _use(visitor)
    view = echoed(visitor.slack.called("views.open")[-1]["view"])
    assert PLAIN.replace("&", "&amp;") in _text(view["blocks"])
    assert not any(one in _text(view) for one in ("U7", "sato", "佐藤", "0312345678", "03-1234-5678"))
    assert "field:about" not in [block.get("block_id") for block in view["blocks"]]
    assert [(letter.state, letter.reference) for letter in visitor.letters] == [("sent", "direct")]


def test_what_follows_is_said_to_the_person(visitor: Visitor) -> None:
    """The desk need not be where the message stands: an expired trigger brings the dialog into the direct channel."""
    visitor.slack.faults["views.open"].append("expired_trigger_id")
    _use(visitor)
    (letter,) = visitor.letters
    assert letter.address == {"channel": "D1"}
    assert form_button(blocks_of(letter))
    assert "field:about" not in _text(visitor.open(visitor.say("?"))["blocks"])


def test_where_no_direct_channel_opens_it_is_whispered(visitor: Visitor) -> None:
    """Only they see it, in the channel where they used the shortcut."""
    visitor.slack.faults["conversations.open"].append("missing_scope")
    visitor.slack.faults["views.open"].append("expired_trigger_id")
    _use(visitor)
    (letter,) = visitor.letters
    assert (letter.address["channel"], letter.address["user"]) == ("C9", "U1")
    assert letter.address["response_url"]


@pytest.mark.parametrize("changes", [{"callback_id": "of_another_version"}, {"type": "shortcut"}])
def test_other_shortcuts_do_nothing(visitor: Visitor, changes: dict[str, str]) -> None:
    """They are acknowledged, so that Slack shows no error."""
    _use(visitor, **changes)
    assert (visitor.events, visitor.slack.calls) == (0, [])


def test_a_shortcut_without_what_it_needs_is_acknowledged(visitor: Visitor) -> None:
    """Sending it again would not help."""
    body = _shortcut()
    del body["channel"]
    visitor.payload(body)
    assert visitor.events == 0


def test_a_socket_brings_the_same(visitor: Visitor) -> None:
    """Socket Mode hands the same payload on, without a signature."""
    slack = slack_of(visitor.house)
    assert slack
    request = AsyncBoltRequest(body=_shortcut(), mode="socket_mode")
    answer = asyncio.run(slack.app.async_dispatch(request))
    assert (answer.status, visitor.events) == (200, 1)


def test_a_message_without_a_text_begins_empty() -> None:
    """As one that holds a picture only."""
    incoming = from_shortcut(_shortcut(message={"ts": "5.5"}), NOON, frozenset())
    assert incoming.content == Called("consultation.start")


def test_a_long_message_is_cut_to_what_the_dialog_takes() -> None:
    """Rather than refused."""
    cut = about("あ" * (LONGEST + 1))
    assert (len(cut), cut[-1]) == (LONGEST, "…")
