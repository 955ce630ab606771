"""Forms through the whole app: opened, corrected, checked, submitted once; and what happens when Slack will not."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from intents.messages import Incoming, Lane, Opened
from storage import inbox
from tests.bot.channels.slack.visitor import View, Visitor, blocks_of, echoed, form_button

START = "相談を申し込みたい"
FIRST = {
    "consent": "yes",
    "stage": "stage_plan",
    "prefecture": "saitama",
    "organisation": "試験工業株式会社",
    "industry": "make",
    "about": "ボイラーの更新について",
    "meeting": "way_online",
    "name": "山田 太郎",
    "mail": "taro@example.jp",
}


def _names(view: View) -> list[str]:
    return [block["block_id"].partition(":")[2] for block in view["blocks"] if block["type"] == "input"]


def _options(view: View, name: str) -> list[str]:
    block = next(one for one in view["blocks"] if one.get("block_id", "").endswith(f":{name}"))
    return [option["value"] for option in block["element"]["options"]]


def _first(view: View, **changes: str) -> dict[str, str]:
    """The answers to the first view, whatever its options are called."""
    chosen = {name: _options(view, name)[0] for name in ("stage", "prefecture", "industry", "meeting")}
    return FIRST | chosen | changes


def _checked(visitor: Visitor, view: View) -> View:
    """Fills everything in and gives the view with the answers to check."""
    answer = visitor.submit(view, _first(view))
    if "wishes" in _names(answer["view"]):
        answer = visitor.submit(echoed(answer["view"]), {"wishes": "12月10日の午後"})
    check = echoed(answer["view"])
    assert check["callback_id"] == "check", answer
    return check


def test_a_form_is_opened_and_said_nowhere_else(visitor: Visitor) -> None:
    """The modal holds every open field; the letter of the same reply is settled."""
    view = visitor.open(visitor.say(START))
    assert {"consent", "stage", "about", "mail", "phone"} <= set(_names(view))
    assert [letter.state for letter in visitor.letters][-1] == "sent"
    assert len(visitor.slack.called("views.open")) == 1


@pytest.mark.parametrize("fault", ["expired_trigger_id", 500])
def test_a_form_that_slack_does_not_open_is_asked_in_the_conversation(
    visitor: Visitor, fault: int | str
) -> None:
    """An expired trigger or an outage: the question and the button wait in the outbox."""
    blocks = visitor.say(START)
    visitor.slack.faults["views.open"].append(fault)
    visitor.press(form_button(blocks))
    letter = visitor.letters[-1]
    assert (letter.reference == "direct", letter.address) == (False, {"channel": "D1"})
    assert form_button(blocks_of(letter))


def test_errors_stand_below_their_fields(visitor: Visitor) -> None:
    """In our words, and the right answers are kept."""
    blocks = visitor.say(START)
    visitor.submit(view := visitor.open(blocks), _first(view))
    view = visitor.open(visitor.say("使い方"))
    assert _names(view) == ["wishes"]
    answer = visitor.submit(view, {"wishes": "いつでもよくない"})
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["field:wishes"]
    assert [letter.state for letter in visitor.letters][-1] == "sent"


def test_a_consultation_is_asked_for_in_one_modal(visitor: Visitor) -> None:
    """Fields, further questions, the check, and the receipt in the conversation."""
    view = visitor.open(visitor.say(START))
    check = _checked(visitor, view)
    assert "試験工業株式会社" in json.dumps(check["blocks"], ensure_ascii=False)
    assert visitor.submit(check) == {"response_action": "clear"}
    receipt = next(letter for letter in visitor.letters[::-1] if letter.channel == "slack")
    assert receipt.address == {"channel": "D1"}
    assert "受け付けました" in json.dumps(blocks_of(receipt), ensure_ascii=False)


def test_from_the_check_back_to_the_fields(visitor: Visitor) -> None:
    """The same modal shows every field with its answer; what is changed is checked anew."""
    check = _checked(visitor, visitor.open(visitor.say(START)))
    visitor.press(form_button(check["blocks"]), view=check)
    update = visitor.slack.called("views.update")[-1]
    assert (update["view_id"], update["hash"]) == ("V1", "h1")
    change = echoed(update["view"])
    answer = visitor.submit(change, {"organisation": "別の会社"})
    assert answer["view"]["callback_id"] == "check"
    assert "別の会社" in json.dumps(answer["view"], ensure_ascii=False)
    back = visitor.submit(echoed(answer["view"]))
    assert back == {"response_action": "clear"}


def test_the_same_answers_after_a_change_are_a_new_event(visitor: Visitor) -> None:
    """There, away and back again: what is checked is what will be submitted."""
    check = _checked(visitor, visitor.open(visitor.say(START)))
    for name in ("別の会社", "試験工業株式会社"):
        visitor.press(form_button(check["blocks"]), view=check)
        change = echoed(visitor.slack.called("views.update")[-1]["view"])
        check = echoed(visitor.submit(change, {"organisation": name})["view"])
        assert name in json.dumps(check["blocks"], ensure_ascii=False)


def _twice(
    visitor: Visitor, view: View, filled: dict[str, str] | None = None, *, as_two: bool = False
) -> list[Any]:
    views = [view, view | {"id": "V2"} if as_two else view]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: visitor.submit(one, filled), views))


def _receipts(visitor: Visitor) -> int:
    said = [blocks_of(letter) for letter in visitor.letters if letter.channel == "slack"]
    return sum("受け付けました" in json.dumps(blocks, ensure_ascii=False) for blocks in said)


def test_double_submit_is_one_event_and_one_receipt(visitor: Visitor) -> None:
    """At the same moment: both hear the same, one case is opened, one receipt is said."""
    view = visitor.open(visitor.say(START))
    events = visitor.events
    first, second = _twice(visitor, view, _first(view))
    assert first == second
    check = _checked(visitor, view)
    assert _twice(visitor, check) == [{"response_action": "clear"}] * 2
    assert (visitor.events, _receipts(visitor)) == (events + 3, 1)


def test_double_submit_under_two_keys_is_two(visitor: Visitor) -> None:
    """The twin: without the common key both are events, and the receipt is said twice, though of one case."""
    check = _checked(visitor, visitor.open(visitor.say(START)))
    events = visitor.events
    _twice(visitor, check, as_two=True)
    assert (visitor.events, _receipts(visitor)) == (events + 2, 2)


def test_a_thread_keeps_its_dialog(visitor: Visitor) -> None:
    """Buttons, modal and receipt stay in the thread where it began."""
    visitor.channel, visitor.thread = "C1", "7.7"
    check = _checked(visitor, visitor.open(visitor.say(f"<@U0> {START}")))
    visitor.submit(check)
    spoken = [letter.address for letter in visitor.letters if letter.channel == "slack"]
    assert {(address["channel"], address["thread"]) for address in spoken} == {("C1", "7.7")}
    assert json.loads(check["private_metadata"])["conversation"] == "T1:C1:7.7"


def test_a_command_s_answer_opens_its_form(visitor: Visitor) -> None:
    """Its receipt is for the asker only, by the newest way back."""
    way = f"{visitor.slack.url}newest"
    more = {"container": {"type": "message", "is_ephemeral": True}, "response_url": way}
    visitor.channel = "C1"
    view = visitor.open(visitor.command(START), **more)
    visitor.submit(_checked(visitor, view))
    receipt = next(letter for letter in visitor.letters[::-1] if letter.channel == "slack")
    assert receipt.address == {"channel": "C1", "user": "U1", "response_url": way}


def test_text_goes_on_where_the_modal_stopped(visitor: Visitor) -> None:
    """And the modal where the text stopped: it is one dialog."""
    blocks = visitor.say(START)
    said = json.dumps(visitor.say("はい"), ensure_ascii=False)
    assert "いまの段階" in said
    view = visitor.open(blocks)
    assert "consent" not in _names(view)
    answer = visitor.submit(view, _first(view))
    assert _names(answer["view"]) == ["wishes"]
    said = json.dumps(visitor.say("12月10日の午後"), ensure_ascii=False)
    assert "この内容で送る" in said


def test_what_takes_too_long_is_closed_and_stored(visitor: Visitor) -> None:
    """Something else of the conversation is still in hand: Slack is answered in time, the event is kept."""
    view = visitor.open(visitor.say(START))
    where = json.loads(view["private_metadata"])
    opened = Incoming(
        "slack", "k", where["conversation"], "T1:U2", Opened(), {}, visitor.house.clock(), lane=Lane.FAST
    )
    inbox.add(visitor.house.database, [opened], "another process")
    start, events = time.perf_counter(), visitor.events
    assert visitor.submit(view, _first(view)) == {"response_action": "clear"}
    assert time.perf_counter() - start < 2.9
    assert visitor.events == events + 1


def test_a_stranger_s_token_gets_nothing(visitor: Visitor) -> None:
    """A modal whose metadata names another conversation finds no such form there."""
    view = visitor.open(visitor.say(START))
    kept = json.loads(view["private_metadata"]) | {"conversation": "T1:D9", "address": {"channel": "D9"}}
    assert visitor.submit(view | {"private_metadata": json.dumps(kept)}, _first(view)) == {
        "response_action": "clear"
    }
    assert "期限が切れた" in json.dumps(blocks_of(visitor.letters[-1]), ensure_ascii=False)


@pytest.mark.parametrize("metadata", ["", "[]", "{}", '{"conversation": "c", "address": "x", "token": "t"}'])
def test_a_modal_that_is_not_ours_leaves_no_trace(visitor: Visitor, metadata: str) -> None:
    """It is acknowledged, as sending it again would not help."""
    view = {"id": "V1", "type": "modal", "callback_id": "form", "private_metadata": metadata, "blocks": []}
    assert visitor.submit(view) is None
    assert visitor.events == 0
