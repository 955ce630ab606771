"""Slack's Web API with the token of a workspace: of the only one, or of each that installed the app."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.seal import Seal
from bot.clock import Clock
from storage import installations
from storage.database import Database

# What another process installed or dropped is known here as late as that.
FRESH = timedelta(seconds=30)


class NotInstalled(Exception):
    """No token is known for a workspace; the text names it."""


class Clients(Protocol):
    """Who has the Web API of a workspace."""

    async def of(self, team: str) -> AsyncWebClient:
        """The Web API with its token; an empty name means the office's own. Raises NotInstalled and DatabaseDown."""
        ...


@dataclass(frozen=True, slots=True)
class OneClient:
    """The only workspace that there is."""

    client: AsyncWebClient

    async def of(self, team: str) -> AsyncWebClient:  # noqa: ARG002 - there is no other
        """The Web API of that workspace."""
        return self.client


class Tokens:
    """The tokens of all workspaces: of the installations, and for the office's own workspace that of the settings."""

    def __init__(self, database: Database, seal: Seal, clock: Clock, own: str = "") -> None:
        self._database, self._seal, self._clock, self._own = database, seal, clock, own
        self._known: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def of(self, team: str, organisation: str = "") -> str:
        """The token for a workspace; empty where there is none. Raises DatabaseDown."""
        now, key = self._clock(), (team, organisation)
        token, read_at = self._known.get(key, ("", now - FRESH))
        if now - read_at >= FRESH:
            token = await asyncio.to_thread(self._read, team, organisation)
            if token:
                # That there is none is never kept: it may be installed the next moment.
                self._known[key] = token, now
        return token

    def forget(self) -> None:
        """Reads everything anew: something was installed or dropped."""
        self._known.clear()

    def _read(self, team: str, organisation: str) -> str:
        if team or organisation:
            found = installations.find(self._database, team, organisation)
            if found and team and found.name != team:
                # Letters name the workspace only.
                installations.share(self._database, team, found.name, self._clock())
            return (self._seal.open(found.sealed) if found else "") or self._own
        only = installations.every(self._database)
        return self._own or (self._seal.open(only[0].sealed) if len(only) == 1 else "")


class ManyClients:
    """The Web API of each workspace, as `base` but for the token."""

    def __init__(self, tokens: Tokens, base: AsyncWebClient) -> None:
        self._tokens, self._base = tokens, base
        self._made: dict[str, AsyncWebClient] = {}

    async def of(self, team: str) -> AsyncWebClient:
        """The Web API of that workspace. Raises NotInstalled and DatabaseDown."""
        token = await self._tokens.of(team)
        if not token:
            raise NotInstalled(f"the app is not installed in workspace {team or '(none named)'}")
        if token not in self._made:
            base = self._base
            self._made[token] = AsyncWebClient(
                token=token, base_url=base.base_url, timeout=base.timeout, retry_handlers=[]
            )
        return self._made[token]
