"""The routes of the web chat: page, form without script, JSON, stream, description."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web import receive
from bot.channels.web.html import FOLDER, Html
from bot.channels.web.openapi import description
from bot.channels.web.receive import CHANNEL, Refused
from bot.channels.web.session import COOKIE, COOKIE_SECONDS, Sessions
from bot.clock import Clock
from bot.desk import Desk, Unavailable
from bot.plain_text import plain_text
from intents.messages import Incoming, Lane, Opened, Reply, Said
from knowledge.model import Lang
from knowledge.wording import Wording
from storage.messages import Logged

PING_SECONDS = 15
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
_HEADERS = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
Handler = Callable[[Request], Awaitable[Response]]


def routes(desk: Desk, sessions: Sessions, wording: Wording, clock: Clock) -> list[BaseRoute]:
    """What the server mounts."""
    chat = WebChat(desk, sessions, wording, clock, Html(wording))
    return [
        Route("/", chat.guard(chat.page), methods=["GET"]),
        Route("/", chat.guard(chat.form), methods=["POST"]),
        Route("/api/chat", chat.guard(chat.post), methods=["POST"]),
        Route("/api/chat/stream", chat.guard(chat.stream), methods=["GET"]),
        Route("/openapi.json", chat.openapi, methods=["GET"]),
        Mount("/static/web", StaticFiles(directory=FOLDER / "static")),
    ]


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
                response = self._refusal(request, Refused(503, "", "unavailable"))
                response.headers["retry-after"] = "2"
                return response

        return guarded

    def _refusal(self, request: Request, refused: Refused) -> Response:
        lang = receive.language(request)
        message = self.wording.say(f"web.{refused.problem}", lang, **dict(refused.places))
        body = {"error": {"field": refused.field, "message": message}}
        return JSONResponse(body, refused.status, headers=_HEADERS)

    # ---------------------------------------------------- the page

    async def page(self, request: Request) -> Response:
        """The chat with everything said so far; a new visitor is greeted."""
        token, conversation = self._session(request, None)
        lang = receive.language(request)
        if not await self.desk.history(CHANNEL, conversation, 0, 1):
            await self._answer(conversation, "opened", Opened(), lang)
        log = await self.desk.history(CHANNEL, conversation)
        messages = [{"id": logged.id, "html": self.html.message(logged, lang)} for logged in log]
        last = log[-1].id if log else 0
        texts = json.dumps({name: self.wording.say(f"web.{name}", lang) for name in _SCRIPT_TEXTS})
        page = self.html.page(
            "page.html.j2", lang, messages=messages, last=last, texts=texts, problem="", text=""
        )
        return self._keep(HTMLResponse(page, headers=_HEADERS), token, lang)

    async def form(self, request: Request) -> Response:
        """What a browser without script sends: one field, answered by the page itself."""
        receive.same_site(request)
        token, conversation = self._session(request, None)
        body = await receive.body_of(request)
        fields = dict(_pairs(body))
        lang = receive.language(request)
        content = {name: fields[name] for name in ("text", "action") if fields.get(name)}
        event = receive.incoming({**content, "lang": lang.value}, conversation, self.clock())
        await self.desk.answer(event)
        return self._keep(RedirectResponse("/", 303), token, lang)

    async def _answer(self, conversation: str, key: str, said: Said | Opened, lang: Lang) -> None:
        event = Incoming(
            CHANNEL,
            f"{conversation}:{key}",
            conversation,
            conversation,
            said,
            {},
            self.clock(),
            lang,
            Lane.FAST,
        )
        await self.desk.answer(event)

    # ---------------------------------------------------- the interface for scripts

    async def post(self, request: Request) -> Response:
        """One message or one pressed button; its reply in the same response when there is time."""
        receive.same_site(request)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise Refused(415, "content-type", "not_json_type")
        fields = receive.parse(await receive.body_of(request))
        token, conversation = self._session(request, fields.get("session"))
        event = receive.incoming(fields, conversation, self.clock())
        logged = await self.desk.answer(event)
        lang = receive.language(request, fields.get("lang"))
        body: dict[str, Any] = {"session": token, "pending": logged is None}
        if logged and logged.reply:
            body |= {"event": logged.event, "reply": self._reply(logged, lang)}
        return self._keep(JSONResponse(body, 202 if logged is None else 200, headers=_HEADERS), token, lang)

    def _reply(self, logged: Logged, lang: Lang) -> dict[str, Any]:
        assert logged.reply is not None
        return {
            "id": logged.id,
            "lang": logged.reply.lang.value,
            "text": plain_text(logged.reply, self.wording),
            "html": self.html.message(logged, lang),
            "parts": _REPLY.dump_python(logged.reply, mode="json")["parts"],
        }

    async def stream(self, request: Request) -> Response:
        """Everything after the last message the client has, then each new one."""
        token = request.query_params.get("session") or request.cookies.get(COOKIE, "")
        conversation = self.sessions.conversation(token)
        if conversation is None:
            raise Refused(404, "session", "no_session")
        seen = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        if not seen.isdecimal() or len(seen) > 15:
            raise Refused(400, "after", "bad_after")
        events = self._events(conversation, int(seen), receive.language(request))
        headers = _HEADERS | {"x-accel-buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    async def _events(self, conversation: str, after: int, lang: Lang) -> AsyncIterator[str]:
        yield ": open\n\n"
        messages = aiter(self.desk.follow(CHANNEL, conversation, after))
        coming: asyncio.Task[Logged] = asyncio.ensure_future(anext(messages))
        try:
            while True:
                done, _ = await asyncio.wait({coming}, timeout=PING_SECONDS)
                if not done:
                    yield ": ping\n\n"
                    continue
                logged = coming.result()
                yield f"id: {logged.id}\nevent: message\ndata: {self._event(logged, lang)}\n\n"
                coming = asyncio.ensure_future(anext(messages))
        finally:
            coming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await coming

    def _event(self, logged: Logged, lang: Lang) -> str:
        html = self.html.message(logged, lang)
        text = plain_text(logged.reply, self.wording) if logged.reply else logged.text
        row = {
            "id": logged.id,
            "author": logged.author,
            "at": logged.at.isoformat(),
            "text": text,
            "html": html,
        }
        return json.dumps(row, ensure_ascii=False)

    async def openapi(self, _: Request) -> Response:
        """The description of the interface."""
        return JSONResponse(description())

    # ---------------------------------------------------- who it is

    def _session(self, request: Request, given: str | None) -> tuple[str, str]:
        cookie = request.cookies.get(COOKIE)
        if given and cookie and given != cookie:
            raise Refused(404, "session", "no_session")
        token = given or cookie or self.sessions.new()
        conversation = self.sessions.conversation(token)
        if conversation is None and given is None:
            # An old cookie, signed by a secret that is gone: the visitor simply begins anew.
            token = self.sessions.new()
            conversation = self.sessions.conversation(token)
        if conversation is None:
            raise Refused(404, "session", "no_session")
        return token, conversation

    def _keep(self, response: Response, token: str, lang: Lang) -> Response:
        secure = self.sessions.secure
        response.set_cookie(
            COOKIE, token, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure, path="/"
        )
        response.set_cookie(
            "jdesk_lang", lang.value, max_age=COOKIE_SECONDS, samesite="lax", secure=secure, path="/"
        )
        return response


_SCRIPT_TEXTS = ("sending", "thinking", "not_sent", "send_again", "reconnecting")


def _pairs(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
