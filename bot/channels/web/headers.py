"""What every response of the web chat tells the browser, and the cookies that it sets."""

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.channels.web.receive import LANG_COOKIE
from bot.channels.web.session import COOKIE, COOKIE_SECONDS
from knowledge.model import Lang

SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
HEADERS = SAFE | {
    "content-security-policy": "default-src 'self'; object-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
    "cache-control": "no-store",
}


class Static(StaticFiles):
    """The page's own files; a browser asks each time whether they have changed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with the safety headers."""
        response = await super().get_response(path, scope)
        response.headers.update(SAFE | {"cache-control": "no-cache"})
        return response


def keep(response: Response, token: str, lang: Lang, secure: bool) -> Response:
    """Lets the browser remember the session, hidden from scripts, and the language."""
    for name, value in ((COOKIE, token), (LANG_COOKIE, lang.value)):
        response.set_cookie(
            name, value, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure, path="/"
        )
    return response
