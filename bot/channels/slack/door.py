"""The door of Slack: verified payloads are stored before Slack is told that we have them, and answered where they wait."""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.channels.slack import presence, receive, room, shortcuts
from bot.channels.slack.assistant import Assistant
from bot.channels.slack.blocks import messages
from bot.channels.slack.forms import Forms
from bot.channels.slack.presence import Presence
from bot.clock import Clock
from bot.desk import Desk, Unavailable
from bot.room_words import called
from intents.messages import Incoming, Lane
from knowledge.model import Lang
from knowledge.wording import Wording
from storage.database import DatabaseDown

# Slack waits three seconds for the answer to a command, storing it included.
COMMAND_BUDGET = timedelta(seconds=1.5)
# The events that the response under way answers by itself.
direct: ContextVar[list[int]] = ContextVar("direct")
log = structlog.get_logger()
Next = Callable[[], Awaitable[BoltResponse]]


class SlackDoor:
    """Reads verified payloads, hands them to the desk, and answers Slack; `rooms` are the channels of staff."""

    def __init__(
        self,
        desk: Desk,
        wording: Wording,
        clock: Clock,
        forms: Forms,
        rooms: frozenset[str],
        presence: Presence,
        assistant: Assistant,
        *,
        several: bool = False,
    ) -> None:
        self._desk, self._wording, self._clock, self._forms = desk, wording, clock, forms
        self._rooms, self._presence, self._assistant = rooms, presence, assistant
        self._several = several

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
            if body.get("type") in shortcuts.SHORTCUTS:
                return await self._shortcut(body)
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
        if why := presence.why_left(body):
            return await self._left(body, why)
        await self._presence.seen(presence.installed_in(body), presence.moment_of(body, self._clock()))
        incoming = receive.from_event(body, self._clock())
        staff, overheard = room.in_room(body, self._rooms), receive.is_overheard(body)
        if (staff or overheard) and not (incoming and await self._is_ours(incoming)):
            found = room.from_event(body, self._clock(), self._wording) if staff else None
            # A mention at the top of a room is a question like any other.
            incoming = found or (None if overheard else incoming)
        if incoming:
            receipt = await self._desk.receive(self._placed(incoming))
            if not receipt.duplicate:
                self._assistant.attend(incoming, receipt.event)
        return BoltResponse(status=200, body="")

    async def _left(self, body: dict[str, Any], why: str) -> BoltResponse:
        """The workspace took the desk out: sending stops before staff are told."""
        now = self._clock()
        told = presence.from_leaving(body, now)
        try:
            await self._presence.leave(presence.installed_in(body), presence.moment_of(body, now), why)
        except DatabaseDown as fault:
            raise Unavailable(str(fault)) from fault
        return await self._stored(told)

    async def _is_ours(self, incoming: Incoming) -> bool:
        return await self._desk.knows(receive.CHANNEL, incoming.conversation)

    async def _stored(self, incoming: Incoming | None) -> BoltResponse:
        if incoming:
            await self._desk.receive(self._placed(incoming))
        return BoltResponse(status=200, body="")

    def _placed(self, incoming: Incoming) -> Incoming:
        """Where there are several workspaces, what is said has to find the right one."""
        team = incoming.person.partition(":")[0]
        return replace(incoming, address={**incoming.address, "team": team}) if self._several else incoming

    async def _command(self, body: dict[str, Any], *, socket: bool) -> BoltResponse:
        call = partial(called, wording=self._wording)
        incoming = receive.from_command(body, self._clock(), call, self._rooms)
        if socket:
            # Nobody tells us whether an answer on a socket arrived, so the outbox sends it.
            return await self._stored(replace(incoming, lane=Lane.SLOW))
        logged = await self._desk.answer(self._placed(incoming), COMMAND_BUDGET)
        pages = messages(logged.reply, self._wording) if logged and logged.reply else []
        if logged is None or len(pages) != 1:
            # It follows by the outbox, whole.
            said = {"text": self._wording.say("chat.later", Lang.JA)}
        else:
            said = pages[0]
            direct.get().append(logged.event)
        return _as_json({"response_type": "ephemeral", **said})

    async def _form(self, body: dict[str, Any]) -> BoltResponse:
        incoming = receive.from_action(body, self._clock(), self._rooms)
        if incoming:
            await self._forms.show(body, self._placed(incoming))
        return BoltResponse(status=200, body="")

    async def _shortcut(self, body: dict[str, Any]) -> BoltResponse:
        if shortcuts.asks_to_consult(body):
            incoming = shortcuts.from_shortcut(body, self._clock(), self._rooms)
            home = await self._forms.home_of(incoming)
            await self._forms.show(
                body, self._placed(shortcuts.at_home(incoming, home) if home else incoming)
            )
        return BoltResponse(status=200, body="")

    async def _submission(self, body: dict[str, Any], *, socket: bool) -> BoltResponse:
        incoming = self._placed(receive.from_submission(body, self._clock()))
        told, event = await self._forms.follow(body["view"], incoming)
        if event and socket:
            # A modal that did not hear us says so, and the same submission again gets the same answer.
            await self._desk.said_directly(event)
        elif event:
            direct.get().append(event)
        return _as_json(told)


def _as_json(answer: Mapping[str, Any]) -> BoltResponse:
    body = json.dumps(answer, ensure_ascii=False)
    return BoltResponse(status=200, body=body, headers={"content-type": ["application/json; charset=utf-8"]})
