"""POST /api/chat: what it answers, what it refuses, and in which words."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from intents.messages import Lane, Pressed, Said
from knowledge.model import Lang
from tests.bot.channels.web.fake_desk import NOON, FakeDesk

JSON = {"content-type": "application/json"}


def ask(web: TestClient, **fields: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of one message."""
    answer = web.post("/api/chat", content=json.dumps(fields), headers=JSON)
    return answer.status_code, answer.json()


def test_an_answer_has_text_html_and_parts(web: TestClient) -> None:
    """One response is enough to show the reply anywhere."""
    status, body = ask(web, text="手順は？")
    assert (status, body["pending"], body["event"]) == (200, False, 1)
    assert {"id", "lang", "text", "html", "parts"} == set(body["reply"])
    assert body["reply"]["parts"][0]["kind"] == "heading"
    assert "1) 次の質問" in body["reply"]["text"]
    assert "<article" in body["reply"]["html"]


def test_the_event_carries_what_the_core_needs(web: TestClient, desk: FakeDesk) -> None:
    """Channel, key, conversation, content, time and lane reach the desk."""
    id_ = uuid4()
    ask(web, text=" 手順は？ ", id=str(id_), lang="en")
    (event,) = desk.received
    assert (event.channel, event.content, event.lang, event.lane) == (
        "web",
        Said("手順は？"),
        Lang.EN,
        Lane.FAST,
    )
    assert event.event_key == f"{event.conversation}:{id_.hex}"
    assert (event.person, event.received_at) == (event.conversation, NOON)
    assert dict(event.address) == {"conversation": event.conversation}


def test_a_button_is_a_token(web: TestClient, desk: FakeDesk) -> None:
    """Nothing but the token is passed on."""
    assert ask(web, action="next-1")[0] == 200
    assert desk.received[0].content == Pressed("next-1")


def test_the_same_id_is_one_message(web: TestClient, desk: FakeDesk) -> None:
    """A second sending gets the first reply."""
    id_ = str(uuid4())
    (_, one), (_, other) = ask(web, text="a", id=id_), ask(web, text="a", id=id_)
    assert one["reply"]["id"] == other["reply"]["id"]
    assert len(desk.received) == 1


def test_without_an_id_every_sending_is_new(web: TestClient, desk: FakeDesk) -> None:
    """The server makes the id that the sender left out."""
    ask(web, text="a")
    ask(web, text="a")
    assert len(desk.received) == 2
    assert UUID(desk.received[0].event_key.split(":")[1]).version == 4


def test_a_slow_answer_is_pending(web: TestClient, desk: FakeDesk) -> None:
    """The sender is told that the reply follows by the stream."""
    desk.slow = True
    status, body = ask(web, text="a")
    assert (status, body["pending"], "reply" in body) == (202, True, False)


def test_a_store_that_is_down_asks_to_come_back(web: TestClient, desk: FakeDesk) -> None:
    """503 says when to try again."""
    desk.down = True
    answer = web.post("/api/chat", content='{"text": "a"}', headers=JSON)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"text": ', "body"),
        ("", "body"),
        ("[" * 60_000, "body"),
        ('{"text": "a", "form": ' + "[" * 30_000, "body"),
        ("[]", "body"),
        ("\\xff", "body"),
        ('{"text": 1}', "text"),
        ('{"text": null}', "text"),
        ("{}", "text"),
        ('{"text": "a", "action": "b"}', "text"),
        ('{"text": ""}', "text"),
        ('{"action": ""}', "action"),
        ('{"action": "\\ud800"}', "action"),
        ('{"question": "a"}', "question"),
        ('{"\\ud800": "a"}', "?"),
        ('{"text": "a", "id": "1"}', "id"),
        ('{"text": "a", "lang": "fr"}', "lang"),
        ('{"text": "a", "lang": ["ja"]}', "lang"),
        ('{"form": {}}', "form"),
    ],
)
def test_wrong_input_names_the_field(web: TestClient, desk: FakeDesk, body: str, field: str) -> None:
    """Every refusal names the field, says what to do, and nothing reaches the desk."""
    answer = web.post("/api/chat", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert len(answer.json()["error"]["message"]) > 10
    assert not desk.received


@pytest.mark.parametrize(
    ("fields", "headers", "english"),
    [
        ({}, {}, False),
        ({}, {"accept-language": "en-GB,en;q=0.9"}, True),
        ({"lang": "ja"}, {"accept-language": "en-GB"}, False),
        ({"lang": "en"}, {"accept-language": "ja"}, True),
    ],
)
def test_refusals_speak_the_persons_language(
    web: TestClient, fields: dict[str, str], headers: dict[str, str], english: bool
) -> None:
    """The field comes before the browser's wish, and Japanese is what remains."""
    answer = web.post("/api/chat", content=json.dumps({**fields, "text": " "}), headers=JSON | headers)
    assert ("empty" in answer.json()["error"]["message"]) is english


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_types_are_refused(web: TestClient, kind: str) -> None:
    """What a foreign form can send without asking is not taken."""
    assert web.post("/api/chat", content='{"text": "a"}', headers={"content-type": kind}).status_code == 415


def test_the_type_may_name_its_letters(web: TestClient) -> None:
    """A charset and capitals do no harm."""
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert web.post("/api/chat", content='{"text": "a"}', headers=headers).status_code == 200


def test_openapi_describes_the_interface(web: TestClient) -> None:
    """The document names both addresses and resolves every reference in it."""
    document = web.get("/openapi.json").json()
    assert set(document["paths"]) == {"/api/chat", "/api/chat/stream"}
    named = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert named <= set(document["components"]["schemas"])


def test_input_limits_a_megabyte_is_refused_unread(web: TestClient, desk: FakeDesk) -> None:
    """413 names the limit."""
    status, body = ask(web, text="a" * 1_000_000)
    assert status == 413
    assert "64" in body["error"]["message"]
    assert not desk.received


def test_input_limits_ten_thousand_emoji(web: TestClient) -> None:
    """Too long by letters, not by bytes: the limit is named, and two thousand emoji pass."""
    answer = web.post(
        "/api/chat", content=json.dumps({"text": "🍣" * 10_000}, ensure_ascii=False), headers=JSON
    )
    assert answer.status_code == 400
    assert "2000" in answer.json()["error"]["message"]
    assert ask(web, text="🍣" * 2000)[0] == 200
    assert ask(web, text="🍣" * 2001)[0] == 400


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x07c\x7f\x9f", "abc"),
        ("一行\r\n二行\t三", "一行\n二行\t三"),
        ("a\u202eb\u2066c\u200fd\ufeff", "abcd"),
        ("片\ud83d割れ", "片?割れ"),
    ],
)
def test_input_limits_control_and_rtl_marks_are_dropped(
    web: TestClient, desk: FakeDesk, text: str, kept: str
) -> None:
    """Only newline and tab survive of what cannot be seen."""
    assert ask(web, text=text)[0] == 200
    assert desk.received[0].content == Said(kept)


def test_input_limits_nothing_visible_is_empty(web: TestClient) -> None:
    """A text of control characters is refused as empty."""
    status, body = ask(web, text="\x00\u202e \n")
    assert (status, body["error"]["field"]) == (400, "text")
