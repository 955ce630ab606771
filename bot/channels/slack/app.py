"""The Slack app: Bolt verifies, we store, and only then is Slack told that we have it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.slack import receive
from bot.channels.slack.assistant import Assistant
from bot.channels.slack.clients import Clients, ManyClients, OneClient
from bot.channels.slack.door import SlackDoor, direct
from bot.channels.slack.forms import OPEN_SECONDS, Forms
from bot.channels.slack.install import OAuth, oauth_routes
from bot.channels.slack.many import ManySender
from bot.channels.slack.presence import Presence
from bot.channels.slack.send import SlackSender
from bot.clock import Clock
from bot.delivery import Sender
from bot.desk import Desk
from knowledge.model import Lang
from knowledge.wording import Wording

# One slow answer of Slack must not hold the letters to other places for long.
SEND_SECONDS = 10
BODY_LIMIT = 4 * 1024 * 1024


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


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which workspaces the app serves, and how it speaks there."""

    # Bolt takes nothing for a workspace that is not served, though its types do not say so.
    authorize: Callable[..., Awaitable[Any]]
    sender: Sender
    quick: Clients
    install: tuple[Route, ...] = ()


def _only(
    wording: Wording, presence: Presence, token: str, client: AsyncWebClient, quick: AsyncWebClient
) -> _Reach:
    async def authorize(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

    return _Reach(authorize, SlackSender(client, wording, presence), OneClient(quick))


def _several(
    oauth: OAuth,
    wording: Wording,
    clock: Clock,
    presence: Presence,
    own: str,
    client: AsyncWebClient,
    quick: AsyncWebClient,
) -> _Reach:
    tokens = oauth.tokens(clock, own)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        token = await tokens.of(team_id or "", enterprise_id or "")
        if not token:
            return None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return _Reach(
        authorize,
        ManySender(ManyClients(tokens, client), wording, presence),
        ManyClients(tokens, quick),
        oauth_routes(oauth, tokens, presence, clock, client),
    )


@dataclass(frozen=True, slots=True)
class Slack:
    """Bolt with our door in it, and the sender; it asks the network nothing before the first reply."""

    app: AsyncApp
    sender: Sender
    desk: Desk
    signed: bool
    # Where further workspaces install it.
    install: tuple[Route, ...] = ()

    @classmethod
    def build(
        cls,
        desk: Desk,
        wording: Wording,
        clock: Clock,
        presence: Presence,
        *,
        token: str,
        signing_secret: str,
        api_url: str,
        rooms: frozenset[str] = frozenset(),
        oauth: OAuth | None = None,
    ) -> "Slack":
        """The app of one workspace, or by `oauth` of several; `rooms` are the channels of staff."""
        # The outbox does the waiting that a rate limit asks for, so the client does not.
        client = AsyncWebClient(token=token, base_url=api_url, timeout=SEND_SECONDS, retry_handlers=[])
        quick = AsyncWebClient(token=token, base_url=api_url, timeout=OPEN_SECONDS, retry_handlers=[])
        reach = (
            _several(oauth, wording, clock, presence, token, client, quick)
            if oauth
            else _only(wording, presence, token, client, quick)
        )
        app = AsyncApp(
            client=client,
            signing_secret=signing_secret,
            authorize=reach.authorize,
            user_facing_authorize_error_message=wording.say("slack.not_installed", Lang.JA),
        )
        forms, assistant = Forms(desk, wording, reach.quick), Assistant(desk, wording, reach.quick)
        door = SlackDoor(desk, wording, clock, forms, rooms, presence, assistant, several=oauth is not None)
        app.middleware(door.take)
        return cls(app, reach.sender, desk, bool(signing_secret), reach.install)

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
        direct.set(said)
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
