"""Teams' endpoint: the gate verifies, we store, and only then is Teams told that we have it."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.teams.api import TeamsApi
from bot.channels.teams.gate import Gate, KeysUnavailable, Unauthorized
from bot.channels.teams.receive import CARD_ACTION, Activity, Malformed, from_activity, tenant_of
from bot.channels.teams.send import TeamsSender, pages
from bot.clock import Clock
from bot.delivery import Hopeless, Later
from bot.desk import Conflict, Desk, Unavailable
from intents.messages import Incoming, Lane
from knowledge.model import Lang
from knowledge.wording import Wording

BODY_LIMIT = 1024 * 1024
# Teams waits longer, but whoever pressed a button looks at it.
ACTION_BUDGET = timedelta(seconds=2)
# The key set is kept fresh well before it is old.
WARM_SECONDS = 240.0
CARD, TOAST, ERROR = (
    "application/vnd.microsoft.card.adaptive",
    "application/vnd.microsoft.activity.message",
    "application/vnd.microsoft.error",
)
log = structlog.get_logger()


class Refusal(Exception):
    """An activity that is not taken: the status and the reason that Teams is told."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@dataclass(frozen=True, slots=True)
class Teams:
    """The endpoint and the sender; `rooms` are the channels of staff."""

    desk: Desk
    wording: Wording
    clock: Clock
    gate: Gate
    api: TeamsApi
    sender: TeamsSender
    rooms: frozenset[str]

    def route(self) -> Route:
        """POST /api/messages."""
        return Route("/api/messages", self._endpoint, methods=["POST"])

    async def keep_warm(self) -> None:
        """Keeps the keys of the identity provider fresh, until cancelled."""
        while True:
            with contextlib.suppress(KeysUnavailable):
                await self.gate.warm()
            await asyncio.sleep(WARM_SECONDS)

    async def _endpoint(self, request: Request) -> Response:
        try:
            activity = await self._admitted(request)
            return await self._taken(activity)
        except Refusal as refused:
            return JSONResponse({"error": refused.why}, refused.status)
        except Unavailable:
            return JSONResponse({"error": "busy: please send it again"}, 503)

    async def _admitted(self, request: Request) -> Activity:
        """The activity of a genuine request. Raises Refusal."""
        activity = _read(await _bounded(request))
        service = activity.get("serviceUrl")
        try:
            await self.gate.admit(
                request.headers.get("authorization", ""), service if isinstance(service, str) else ""
            )
        except Unauthorized as fault:
            log.info("teams_refused", why=str(fault))
            raise Refusal(401, "unauthorized") from fault
        except KeysUnavailable as fault:
            raise Refusal(503, "keys: not at hand, please send it again") from fault
        if not self.gate.belongs(tenant_of(activity)):
            raise Refusal(403, "tenant: not one that this bot serves")
        return activity

    async def _taken(self, activity: Activity) -> Response:
        invoked = activity.get("type") == "invoke"
        if invoked and activity.get("name") != CARD_ACTION:
            raise Refusal(400, f"name: this bot knows the invoke {CARD_ACTION} only")
        try:
            incoming = from_activity(activity, self.clock(), self.rooms, self.wording)
        except Malformed as fault:
            # Genuine but unreadable: nothing is stored, and sending it again would not help.
            log.warning("teams_activity_malformed", missing=str(fault))
            raise Refusal(400, f"{fault}: missing or not a text") from fault
        if incoming is None:
            return Response(status_code=200)
        if invoked:
            return await self._pressed(incoming)
        await self.desk.receive(incoming)
        typing = BackgroundTask(self._typing, incoming) if activity.get("type") == "message" else None
        return Response(status_code=200, background=typing)

    async def _typing(self, incoming: Incoming) -> None:
        """Shows that an answer is coming; nobody misses it when it does not show."""
        address = incoming.address
        if "conversation" in address:
            with contextlib.suppress(Later, Hopeless):
                await self.api.typing(address["service"], address["conversation"])

    # ---------------------------------------------------- buttons

    async def _pressed(self, incoming: Incoming) -> Response:
        if incoming.lane is not Lane.FAST:
            await self.desk.receive(incoming)
            return _told(TOAST, self.wording.say("teams.received", incoming.lang or Lang.JA))
        try:
            logged = await self.desk.answer(incoming, ACTION_BUDGET)
        except Conflict:
            return _told(ERROR, {"code": "Conflict", "message": "id: used before with other content"})
        if logged is None or logged.reply is None:
            return _told(TOAST, self.wording.say("chat.later", Lang.JA))
        if not logged.reply.parts:
            # What was done shows elsewhere, as on the card of a case.
            return _told(TOAST, self.wording.say("teams.received", logged.reply.lang))
        shown = pages(logged.reply, self.wording, alone=True, talk=incoming.address.get("talk", ""))
        if "user" in incoming.address and len(shown) == 1:
            # Where others look on, what is filled in is shown to whoever pressed, and to nobody else.
            await self.desk.said_directly(logged.event)
        else:
            # The outbox puts it into the place of the card as well, for other devices and for later.
            await self.desk.hurry(logged.event)
        return _told(CARD, _card_in(shown[0]))


def _card_in(message: Mapping[str, Any]) -> object:
    return message["attachments"][0]["content"]


def _told(kind: str, value: object) -> Response:
    status = 400 if kind == ERROR else 200
    return JSONResponse({"statusCode": status, "type": kind, "value": value})


async def _bounded(request: Request) -> bytes:
    """The body. Raises Refusal when it is longer than Teams ever sends: strangers can send anything here."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            raise Refusal(413, "body: too large")
        parts.append(part)
    return b"".join(parts)


def _read(body: bytes) -> Activity:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise Refusal(400, "body: not JSON") from fault
    if not isinstance(found, dict):
        raise Refusal(400, "body: not an activity")
    return found
