"""The Slack app: Bolt verifies, we store, and only then is Slack told that we have it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.slack import receive, room
from bot.channels.slack.blocks import messages
from bot.channels.slack.forms import OPEN_SECONDS, Forms
from bot.channels.slack.send import SlackSender
from bot.clock import Clock
from bot.desk import Desk, Unavailable
from bot.room_words import called
from intents.messages import Incoming, Lane
from knowledge.model import Lang
from knowledge.wording import Wording

# One slow answer of Slack must not hold the letters to other places for long.
SEND_SECONDS = 10
BODY_LIMIT = 4 * 1024 * 1024
# Slack waits three seconds for the answer to a command, storing it included.
COMMAND_BUDGET = timedelta(seconds=1.5)
# The events that the response under way answers by itself.
_direct: ContextVar[list[int]] = ContextVar("direct")
log = structlog.get_logger()
Next = Callable[[], Awaitable[BoltResponse]]


async def _bounded(request: Request) -> bytes | None:
    """The body, or nothing when it is longer than Slack ever sends: strangers can send anything here."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            return None
        parts.append(part)
    return b"".join(parts)


class SlackDoor:
    """Reads verified payloads, hands them to the desk, and answers Slack; `rooms` are the channels of staff."""

    def __init__(
        self, desk: Desk, wording: Wording, clock: Clock, forms: Forms, rooms: frozenset[str]
    ) -> None:
        self._desk, self._wording, self._clock, self._forms = desk, wording, clock, forms
        self._rooms = rooms

    async def take(self, req: AsyncBoltRequest, next: Next) -> BoltResponse:  # noqa: A002 - Bolt passes by name
        """A middleware that runs before Bolt acknowledges; 503 makes Slack send again."""
        body = req.body
        try:
            if body.get("type") == "event_callback":
                return await self._event(body)
            if body.get("type") == "block_actions" and receive.asks_for_form(body):
                return await self._form(body)
            if body.get("type") == "view_submission":
                return await self._submission(body, socket=req.mode == "socket_mode")
            if body.get("type") == "block_actions":
                return await self._stored(receive.from_action(body, self._clock(), self._rooms))
            if body.get("command"):
                return await self._command(body, socket=req.mode == "socket_mode")
        except Unavailable:
            return BoltResponse(status=503, body="")
        except receive.Malformed as fault:
            # Genuine but unreadable: sending it again would not help, so Slack is told that it arrived.
            log.warning("slack_payload_malformed", missing=str(fault))
            return BoltResponse(status=200, body="")
        return await next()

    async def _event(self, body: dict[str, Any]) -> BoltResponse:
        incoming = receive.from_event(body, self._clock())
        staff, overheard = room.in_room(body, self._rooms), receive.is_overheard(body)
        if (staff or overheard) and not (incoming and await self._is_ours(incoming)):
            found = room.from_event(body, self._clock(), self._wording) if staff else None
            # A mention at the top of a room is a question like any other.
            incoming = found or (None if overheard else incoming)
        return await self._stored(incoming)

    async def _is_ours(self, incoming: Incoming) -> bool:
        return await self._desk.knows(receive.CHANNEL, incoming.conversation)

    async def _stored(self, incoming: Incoming | None) -> BoltResponse:
        if incoming:
            await self._desk.receive(incoming)
        return BoltResponse(status=200, body="")

    async def _command(self, body: dict[str, Any], *, socket: bool) -> BoltResponse:
        call = partial(called, wording=self._wording)
        incoming = receive.from_command(body, self._clock(), call, self._rooms)
        if socket:
            # Nobody tells us whether an answer on a socket arrived, so the outbox sends it.
            return await self._stored(replace(incoming, lane=Lane.SLOW))
        logged = await self._desk.answer(incoming, COMMAND_BUDGET)
        pages = messages(logged.reply, self._wording) if logged and logged.reply else []
        if logged is None or len(pages) != 1:
            # It follows by the outbox, whole.
            said = {"text": self._wording.say("chat.later", Lang.JA)}
        else:
            said = pages[0]
            _direct.get().append(logged.event)
        return _as_json({"response_type": "ephemeral", **said})

    async def _form(self, body: dict[str, Any]) -> BoltResponse:
        incoming = receive.from_action(body, self._clock(), self._rooms)
        if incoming:
            await self._forms.show(body, incoming)
        return BoltResponse(status=200, body="")

    async def _submission(self, body: dict[str, Any], *, socket: bool) -> BoltResponse:
        incoming = receive.from_submission(body, self._clock())
        told, event = await self._forms.follow(body["view"], incoming)
        if event and socket:
            # A modal that did not hear us says so, and the same submission again gets the same answer.
            await self._desk.said_directly(event)
        elif event:
            _direct.get().append(event)
        return _as_json(told)


def _as_json(answer: Mapping[str, Any]) -> BoltResponse:
    body = json.dumps(answer, ensure_ascii=False)
    return BoltResponse(status=200, body=body, headers={"content-type": ["application/json; charset=utf-8"]})


@dataclass(frozen=True, slots=True)
class Slack:
    """Bolt with our door in it, and the sender; it asks the network nothing before the first reply."""

    app: AsyncApp
    sender: SlackSender
    desk: Desk
    signed: bool

    @classmethod
    def build(
        cls,
        desk: Desk,
        wording: Wording,
        clock: Clock,
        *,
        token: str,
        signing_secret: str,
        api_url: str,
        rooms: frozenset[str] = frozenset(),
    ) -> "Slack":
        """The app of one workspace; `rooms` are its channels of staff."""

        async def authorize(team_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

        # The outbox does the waiting that a rate limit asks for, so the client does not.
        client = AsyncWebClient(token=token, base_url=api_url, timeout=SEND_SECONDS, retry_handlers=[])
        app = AsyncApp(client=client, signing_secret=signing_secret, authorize=authorize)
        quick = AsyncWebClient(token=token, base_url=api_url, timeout=OPEN_SECONDS, retry_handlers=[])
        app.middleware(SlackDoor(desk, wording, clock, Forms(desk, wording, quick), rooms).take)
        return cls(app, SlackSender(client, wording), desk, bool(signing_secret))

    def route(self) -> Route:
        """POST /slack/events."""

        async def events(request: Request) -> Response:
            body = await _bounded(request)
            if body is None:
                return PlainTextResponse("body: too large", 413)
            if not receive.has_signature(request.headers):
                return PlainTextResponse("signature: missing or malformed", 401)
            # Bolt would answer 500 to what it cannot parse, and Slack would send it again and again.
            if not receive.is_readable(body, request.headers.get("content-type", "")):
                return PlainTextResponse("body: not a Slack payload", 400)
            return await self._handled(request, body)

        return Route("/slack/events", events, methods=["POST"])

    async def _handled(self, request: Request, body: bytes) -> Response:
        said: list[int] = []
        _direct.set(said)
        answer = await self.app.async_dispatch(to_async_bolt_request(request, body))
        response = to_starlette_response(answer)
        # Settled only when the answer has left; a crash before that leaves it to the outbox.
        response.background = BackgroundTasks([BackgroundTask(self.desk.said_directly, one) for one in said])
        return response

    def socket(self, app_token: str, api_url: str) -> AsyncSocketModeHandler:
        """Socket Mode: no inbound address is needed."""
        return AsyncSocketModeHandler(
            self.app, app_token, web_client=AsyncWebClient(token=app_token, base_url=api_url)
        )
