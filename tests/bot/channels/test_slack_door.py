"""Slack's door, whole app, signed requests: what is genuine is stored once, the rest leaves no trace."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select
from starlette.testclient import TestClient

from bot.channels.slack.blocks import messages
from bot.server import application
from bot.settings import Settings
from bot.wiring import House, build, prepare
from knowledge.wording import load_wording
from storage.codec import unpack_reply
from storage.tables import inbox, outbox
from tests.bot.conftest import SIGNING_SECRET


def _event(**changes: Any) -> dict[str, Any]:
    event = {
        "type": "message",
        "channel_type": "im",
        "user": "U1",
        "text": "認証までの手順は",
        "ts": "1.1",
        "channel": "D1",
    }
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "E1",
        "event": event | changes,
    }


def _headers(
    body: str, *, secret: str = SIGNING_SECRET, age: int = 0, kind: str = "application/json"
) -> dict[str, str]:
    stamp = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    assert signature is not None
    return {"content-type": kind, "x-slack-signature": signature, "x-slack-request-timestamp": stamp}


def _post(client: TestClient, payload: dict[str, Any]) -> int:
    body = json.dumps(payload)
    return int(client.post("/slack/events", content=body, headers=_headers(body)).status_code)


def _rows(house: House) -> tuple[int, int]:
    with house.database.look() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in (inbox, outbox)
        ]
    return counts[0], counts[1]


def _answered(house: House, count: int) -> bool:
    for _ in range(200):
        if _rows(house) == (count, count):
            return True
        time.sleep(0.02)
    return False


def test_a_direct_message_is_stored_and_answered(client: TestClient, house: House) -> None:
    """Acknowledged with 200, answered by a letter in the outbox."""
    assert _post(client, _event()) == 200
    assert _answered(house, 1)


@pytest.mark.parametrize("spoilt", ["body", "secret", "no signature", "no timestamp"])
def test_slack_signature_refuses_and_stores_nothing(client: TestClient, house: House, spoilt: str) -> None:
    """One byte, another secret or a missing header: 401, zero rows, zero sends."""
    body = json.dumps(_event())
    headers = _headers(body, secret="other" if spoilt == "secret" else SIGNING_SECRET)
    if spoilt == "no signature":
        del headers["x-slack-signature"]
    if spoilt == "no timestamp":
        del headers["x-slack-request-timestamp"]
    sent = body.replace("U1", "U2") if spoilt == "body" else body
    assert client.post("/slack/events", content=sent, headers=headers).status_code == 401
    assert _rows(house) == (0, 0)


@pytest.mark.parametrize("age", [301, -302])
def test_slack_replay_refuses_old_and_future_stamps(client: TestClient, house: House, age: int) -> None:
    """A valid signature outside the window of five minutes: 401, nothing stored."""
    body = json.dumps(_event())
    assert client.post("/slack/events", content=body, headers=_headers(body, age=age)).status_code == 401
    assert _rows(house) == (0, 0)


def test_slack_replay_inside_the_window_is_one_effect(client: TestClient, house: House) -> None:
    """The same valid request twice, and the same mention under two event types: one row, one letter."""
    mention = _event(type="app_mention", channel="C1", channel_type="channel", text="<@U0> 認証までの手順は")
    twin = _event(type="message", channel="C1", channel_type="channel", text="<@U0> 認証までの手順は")
    for payload in (mention, mention, twin | {"event_id": "E2"}):
        assert _post(client, payload) == 200
    assert _answered(house, 1)


def test_talk_that_is_not_ours_is_left_alone(client: TestClient, house: House) -> None:
    """Other people's threads, other bots and edits get no answer."""
    for changes in (
        {"channel_type": "channel", "thread_ts": "0.9"},
        {"bot_id": "B9"},
        {"subtype": "message_changed"},
    ):
        assert _post(client, _event(**changes)) == 200
    assert _rows(house) == (0, 0)


def test_a_slash_command_is_answered_in_the_response(client: TestClient, house: House) -> None:
    """The reply is the HTTP answer, for the asker only, and nothing is left in the outbox."""
    fields = {"command": "/jdesk", "text": "認証までの手順は", "team_id": "T1", "user_id": "U1", "channel_id": "C1", "trigger_id": "t1", "token": "x"}  # fmt: skip
    body = urlencode(fields)
    headers = _headers(body, kind="application/x-www-form-urlencoded")
    answer = client.post("/slack/events", content=body, headers=headers)
    said = answer.json()
    assert (answer.status_code, said["response_type"]) == (200, "ephemeral")
    assert "認証委員会" in said["text"]
    with house.database.look() as connection:
        assert connection.scalar(select(outbox.c.state)) == "sent"


HOSTILE = {
    "control characters": "認証\x00まで\x1bの\u202e手順は",
    "emoji": "🍣" * 10_000,
    "a megabyte": "あ" * 350_000,
    "everybody": "<!channel> <!here> <@U1> 認証までの手順は",
    "script": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://evil.test")',
    "template": "{{ facts.x }} {% raw %}",
    "blank": " \u3000\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_input_limits_on_slack(client: TestClient, house: House, name: str) -> None:
    """Each is acknowledged in a second and ends in one letter that holds nothing of it as markup."""
    start = time.perf_counter()
    assert _post(client, _event(text=HOSTILE[name])) == 200
    assert time.perf_counter() - start < 1
    assert _answered(house, 1)
    with house.database.look() as connection:
        body = unpack_reply(connection.scalar(select(outbox.c.body)))
    said = json.dumps(messages(body, load_wording()), ensure_ascii=False)
    assert "<!" not in said
    assert "<script" not in said


@pytest.mark.parametrize(
    "body", ['{"type": "event_callback", ', "[]", '{"type": "event_callback"}', "payload=%7B", '"x"']
)
def test_a_broken_body_with_a_good_signature_is_refused(client: TestClient, house: House, body: str) -> None:
    """No trace is left, and Slack is not told to come again with what can never be read."""
    answer = client.post("/slack/events", content=body, headers=_headers(body))
    assert answer.status_code in (200, 400, 404)
    assert _rows(house) == (0, 0)


def test_an_assistant_thread_is_greeted(client: TestClient, house: House) -> None:
    """Opening the pane stores one event whose letter asks for suggestions."""
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "1.1", "context": {}}
    payload = _event() | {"event": {"type": "assistant_thread_started", "assistant_thread": thread}}
    assert (_post(client, payload), _post(client, payload)) == (200, 200)
    assert _answered(house, 1)
    with house.database.look() as connection:
        address = connection.scalar(select(outbox.c.address))
    assert address == {"channel": "D1", "thread": "1.1", "assistant": "U1"}


def test_a_store_that_is_down_makes_slack_come_again(house: House) -> None:
    """503, so that the event is not lost; the next delivery is taken."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with house.database.begin():
            held.set()
            done.wait(10)

    with TestClient(application(house, worker=True)) as client:
        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        assert _post(client, _event()) == 503
        done.set()
        thread.join()
        assert _post(client, _event()) == 200
        assert _answered(house, 1)


def _press(client: TestClient, **changes: Any) -> int:
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "trigger_id": "p1",
        "actions": [{"action_id": "press:x", "value": "x", "action_ts": "1.0"}],
    }
    body = urlencode({"payload": json.dumps(payload | changes)})
    headers = _headers(body, kind="application/x-www-form-urlencoded")
    return int(client.post("/slack/events", content=body, headers=headers).status_code)


def _command(client: TestClient, text: str) -> dict[str, Any]:
    fields = {"command": "/jdesk", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1", "trigger_id": text, "token": "x", "response_url": "http://127.0.0.1:9/r"}  # fmt: skip
    body = urlencode(fields)
    headers = _headers(body, kind="application/x-www-form-urlencoded")
    found: dict[str, Any] = client.post("/slack/events", content=body, headers=headers).json()
    return found


def test_a_button_of_a_slash_answer_works_for_its_asker(client: TestClient, house: House) -> None:
    """It belongs to the command's conversation, and what it brings is for its asker only."""
    said = _command(client, "認証までの手順は")
    buttons = [
        element for block in said["blocks"] if block["type"] == "actions" for element in block["elements"]
    ]
    action = {"action_id": buttons[1]["action_id"], "value": buttons[1]["value"], "action_ts": "2.0"}
    container = {"type": "message", "is_ephemeral": True}
    assert _press(client, actions=[action], container=container, response_url="http://127.0.0.1:9/p") == 200
    assert _answered(house, 2)
    with house.database.look() as connection:
        row = connection.execute(select(outbox).order_by(outbox.c.id.desc()).limit(1)).one()
    assert row.address["response_url"] == "http://127.0.0.1:9/p"
    assert "期限が切れた" not in json.dumps(row.body, ensure_ascii=False)


def test_a_follow_up_before_the_first_answer_is_ours(house: House) -> None:
    """A thread belongs to us from the moment its first message is stored, not answered."""
    with TestClient(application(house, worker=False)) as client:
        mention = {"channel": "C1", "channel_type": "channel"}
        assert _post(client, _event(type="app_mention", text="<@U0> 認証", ts="1.1", **mention)) == 200
        assert _post(client, _event(text="急いでいます", ts="1.2", thread_ts="1.1", **mention)) == 200
    assert _rows(house)[0] == 2


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_a_message_with_a_file_is_a_message(client: TestClient, house: House, subtype: str) -> None:
    """What a person wrote beside a file is answered."""
    assert _post(client, _event(subtype=subtype)) == 200
    assert _answered(house, 1)


def test_somebody_s_thread_under_our_message_keeps_its_buttons(client: TestClient, house: House) -> None:
    """A root that has replies carries its own time as thread; the button is still the channel's."""
    assert _post(client, _event(text="使い方")) == 200
    assert _answered(house, 1)
    with house.database.look() as connection:
        body = unpack_reply(connection.scalar(select(outbox.c.body)))
    page = messages(body, load_wording())[0]
    button = next(block for block in page["blocks"] if block["type"] == "actions")["elements"][0]
    action = {"action_id": button["action_id"], "value": button["value"], "action_ts": "3.0"}
    message = {"ts": "5.5", "thread_ts": "5.5"}
    assert _press(client, actions=[action], channel={"id": "D1"}, message=message) == 200
    assert _answered(house, 2)
    with house.database.look() as connection:
        row = connection.execute(select(outbox).order_by(outbox.c.id.desc()).limit(1)).one()
    assert row.address == {"channel": "D1"}
    assert "期限が切れた" not in json.dumps(row.body, ensure_ascii=False)


@pytest.mark.parametrize(
    ("stamp", "signature"), [("abc", "v0=x"), ("１２３", "v0=x"), ("", ""), ("1", "v0=é")]
)
def test_slack_signature_of_no_form_is_401(
    client: TestClient, house: House, stamp: str, signature: str
) -> None:
    """Malformed headers are a refusal, not a fault of ours."""
    headers = {"content-type": "text/plain", "x-slack-request-timestamp": stamp.encode(), "x-slack-signature": signature.encode()}  # fmt: skip
    answer = client.post("/slack/events", content="{broken", headers=headers)
    assert answer.status_code == 401
    assert _rows(house) == (0, 0)


def test_input_limits_a_stranger_s_flood_is_not_read(client: TestClient, house: House) -> None:
    """More than Slack ever sends is refused before it is held in memory."""
    read: list[int] = []

    def flood() -> Iterator[bytes]:
        for _ in range(40):
            read.append(1)
            yield b"x" * 1024 * 1024

    assert client.post("/slack/events", content=flood()).status_code == 413
    assert _rows(house) == (0, 0)


def test_without_a_signing_secret_there_is_no_door(tmp_path: Path) -> None:
    """In Socket Mode the address does not exist."""
    settings = Settings(
        data_dir=tmp_path,
        secret=SecretStr("s" * 40),
        slack_bot_token=SecretStr("xoxb-test"),
        slack_api_url="http://127.0.0.1:9/api/",
    )
    prepare(settings)
    with TestClient(application(build(settings), worker=False)) as client:
        assert client.post("/slack/events", content="{}").status_code == 404
