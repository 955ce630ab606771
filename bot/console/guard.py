"""The one gate of the console: session, role, then, for what changes something, our own page and its word.

Whoever is turned away learns why and how to go on; it is logged, and written into the audit.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.channels.web.headers import HEADERS
from bot.channels.web.receive import LANG_COOKIE, language
from bot.console import kept
from bot.console.rights import Right
from bot.console.sent import CSRF, Sent, same_origin, sent
from bot.console.sparing import Sparing
from bot.console.turned import Turned
from bot.console.visit import STRANGER, Visit
from bot.wiring import House
from intents.desk.staff_books import StaffMember
from knowledge.render import Pages
from storage.audit import fresh_trace
from storage.books import books
from storage.database import DatabaseDown
from storage.staff import session

log = structlog.get_logger()
COOKIE = "jdesk_staff"
YEAR = 365 * 24 * 3600
Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
# Strangers can knock without end; of those at one door the audit keeps one a minute, the log keeps all.
KNOCKS = timedelta(minutes=1)
# Asked for by the page itself, again and again: nobody is there for that.
BY_ITSELF = frozenset({"queue.news"})
VISIT = "console_visit"


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands before every page."""

    house: House
    pages: Pages
    knocks: Sparing

    def endpoint(self, right: Right, handler: Handler) -> Endpoint:
        """The page behind the gate; its work is synchronous and done in a thread."""

        async def endpoint(request: Request) -> Response:
            try:
                carried = await sent(request) if request.method == "POST" else Sent()
            except ClientDisconnect:
                return Response(status_code=400)
            return await asyncio.to_thread(self._answer, request, carried, right, handler)

        return endpoint

    def _answer(self, request: Request, carried: Sent, right: Right, handler: Handler) -> Response:
        visit = self._stranger(request, carried, right)
        try:
            visit = self._known(visit)
            self._check(visit, right)
            response = handler(visit)
        except Turned as turned:
            response = self._turned(visit, right, turned)
        except DatabaseDown:
            response = kept.page(visit, "down", 503)
            response.headers["retry-after"] = "2"
        return _finish(visit, response)

    async def broken(self, request: Request, fault: Exception) -> Response:
        """The last page: something was not foreseen; what was typed stands on it, with the trace that the log has."""
        visit: Visit = request.scope[VISIT]
        log.error("console_broken", route=visit.right.name, trace=visit.trace, exc_info=fault)
        return _finish(visit, kept.page(visit, "broken", 500, trace=visit.trace))

    def _stranger(self, request: Request, carried: Sent, right: Right) -> Visit:
        now, trace = self.house.clock(), fresh_trace()
        lang = language(request)
        visit = Visit(self.house, self.pages, request, right, carried, STRANGER, "", lang, now, trace)
        return _remembered(visit)

    def _known(self, visit: Visit) -> Visit:
        token = visit.request.cookies.get(COOKIE, "")
        touch = visit.right.name not in BY_ITSELF
        found = session(self.house.database, token, visit.now, touch=touch) if token else None
        return _remembered(_as(visit, *found)) if found else visit

    def _check(self, visit: Visit, right: Right) -> None:
        """Raises Turned unless this person may do this from where it came."""
        changes = right.method == "POST"
        if right.role and not visit.csrf:
            raise Turned(401, "sign_in")
        if right.role and not visit.member.role.may(right.role):
            raise Turned(403, "no_right", {"role": visit.word(f"staff.role_{visit.member.role}")})
        if changes and not same_origin(visit.request):
            raise Turned(403, "cross_site")
        if visit.sent.fault:
            raise visit.sent.fault
        if changes and right.role and not _same(visit.sent.one(CSRF), visit.csrf):
            raise Turned(403, "bad_csrf")

    # ------------------------------------------------ turning away

    def _turned(self, visit: Visit, right: Right, turned: Turned) -> Response:
        role = visit.member.role.value if visit.csrf else "none"
        told = {"route": right.name, "role": role, "problem": turned.problem, "trace": visit.trace}
        log.warning("console_refused", status=turned.status, **told)
        self._note(visit, f"{right.method} {right.path} {role} {turned.problem}")
        if turned.problem == "bad_csrf" or (turned.status == 401 and kept.anything_typed(visit)):
            return kept.page(visit, f"{turned.problem}_kept", turned.status)
        problem = visit.say(turned.problem, **turned.places)
        # Sent by a link of another site, the strict cookie stays at home; asked again by our own page it comes along.
        again = turned.status == 401 and visit.request.method == "GET" and _from_elsewhere(visit.request)
        return visit.page(
            "turned.html.j2", {"why": problem, "status": turned.status, "again": again}, turned.status
        )

    def _note(self, visit: Visit, reason: str) -> None:
        if not visit.csrf and not self.knocks.first(reason, visit.now):
            return
        try:
            with books(self.house.database, visit.now, visit.member.actor, visit.trace) as opened:
                opened.audit.note("console", "refused", reason=reason)
        except DatabaseDown:
            log.error("console_refusal_not_noted", trace=visit.trace)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _as(visit: Visit, member: StaffMember, csrf: str) -> Visit:
    return replace(visit, member=member, csrf=csrf)


def _remembered(visit: Visit) -> Visit:
    """Keeps who asked for what with the request, for when something goes wrong that nobody has foreseen."""
    visit.request.scope[VISIT] = visit
    return visit


def _from_elsewhere(request: Request) -> bool:
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def _finish(visit: Visit, response: Response) -> Response:
    response.headers.update(HEADERS | {"x-trace": visit.trace})
    if visit.asked("lang") in ("ja", "en"):
        secure = visit.house.settings.secure_cookies
        response.set_cookie(
            LANG_COOKIE, visit.lang.value, max_age=YEAR, httponly=True, samesite="lax", secure=secure
        )
    return response
