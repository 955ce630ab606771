"""The routes of the web chat: page, form without script, JSON, stream, description."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.web import receive
from bot.channels.web.calendar import LAST, LOOK_BACK, calendar_response
from bot.channels.web.headers import HEADERS, Static, keep
from bot.channels.web.html import FOLDER, Html
from bot.channels.web.openapi import description
from bot.channels.web.receive import CHANNEL, Refused
from bot.channels.web.session import COOKIE, Sessions
from bot.channels.web.stream import events, frame
from bot.clock import Clock
from bot.desk import Conflict, Desk, Unavailable
from bot.plain_text import letter_text, plain_text
from intents.messages import Incoming, Lane, Opened, Reply
from knowledge.model import Lang
from knowledge.wording import Wording
from storage.messages import Logged

_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
_DOWN = Refused(503, "", "unavailable")
_USED = Refused(409, "id", "id_used")
Handler = Callable[[Request], Awaitable[Response]]


def routes(desk: Desk, sessions: Sessions, wording: Wording, clock: Clock) -> list[BaseRoute]:
    """What the server mounts."""
    chat = WebChat(desk, sessions, wording, clock, Html(wording))
    return [
        Route("/", chat.guard(chat.page), methods=["GET"]),
        Route("/", chat.guard(chat.form), methods=["POST"]),
        Route("/api/chat", chat.guard(chat.post), methods=["POST"]),
        Route("/api/chat/stream", chat.guard(chat.stream), methods=["GET"]),
        Route("/press/{token}", chat.guard(chat.press), methods=["GET"]),
        Route("/calendar/{message:int}.ics", chat.guard(chat.calendar), methods=["GET"]),
        Route("/openapi.json", chat.openapi, methods=["GET"]),
        Mount("/static/web", Static(FOLDER / "static")),
    ]


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose request this is, and in which language to speak to them."""

    token: str
    conversation: str
    lang: Lang


@dataclass(frozen=True, slots=True)
class WebChat:
    """The handlers with what they need."""

    desk: Desk
    sessions: Sessions
    wording: Wording
    clock: Clock
    html: Html

    def guard(self, handler: Handler) -> Handler:
        """A refusal becomes a sentence that names the field; a store that is down becomes 503."""

        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except Refused as refused:
                return self._refusal(request, refused)
            except Unavailable:
                return self._refusal(request, _DOWN)
            except Conflict:
                return self._refusal(request, _USED)
            except ClientDisconnect:
                # Nobody is left to read this; it keeps a fault that is none out of the log.
                return Response(status_code=400)

        return guarded

    def _refusal(self, request: Request, refused: Refused) -> Response:
        message = self._sentence(refused, receive.language(request))
        body = {"error": {"field": refused.field, "message": message}}
        return JSONResponse(body, refused.status, headers=HEADERS | _retry(refused.status))

    def _sentence(self, refused: Refused, lang: Lang) -> str:
        return self.wording.say(f"web.{refused.problem}", lang, **dict(refused.places))

    # ---------------------------------------------------- the page

    async def page(self, request: Request) -> Response:
        """The chat with everything said so far; a new visitor is greeted."""
        visit = self._visit(request)
        try:
            # Link previews ask with HEAD; they need no greeting.
            if request.method == "GET" and not await self.desk.history(CHANNEL, visit.conversation, 0, 1):
                await self._greet(visit)
        except Unavailable:
            return await self._page(visit, _DOWN)
        return await self._page(visit)

    async def form(self, request: Request) -> Response:
        """What a browser without script sends: one field, answered by the page itself."""
        receive.same_site(request)
        visit = self._visit(request)
        fields: dict[str, Any] = {}
        try:
            fields = receive.form_fields(await receive.body_of(request))
            sent = receive.incoming(_with_lang(fields, visit.lang), visit.conversation, self.clock())
            await self.desk.answer(sent)
        except Refused as refused:
            return await self._page(visit, refused, fields.get("text", ""))
        except Unavailable:
            return await self._page(visit, _DOWN, fields.get("text", ""))
        response = RedirectResponse("/#end", 303, headers=HEADERS)
        return keep(response, visit.token, visit.lang, self.sessions.secure)

    async def _page(self, visit: Visit, refused: Refused | None = None, text: str = "") -> Response:
        log: tuple[Logged, ...] = ()
        try:
            log = await self.desk.history(CHANNEL, visit.conversation)
        except Unavailable:
            # The page stands even then, with what could not be sent still in its box.
            refused = refused or _DOWN
        problem = self._sentence(refused, visit.lang) if refused else ""
        status = refused.status if refused else 200
        page = self.html.page(visit.lang, log, problem, text)
        response = HTMLResponse(page, status, headers=HEADERS | _retry(status))
        return keep(response, visit.token, visit.lang, self.sessions.secure)

    async def _greet(self, visit: Visit) -> None:
        who, key = visit.conversation, f"{visit.conversation}:opened"
        address = {"conversation": who}
        await self.desk.answer(
            Incoming(CHANNEL, key, who, who, Opened(), address, self.clock(), visit.lang, Lane.FAST)
        )

    # ---------------------------------------------------- the interface for scripts

    async def post(self, request: Request) -> Response:
        """One message or one pressed button; its reply in the same response when there is time."""
        receive.same_site(request)
        receive.json_only(request)
        fields = receive.parse(await receive.body_of(request))
        request.state.lang = fields.get("lang")
        receive.check(fields)
        visit = self._speaker(request, fields.get("session"), new=True)
        logged = await self.desk.answer(receive.incoming(fields, visit.conversation, self.clock()))
        body: dict[str, Any] = {"session": visit.token, "pending": logged is None}
        if logged and logged.reply:
            body |= {"event": logged.event, "reply": self._reply(logged, logged.reply, visit.lang)}
        response = JSONResponse(body, 202 if logged is None else 200, headers=HEADERS)
        return keep(response, visit.token, visit.lang, self.sessions.secure)

    def _reply(self, logged: Logged, reply: Reply, lang: Lang) -> dict[str, Any]:
        return {
            "id": logged.id,
            "lang": reply.lang.value,
            "text": plain_text(reply, self.wording),
            "html": self.html.message(logged, lang),
            "parts": _REPLY.dump_python(reply, mode="json")["parts"],
        }

    async def stream(self, request: Request) -> Response:
        """Everything after the last message the client has, then each new one."""
        visit = self._speaker(request, request.query_params.get("session"), new=False)
        seen = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        if not seen.isdecimal() or len(seen) > 15:
            raise Refused(400, "after", "bad_after")

        def framed(logged: Logged) -> str:
            read = plain_text if logged.event else letter_text
            text = read(logged.reply, self.wording) if logged.reply else logged.text
            return frame(logged, text, self.html.message(logged, visit.lang))

        messages = aiter(self.desk.follow(CHANNEL, visit.conversation, int(seen)))
        headers = HEADERS | {"x-accel-buffering": "no"}
        return StreamingResponse(events(messages, framed), media_type="text/event-stream", headers=headers)

    async def press(self, request: Request) -> Response:
        """A button of a letter: only asks, as scanners of mail follow links; pressing it is a post of the page."""
        visit = self._visit(request)
        token = request.path_params["token"]
        page = self.html.press(visit.lang, token, await self.desk.letter_button(token))
        return keep(HTMLResponse(page, headers=HEADERS), visit.token, visit.lang, self.sessions.secure)

    async def calendar(self, request: Request) -> Response:
        """An appointment of the visitor's own conversation as a file; of anybody else's there is none."""
        visit = self._speaker(request, None, new=False)
        number, place = request.path_params["message"], request.query_params.get("part", "")
        log = await self.desk.history(CHANNEL, visit.conversation, min(number, LAST) - 1, LOOK_BACK)
        return calendar_response(log, number, place, self.clock())

    async def openapi(self, _: Request) -> Response:
        """The description of the interface."""
        return JSONResponse(description(), headers=HEADERS)

    # ---------------------------------------------------- who it is

    def _visit(self, request: Request) -> Visit:
        """Who opens the page; an old cookie, signed by a secret that is gone, simply begins anew."""
        token = request.cookies.get(COOKIE, "")
        if self.sessions.conversation(token) is None:
            token = self.sessions.new()
        return self._visit_of(token, request)

    def _speaker(self, request: Request, given: str | None, *, new: bool) -> Visit:
        """Who speaks through the interface: a token that is not ours, or two that differ, open nothing."""
        cookie = request.cookies.get(COOKIE)
        if given is not None and cookie is not None and given != cookie:
            raise Refused(404, "session", "no_session")
        token = cookie if given is None else given
        if token is None and new:
            token = self.sessions.new()
        return self._visit_of(token or "", request)

    def _visit_of(self, token: str, request: Request) -> Visit:
        conversation = self.sessions.conversation(token)
        if conversation is None:
            raise Refused(404, "session", "no_session")
        return Visit(token, conversation, receive.language(request))


def _retry(status: int) -> dict[str, str]:
    return {"retry-after": "2"} if status == 503 else {}


def _with_lang(fields: dict[str, Any], lang: Lang) -> dict[str, Any]:
    # A typed sentence says by itself which language it is in; a button has to be told.
    return fields if "text" in fields else {**fields, "lang": lang.value}
