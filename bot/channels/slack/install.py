"""Installing the app into further workspaces: Slack's OAuth, with what it needs kept in our own tables."""

import asyncio
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.slack.clients import Tokens
from bot.channels.slack.presence import Presence
from bot.channels.slack.seal import Seal
from bot.clock import Clock
from storage import installations
from storage.database import Database
from storage.installations import Installed

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
# Those of the manifest; a test compares them.
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "groups:history",
    "im:history",
    "im:write",
    "mpim:history",
    "reactions:read",
)
# How long somebody may take to agree on Slack's page.
STATE_LIFE = timedelta(minutes=10)


class Installations(AsyncInstallationStore):
    """Slack's installations in our table. Only the desk's own token is kept, none of a person's."""

    def __init__(
        self, database: Database, seal: Seal, clock: Clock, tokens: Tokens, presence: Presence
    ) -> None:
        self._database, self._seal, self._clock = database, seal, clock
        self._tokens, self._presence = tokens, presence

    @property
    def logger(self) -> logging.Logger:
        """Where slack_sdk writes."""
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        """Keeps an installation; what is sent there goes on."""
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """Keeps the desk's own part of it."""
        whole, now = bool(bot.is_enterprise_install), self._clock()
        name = (bot.enterprise_id if whole else bot.team_id) or ""
        title = (bot.enterprise_name if whole else bot.team_name) or ""
        kept = Installed(
            name=name,
            organisation=bot.enterprise_id or "",
            title=title,
            sealed=self._seal.close(bot.bot_token),
            bot=bot.bot_id or "",
            bot_user=bot.bot_user_id or "",
            scopes=",".join(bot.bot_scopes or ()),
            at=now,
        )
        await asyncio.to_thread(installations.save, self._database, kept)
        self._tokens.forget()
        await self._presence.come_back(name, now)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The installation that serves a workspace, or the organisation as a whole."""
        team = "" if is_enterprise_install else team_id or ""
        found = await asyncio.to_thread(installations.find, self._database, team, enterprise_id or "")
        token = self._seal.open(found.sealed) if found else ""
        if found is None or not token:
            return None
        whole = found.name == found.organisation
        return Bot(
            enterprise_id=found.organisation or None,
            team_id=None if whole else found.name,
            bot_token=token,
            bot_id=found.bot,
            bot_user_id=found.bot_user,
            bot_scopes=found.scopes,
            is_enterprise_install=whole,
            installed_at=found.at,
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forgets an installation; without a workspace that of the whole organisation."""
        await asyncio.to_thread(
            installations.drop, self._database, team_id or enterprise_id or "", self._clock()
        )
        self._tokens.forget()

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Nothing of a person is kept."""


class States(AsyncOAuthStateStore):
    """What ties the answer of Slack's page to the browser that was sent there, in our table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    @property
    def logger(self) -> logging.Logger:
        """Where slack_sdk writes."""
        return logging.getLogger(__name__)

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state, good for one installation."""
        state, now = secrets.token_urlsafe(32), self._clock()
        await asyncio.to_thread(installations.issue, self._database, state, now + STATE_LIFE, now)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether a state is one of ours, is fresh, and was not used before."""
        return await asyncio.to_thread(installations.consume, self._database, state, self._clock())


@dataclass(frozen=True, slots=True)
class OAuth:
    """What a deployment for several workspaces knows of the app: `secret` seals the tokens."""

    database: Database
    secret: str
    client_id: str
    client_secret: str
    public_url: str

    def tokens(self, clock: Clock, own: str) -> Tokens:
        """The tokens of all workspaces; `own` is that of the office's, if it was not installed this way."""
        return Tokens(self.database, Seal(self.secret), clock, own)


def oauth_routes(
    oauth: OAuth, tokens: Tokens, presence: Presence, clock: Clock, client: AsyncWebClient
) -> tuple[Route, ...]:
    """GET /slack/install, which leads to Slack's page, and GET /slack/oauth_redirect, where it leads back."""
    store = Installations(oauth.database, Seal(oauth.secret), clock, tokens, presence)
    settings = AsyncOAuthSettings(
        client_id=oauth.client_id,
        client_secret=oauth.client_secret,
        scopes=SCOPES,
        redirect_uri=f"{oauth.public_url.rstrip('/')}{REDIRECT}" if oauth.public_url else None,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        installation_store=store,
        installation_store_bot_only=True,
        state_store=States(oauth.database, clock),
        state_expiration_seconds=int(STATE_LIFE.total_seconds()),
    )
    flow = AsyncOAuthFlow(client=client, settings=settings)

    async def install(request: Request) -> Response:
        return to_starlette_response(await flow.handle_installation(to_async_bolt_request(request, b"")))

    async def back(request: Request) -> Response:
        return to_starlette_response(await flow.handle_callback(to_async_bolt_request(request, b"")))

    return Route(INSTALL, install, methods=["GET"]), Route(REDIRECT, back, methods=["GET"])
