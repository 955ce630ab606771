"""Slack's Web API as far as the sender uses it: a real server on loopback that keeps what was posted."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Call = tuple[str, dict[str, Any]]


@dataclass
class FakeSlack:
    """`faults` holds, per method, the answers to give before the method works: a status or an error's name.

    `left` are people whose account is switched off: Slack says so when their channel is opened, and takes a message
    to them all the same. `answers` is what a method says besides that it worked;
    `tokens` are the methods that were called, each with the token.
    """

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, list[int | str]] = field(default_factory=lambda: defaultdict(list))
    posted: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""

    def called(self, method: str) -> list[dict[str, Any]]:
        """The bodies of the calls of one method."""
        return [body for name, body in self.calls if name == method]

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.tokens.append((method, request.headers.get("Authorization", "").removeprefix("Bearer ")))
        body = await request.json() if "json" in request.content_type else dict(await request.post())
        # Some methods of the client put everything into the address.
        self.calls.append((method, body or dict(request.query)))
        if self.faults[method]:
            return _fault(self.faults[method].pop(0))
        match method:
            case "chat.postMessage":
                return self._post(body)
            case "chat.update":
                return self._update(body)
            case "conversations.open":
                return self._open(request.query["users"])
            case "conversations.history" | "conversations.replies":
                return self._history(request.query["channel"])
            case "respond":
                return web.Response(text="ok")
            case _:
                return web.json_response({"ok": True} | self.answers.get(method, {}))

    def _open(self, person: str) -> web.Response:
        """The channel of one person and the app."""
        if person in self.left:
            return _fault("user_disabled")
        return web.json_response({"ok": True, "channel": {"id": f"D{person[1:]}"}})

    def _history(self, channel: str) -> web.Response:
        """What was posted there; a person is no channel."""
        if channel.startswith("U"):
            return _fault("channel_not_found")
        return web.json_response({"ok": True, "messages": self.posted[::-1]})

    def _post(self, body: dict[str, Any]) -> web.Response:
        ts = f"{len(self.called('chat.postMessage'))}.0"
        self.posted.append(_kept(body) | {"ts": ts})
        return web.json_response({"ok": True, "ts": ts})

    def _update(self, body: dict[str, Any]) -> web.Response:
        """Changes what stands there; what somebody deleted is not there."""
        there = next((one for one in self.posted if one["ts"] == body["ts"]), None)
        if there is None:
            return _fault("message_not_found")
        there.update(_kept(body))
        return web.json_response({"ok": True, "ts": body["ts"]})


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    """A message as Slack gives it back."""
    # The client sends structures as JSON inside a form; Slack gives them back as structures.
    metadata = body.get("metadata", "{}")
    return body | {"metadata": json.loads(metadata) if isinstance(metadata, str) else metadata}


def _fault(fault: int | str) -> web.Response:
    if isinstance(fault, int):
        headers = {"Retry-After": "30"}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=fault, headers=headers)
    return web.json_response({"ok": False, "error": fault})


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """The server while the block runs."""
    fake = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", fake._handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield fake
    finally:
        await runner.cleanup()
