"""Modals over the conversation: opened while Slack's trigger lives, and answered while its user waits."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.channels.slack.clients import Clients, NotInstalled
from bot.channels.slack.modals import CLEAR, following, view_of
from bot.channels.slack.receive import Payload, modal_of
from bot.channels.slack.where import Where
from bot.desk import Desk
from intents.messages import Incoming, Reply
from knowledge.wording import Wording

# A trigger lives three seconds, storing the event and opening the modal included.
TRIGGER_BUDGET = timedelta(seconds=1.5)
OPEN_SECONDS = 2
# Out of the three seconds of a trigger, before anything is stored.
HOME_SECONDS = 0.8
VIEW_BUDGET = timedelta(seconds=2)
UNANSWERED = (SlackApiError, OSError, TimeoutError, ClientError, NotInstalled)
log = structlog.get_logger()


class Forms:
    """Shows a reply as a modal where it is one; whatever is not shown is said in the conversation."""

    def __init__(self, desk: Desk, wording: Wording, clients: Clients) -> None:
        self._desk, self._wording, self._clients = desk, wording, clients

    async def show(self, body: Payload, incoming: Incoming) -> None:
        """Answers a pressed button by a modal. Raises Unavailable."""
        logged = await self._desk.answer(incoming, TRIGGER_BUDGET)
        if logged is None:
            return
        shown = logged.reply is not None and await self._shown(body, incoming, logged.reply)
        await (self._desk.said_directly if shown else self._desk.hurry)(logged.event)

    async def home_of(self, incoming: Incoming) -> str:
        """The direct channel of a person with the desk; empty where Slack does not open it in time."""
        try:
            async with asyncio.timeout(HOME_SECONDS):
                team, _, user = incoming.person.partition(":")
                client = await self._clients.of(team)
                opened = await client.conversations_open(users=user)
        except UNANSWERED as fault:
            log.info("home_not_opened", why=type(fault).__name__)
            return ""
        return str((opened.get("channel") or {}).get("id", ""))

    async def follow(self, view: Payload, incoming: Incoming) -> tuple[Mapping[str, Any], int]:
        """What Slack is told about a submitted modal, and the event that this answers; 0: the outbox does.

        Raises Unavailable.
        """
        logged = await self._desk.answer(incoming, VIEW_BUDGET)
        if logged is None or logged.reply is None:
            return CLEAR, 0
        told = following(view, logged.reply, self._wording, _where(incoming))
        if told is CLEAR:
            await self._desk.hurry(logged.event)
            return told, 0
        return told, logged.event

    async def _shown(self, body: Payload, incoming: Incoming, reply: Reply) -> bool:
        view = view_of(reply, self._wording, _where(incoming))
        if view is None:
            return False
        try:
            await self._put(body, incoming, view)
        except UNANSWERED as fault:
            log.info("modal_not_shown", conversation=incoming.conversation, why=type(fault).__name__)
            return False
        return True

    async def _put(self, body: Payload, incoming: Incoming, view: dict[str, Any]) -> None:
        client = await self._clients.of(incoming.person.partition(":")[0])
        if modal := modal_of(body):
            await client.views_update(view_id=modal["id"], hash=modal.get("hash"), view=view)
        else:
            await client.views_open(trigger_id=body["trigger_id"], view=view)


def _where(incoming: Incoming) -> Where:
    return Where(incoming.conversation, incoming.address)
