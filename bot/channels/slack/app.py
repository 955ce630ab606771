"""The Slack app: Bolt verifies, we store, and only then is Slack told that we have it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.slack import receive
from bot.channels.slack.blocks import messages
from bot.channels.slack.send import SlackSender
from bot.clock import Clock
from bot.desk import Desk, Unavailable
from intents.messages import Incoming
from knowledge.model import Lang
from knowledge.wording import Wording

# One slow answer of Slack must not hold the letters to other places for long.
SEND_SECONDS = 10
BODY_LIMIT = 4 * 1024 * 1024
log = structlog.get_logger()
Next = Callable[[], Awaitable[BoltResponse]]


class SlackDoor:
    """Reads verified payloads, hands them to the desk, and answers Slack."""

    def __init__(self, desk: Desk, wording: Wording, clock: Clock) -> None:
        self._desk, self._wording, self._clock = desk, wording, clock

    async def take(self, req: AsyncBoltRequest, next: Next) -> BoltResponse:  # noqa: A002 - Bolt passes by name
        """A middleware that runs before Bolt acknowledges; 503 makes Slack send again."""
        body = req.body
        try:
            if body.get("type") == "event_callback":
                return await self._event(body)
            if body.get("type") == "block_actions":
                return await self._stored(receive.from_action(body, self._clock()))
            if body.get("command"):
                return await self._command(body)
        except Unavailable:
            return BoltResponse(status=503, body="")
        except receive.Malformed as fault:
            # Genuine but unreadable: sending it again would not help, so Slack is told that it arrived.
            log.warning("slack_payload_malformed", missing=str(fault))
            return BoltResponse(status=200, body="")
        return await next()

    async def _event(self, body: dict[str, Any]) -> BoltResponse:
        incoming = receive.from_event(body, self._clock())
        if incoming and receive.is_overheard(body) and not await self._is_ours(incoming):
            return BoltResponse(status=200, body="")
        return await self._stored(incoming)

    async def _is_ours(self, incoming: Incoming) -> bool:
        return bool(await self._desk.history(receive.CHANNEL, incoming.conversation, 0, 1))

    async def _stored(self, incoming: Incoming | None) -> BoltResponse:
        if incoming:
            await self._desk.receive(incoming)
        return BoltResponse(status=200, body="")

    async def _command(self, body: dict[str, Any]) -> BoltResponse:
        logged = await self._desk.answer(receive.from_command(body, self._clock()))
        if logged is None or logged.reply is None:
            said = {"text": self._wording.say("chat.later", Lang.JA)}
        else:
            said = messages(logged.reply, self._wording)[0]
            await self._desk.said_directly(logged.event)
        answer = json.dumps({"response_type": "ephemeral", **said}, ensure_ascii=False)
        return BoltResponse(
            status=200, body=answer, headers={"content-type": ["application/json; charset=utf-8"]}
        )


@dataclass(frozen=True, slots=True)
class Slack:
    """Bolt with our door in it, and the sender; it asks the network nothing before the first reply."""

    app: AsyncApp
    sender: SlackSender

    @classmethod
    def build(
        cls, desk: Desk, wording: Wording, clock: Clock, *, token: str, signing_secret: str, api_url: str
    ) -> "Slack":
        """The app of one workspace."""

        async def authorize(team_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

        # The outbox does the waiting that a rate limit asks for, so the client does not.
        client = AsyncWebClient(token=token, base_url=api_url, timeout=SEND_SECONDS)
        app = AsyncApp(client=client, signing_secret=signing_secret, authorize=authorize)
        app.middleware(SlackDoor(desk, wording, clock).take)
        return cls(app, SlackSender(client, wording))

    def route(self) -> Route:
        """POST /slack/events."""
        handler = AsyncSlackRequestHandler(self.app)

        async def events(request: Request) -> Response:
            body = await request.body()
            if len(body) > BODY_LIMIT:
                return PlainTextResponse("body: too large", 413)
            # Bolt would answer 500 to what it cannot parse, and Slack would send it again and again.
            if not receive.is_readable(body, request.headers.get("content-type", "")):
                return PlainTextResponse("body: not a Slack payload", 400)
            return await handler.handle(request)

        return Route("/slack/events", events, methods=["POST"])

    def socket(self, app_token: str, api_url: str) -> AsyncSocketModeHandler:
        """Socket Mode: no inbound address is needed."""
        return AsyncSocketModeHandler(
            self.app, app_token, web_client=AsyncWebClient(token=app_token, base_url=api_url)
        )
