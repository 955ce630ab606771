"""Slack's door, whole app, signed requests: what is genuine is stored once, the rest leaves no trace."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select
from starlette.testclient import TestClient

from bot.wiring import House
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
