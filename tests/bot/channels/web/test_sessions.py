"""Who may open which conversation."""

import hashlib
import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.web.app import routes
from bot.channels.web.session import COOKIE, Sessions
from knowledge.wording import load_wording
from tests.bot.channels.web.fake_desk import FakeDesk, clock

JSON = {"content-type": "application/json"}


def _post(web: TestClient, body: dict[str, str], cookie: str | None = None) -> int:
    web.cookies.clear()
    headers = JSON | ({"cookie": f"{COOKIE}={cookie}"} if cookie else {})
    answer: int = web.post("/api/chat", content=json.dumps(body), headers=headers).status_code
    return answer


def test_web_session_key_is_not_the_token(sessions: Sessions) -> None:
    """The conversation is a hash of the random part; 256 bits stand behind it."""
    token = sessions.new()
    key = sessions.conversation(token)
    assert key == hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest()
    assert len(token.rpartition(".")[0]) == 43


@pytest.mark.parametrize("token", ["", "x", "a.b", "\ud800", "é.é"])
def test_web_session_forged_token_opens_nothing(web: TestClient, sessions: Sessions, token: str) -> None:
    """A token without our signature is 404, never a fault."""
    assert sessions.conversation(token) is None
    assert _post(web, {"text": "a", "session": token}) == 404


def test_web_session_forged_cookie_opens_nothing(web: TestClient) -> None:
    """Nor does a made-up cookie speak to the desk."""
    assert _post(web, {"text": "a"}, cookie="forged") == 404


def test_web_session_other_secret_opens_nothing(web: TestClient) -> None:
    """A token of another desk is not genuine here."""
    assert _post(web, {"text": "a", "session": Sessions("t" * 40, False).new()}) == 404


def test_web_session_cookie_and_field_must_agree(web: TestClient, sessions: Sessions) -> None:
    """Two genuine tokens that differ open nothing; the same one twice is fine."""
    mine, other = sessions.new(), sessions.new()
    assert _post(web, {"text": "a", "session": other}, cookie=mine) == 404
    assert _post(web, {"text": "a", "session": mine}, cookie=mine) == 200
    assert _post(web, {"text": "a", "session": mine}) == 200


def test_web_session_is_made_and_kept(web: TestClient, sessions: Sessions, desk: FakeDesk) -> None:
    """A first message without a session gets one, and the cookie continues it."""
    first = web.post("/api/chat", content='{"text": "a"}', headers=JSON)
    assert sessions.conversation(first.json()["session"])
    web.post("/api/chat", content='{"text": "b"}', headers=JSON)
    assert len({event.conversation for event in desk.received}) == 1


@pytest.mark.parametrize("secure", [True, False])
def test_web_session_cookie_is_hidden_and_lasts(secure: bool) -> None:
    """HttpOnly, same site, whole path, thirty days, and Secure where there is https."""
    chat = routes(FakeDesk(), Sessions("s" * 40, secure), load_wording(), clock)
    cookie = TestClient(Starlette(routes=chat)).get("/").headers.get_list("set-cookie")[0].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/", "max-age=2592000"))
    assert ("secure" in cookie) is secure


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "http://testserver"}, 200),
        ({"sec-fetch-site": "none"}, 200),
    ],
)
@pytest.mark.parametrize("path", ["/api/chat", "/"])
def test_web_session_refuses_other_sites(
    web: TestClient, path: str, headers: dict[str, str], status: int
) -> None:
    """No page elsewhere speaks in a visitor's name, by script or by form."""
    body = '{"text": "a"}' if path != "/" else "text=a"
    kind = JSON if path != "/" else {"content-type": "application/x-www-form-urlencoded"}
    assert web.post(path, content=body, headers=kind | headers).status_code == status


def test_web_session_lost_secret_begins_anew_on_the_page(web: TestClient) -> None:
    """The page does not lock a visitor out whose old cookie no longer counts."""
    answer = web.get("/", headers={"cookie": f"{COOKIE}=old"})
    assert answer.status_code == 200
    assert COOKIE in answer.headers["set-cookie"]
