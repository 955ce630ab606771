"""The web chat, whole app: what is answered, what is refused and how, and that nothing is markup."""

import json
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from bot.channels.web.html import Html
from bot.channels.web.session import COOKIE, Sessions
from bot.wiring import House
from intents.messages import (
    Bullets,
    Choice,
    Choices,
    Facts,
    Heading,
    Link,
    Paragraph,
    Reply,
    SourceLine,
    Sources,
    Strong,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.messages import Logged
from tests.kit import NOON

JSON = {"content-type": "application/json"}
EVIL = "\"'><script>alert(1)</script>"


def _ask(client: TestClient, **fields: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post("/api/chat", content=json.dumps(fields), headers=JSON)
    return answer.status_code, answer.json()


def test_a_question_is_answered_with_its_source(client: TestClient) -> None:
    """Text, HTML and parts come back in one response."""
    status, body = _ask(client, text="認証までの手順は？")
    assert (status, body["pending"]) == (200, False)
    assert "認証委員会" in body["reply"]["text"]
    assert any(part["kind"] == "sources" and part["items"] for part in body["reply"]["parts"])


def test_a_button_can_be_pressed(client: TestClient) -> None:
    """The token of a choice leads on."""
    _, first = _ask(client, text="認証までの手順は？")
    offers = next(part for part in first["reply"]["parts"] if part["kind"] == "choices")
    status, body = _ask(client, action=offers["options"][1]["token"])
    assert status == 200
    assert body["reply"]["parts"][0]["kind"] == "heading"


def test_the_same_id_is_one_message(client: TestClient) -> None:
    """A client that sends again gets the first reply."""
    id_ = str(uuid4())
    (_, one), (_, other) = _ask(client, text="使い方", id=id_), _ask(client, text="使い方", id=id_)
    assert one["reply"]["id"] == other["reply"]["id"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ('{"text": ', 400, "body"),
        ("[" * 20000, 400, "body"),
        ("[]", 400, "body"),
        ('{"text": 1}', 400, "text"),
        ('{"text": "a", "action": "b"}', 400, "text"),
        ('{"question": "a"}', 400, "question"),
        ('{"text": "a", "id": "1"}', 400, "id"),
        ('{"text": "a", "lang": "fr"}', 400, "lang"),
        ('{"form": {}}', 400, "form"),
        ('{"text": " \\u0000 "}', 400, "text"),
        ('{"text": "a", "session": "forged"}', 404, "session"),
    ],
)
def test_wrong_input_names_the_field(client: TestClient, body: str, status: int, field: str) -> None:
    """Each refusal says which field and what to do."""
    answer = client.post("/api/chat", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert answer.json()["error"]["message"]


def test_input_limits_are_clear(client: TestClient) -> None:
    """A megabyte is refused unread, ten thousand emoji are refused by name, both in words."""
    large = client.post("/api/chat", content=json.dumps({"text": "あ" * 1_000_000}), headers=JSON)
    assert large.status_code == 413
    status, body = _ask(client, text="🍣" * 10_000, lang="en")
    assert (status, body["error"]["field"]) == (400, "text") or status == 413
    assert _ask(client, text="🍣" * 2000)[0] == 200


def test_input_limits_direction_marks_are_dropped(client: TestClient) -> None:
    """Control and direction characters never reach the log."""
    _ask(client, text="a\u202eb\x07c 質問")
    assert "abc 質問" in client.get("/").text


def test_web_session_is_bound_to_its_cookie(client: TestClient, house: House) -> None:
    """A genuine token of somebody else beside one's own cookie opens nothing."""
    client.get("/")
    other = Sessions(house.settings.secret.get_secret_value(), secure=False).new()
    assert _ask(client, text="使い方", session=other)[0] == 404
    assert len(client.cookies[COOKIE]) >= 43


def test_web_session_refuses_other_sites(client: TestClient) -> None:
    """A page elsewhere cannot speak in a visitor's name."""
    for headers in ({"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post("/api/chat", content='{"text": "a"}', headers=JSON | headers)
        assert answer.status_code == 403
    assert client.post("/api/chat", content="text=a").status_code == 415


def test_the_page_works_without_script(client: TestClient) -> None:
    """A plain form post is answered by the page itself, and a reload shows the conversation."""
    answer = client.post("/", data={"text": "認証までの手順は？"})
    assert answer.status_code == 200
    assert "認証委員会" in answer.text
    assert "認証委員会" in client.get("/").text


def test_template_escape_in_every_part() -> None:
    """Nothing that is said becomes markup, and no link runs a script."""
    line = (Text(EVIL), Strong(EVIL), Link(EVIL, "javascript:alert(1)"))
    parts = (
        Heading(EVIL),
        Paragraph(line),
        Bullets((line,)),
        Facts(((EVIL, line),)),
        Sources(EVIL, (SourceLine(1, EVIL, "javascript:alert(1)"),), EVIL),
        Choices(EVIL, (Choice(EVIL, EVIL),)),
    )
    html = Html(load_wording())
    shown = html.message(Logged(1, 1, "desk", NOON, reply=Reply(parts, Lang.JA)), Lang.JA)
    shown += html.message(Logged(2, 2, "person", NOON, text=EVIL), Lang.JA)
    assert "<script" not in shown
    assert "javascript:" not in shown
    assert "\"'>" not in shown


def test_health_ready_tells_what_is_wrong(client: TestClient, house: House) -> None:
    """Alive and ready differ: without an edition the process lives and is not ready."""
    assert client.get("/readyz").json() == {"status": "ok", "problems": []}
    with house.database.begin() as connection:
        connection.exec_driver_sql("delete from knowledge_edition")
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["problems"] == ["knowledge"]
