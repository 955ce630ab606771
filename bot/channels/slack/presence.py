"""Whether the desk is still in a workspace: told by Slack when it was taken out, shown by the next sign of life."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.judge import OK
from bot.channels.slack.receive import CHANNEL, Malformed, Payload
from bot.clock import Clock, tokyo_day
from bot.delivery import Hopeless
from intents.messages import Called, Incoming
from intents.orders.channel import WORKSPACE_GONE
from storage import installations, workspaces
from storage.database import Database, DatabaseDown
from storage.workspaces import Left

# Another process may have heard of it: what is known is read again this often.
FRESH = timedelta(seconds=5)
# How often a token is tried that did not work; at first it may still work for a moment.
ASK = timedelta(minutes=1)


def why_left(body: Payload) -> str:
    """Slack's word for the desk having been taken out of a workspace; empty for any other event."""
    event = body.get("event") or {}
    match event.get("type"):
        case "app_uninstalled":
            return "app_uninstalled"
        case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
            # That somebody took back their own token does not concern the desk's.
            return "tokens_revoked"
        case _:
            return ""


def from_leaving(body: Payload, now: datetime) -> Incoming:
    """What staff hear of it, once a day: Slack tells it twice, in two words. Raises Malformed."""
    team = installed_in(body)
    if not team:
        raise Malformed("team_id")
    key = f"workspace_gone:{team}:{tokyo_day(now).isoformat()}"
    return Incoming(CHANNEL, key, f"{team}:workspace", f"{team}:", Called(WORKSPACE_GONE), {}, now)


def installed_in(body: Payload) -> str:
    """The workspace, or the organisation where the app was installed for all of its workspaces."""
    return str(body.get("team_id") or body.get("enterprise_id") or "")


def moment_of(body: Payload, now: datetime) -> datetime:
    """When an event happened; an old one may be told late."""
    told = body.get("event_time")
    try:
        return datetime.fromtimestamp(told, UTC) if isinstance(told, int) else now
    except (ValueError, OverflowError, OSError):
        return now


class Presence:
    """Which workspaces the desk was taken out of, as all processes know it; whether it is in `several` at all."""

    def __init__(self, database: Database, clock: Clock, *, several: bool = False) -> None:
        self._database, self._clock, self._several = database, clock, several
        self._left: Mapping[str, Left] = {}
        self._read_at: datetime | None = None
        self._asked: dict[str, datetime] = {}

    async def leave(self, team: str, at: datetime, why: str) -> None:
        """From now on nothing is sent there. Raises DatabaseDown."""
        await asyncio.to_thread(workspaces.leave, self._database, CHANNEL, team, at, why)
        if self._several:
            # Its token is of no use any more.
            await asyncio.to_thread(installations.drop, self._database, team, at)
        self._read_at = None

    async def seen(self, team: str, at: datetime) -> None:
        """A sign that the desk is there."""
        # The next sign does as well.
        with suppress(DatabaseDown):
            if team in await self._known():
                await self.come_back(team, at)

    async def come_back(self, team: str, at: datetime) -> None:
        """From now on it is sent there again, if it was taken out before that. Raises DatabaseDown."""
        await asyncio.to_thread(workspaces.come_back, self._database, CHANNEL, team, at)
        self._read_at = None

    async def check(self, team: str, client: AsyncWebClient) -> None:
        """Raises Hopeless for a workspace that took the desk out, until its token works again.

        An empty name means the only workspace that there is; where there are several, nothing is known of it. Raises DatabaseDown and SlackApiError as well.
        """
        known = await self._known()
        left = known.get(team) if team or self._several else next(iter(known.values()), None)
        if left is None:
            return
        if self._may_ask(left) and await _works(client, left.name):
            await self.come_back(left.name, self._clock())
            return
        raise Hopeless(f"workspace {left.name} took the desk out: {left.why}")

    def _may_ask(self, left: Left) -> bool:
        """Whether it is time to try the token again; the answer yes is given once a minute."""
        now = self._clock()
        if now - max(left.at, self._asked.get(left.name, left.at)) < ASK:
            return False
        self._asked[left.name] = now
        return True

    async def _known(self) -> Mapping[str, Left]:
        now = self._clock()
        if self._read_at is None or now - self._read_at >= FRESH:
            found = await asyncio.to_thread(workspaces.left, self._database, CHANNEL)
            self._left, self._read_at = {one.name: one for one in found}, now
        return self._left


async def _works(client: AsyncWebClient, team: str) -> bool:
    """Whether Slack takes the token, and for that workspace."""
    try:
        found = await client.auth_test()
    except SlackApiError as fault:
        if fault.response.status_code != OK:
            # Slack is busy or away, which says nothing of the token.
            raise
        return False
    return team in (found.get("team_id"), found.get("enterprise_id"))
