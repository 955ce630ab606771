"""The stream: order, resuming, keeping alive, and letting go."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.channels.web.session import Sessions
from bot.channels.web.stream import events, frame
from storage.messages import Logged
from tests.bot.channels.web.fake_desk import NOON

JSON = {"content-type": "application/json"}


def _messages(stream: str) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]


def _say(web: TestClient, text: str) -> None:
    web.post("/api/chat", content=json.dumps({"text": text}), headers=JSON)


def test_the_stream_carries_both_sides_in_order(web: TestClient) -> None:
    """Each event has its id, and its data what a page or a script shows."""
    _say(web, "a")
    stream = web.get("/api/chat/stream")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert (stream.headers["cache-control"], stream.headers["x-accel-buffering"]) == ("no-store", "no")
    assert "id: 1\nevent: message\ndata: " in stream.text
    person, desk = _messages(stream.text)
    assert set(person) == {"id", "author", "at", "text", "html"}
    assert (person["author"], person["text"], desk["author"]) == ("person", "a", "desk")


@pytest.mark.parametrize("by_header", [True, False])
def test_one_message_once_on_resume(web: TestClient, by_header: bool) -> None:
    """A reader that comes back gets what it has not seen, and nothing twice."""
    _say(web, "a")
    seen = _messages(web.get("/api/chat/stream").text)
    _say(web, "b")
    last = str(seen[-1]["id"])
    headers, query = ({"last-event-id": last}, "") if by_header else ({}, f"?after={last}")
    fresh = _messages(web.get(f"/api/chat/stream{query}", headers=headers).text)
    assert [message["id"] for message in seen + fresh] == [1, 2, 3, 4]


def test_the_header_counts_more_than_the_address(web: TestClient) -> None:
    """A browser that reconnects keeps its first address."""
    _say(web, "a")
    stream = web.get("/api/chat/stream?after=0", headers={"last-event-id": "2"})
    assert not _messages(stream.text)


def test_a_script_follows_by_its_session(web: TestClient) -> None:
    """Without a cookie the address names the conversation."""
    body = web.post("/api/chat", content='{"text": "a"}', headers=JSON).json()
    web.cookies.clear()
    assert len(_messages(web.get("/api/chat/stream", params={"session": body["session"]}).text)) == 2


def test_web_session_stream_of_somebody_else(web: TestClient, sessions: Sessions) -> None:
    """No session, a forged one, or another than one's own: 404."""
    assert web.get("/api/chat/stream").status_code == 404
    assert web.get("/api/chat/stream?session=forged").status_code == 404
    _say(web, "a")
    assert web.get("/api/chat/stream", params={"session": sessions.new()}).status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "1" * 16, "1.5"])
def test_a_wrong_place_to_resume_is_refused(web: TestClient, after: str) -> None:
    """400 names the field."""
    _say(web, "a")
    answer = web.get(f"/api/chat/stream?after={after}")
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "after")


class _Source:
    """Messages that come when they are put, and remember that they were let go."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Logged] = asyncio.Queue()
        self.let_go = False

    async def messages(self) -> AsyncIterator[Logged]:
        """Never ends by itself."""
        try:
            while True:
                yield await self.queue.get()
        finally:
            self.let_go = True


def _framed(logged: Logged) -> str:
    return frame(logged, logged.text, "")


def test_a_silent_stream_pings_and_loses_nothing() -> None:
    """Pings fill the silence; the message after them arrives."""

    async def read() -> list[str]:
        source = _Source()
        stream = events(source.messages(), _framed, ping=0.01)
        first = [await anext(stream) for _ in range(3)]
        source.queue.put_nowait(Logged(7, 1, "person", NOON, "a"))
        found = [*first, await anext(stream)]
        await stream.aclose()  # type: ignore[attr-defined]
        return found

    assert [text.split("\n")[0] for text in asyncio.run(read())] == [": open", ": ping", ": ping", "id: 7"]


def test_a_reader_that_goes_lets_the_messages_go() -> None:
    """Cancelling, as a closed tab or a shutdown does, leaves nothing behind."""

    async def read() -> bool:
        source = _Source()

        async def reader() -> None:
            async for _ in events(source.messages(), _framed):
                pass

        task = asyncio.create_task(reader())
        await asyncio.sleep(0.01)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return source.let_go and len(asyncio.all_tasks()) == 1

    assert asyncio.run(read())


def test_a_frame_is_one_line_of_data() -> None:
    """Line breaks in a text cannot end the event early."""
    text = frame(Logged(1, 1, "person", NOON, "a\n\nevent: x"), "a\n\nevent: x", "")
    assert text.count("\n") == 4
