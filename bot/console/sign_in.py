"""Signing in by a one-time link and signing out. Scanners of mail follow links, so opening one uses nothing up."""

from starlette.responses import Response

from bot.console.guard import COOKIE
from bot.console.rights import ROOT
from bot.console.turned import Turned
from bot.console.visit import Visit
from storage.staff import LONGEST, close_session, use_login


def ask(visit: Visit) -> Response:
    """The page with the one button that uses the link."""
    return visit.page("login.html.j2", {"token": visit.place("token")})


def use(visit: Visit) -> Response:
    """Uses the link and opens a session; one that is used, late or foreign opens nothing (403)."""
    opened = use_login(visit.database, visit.place("token"), visit.now, visit.trace)
    if opened is None:
        raise Turned(403, "bad_link")
    response = visit.back("")
    response.set_cookie(
        COOKIE,
        opened[1],
        max_age=int(LONGEST.total_seconds()),
        path=ROOT,
        httponly=True,
        samesite="strict",
        secure=visit.house.settings.secure_cookies,
    )
    return response


def out(visit: Visit) -> Response:
    """Ends the session, here and in the books."""
    close_session(visit.database, visit.request.cookies.get(COOKIE, ""), visit.now, visit.trace)
    response = visit.page("signed_out.html.j2", {"csrf": "", "menu": []})
    response.delete_cookie(
        COOKIE, path=ROOT, httponly=True, samesite="strict", secure=visit.house.settings.secure_cookies
    )
    return response
