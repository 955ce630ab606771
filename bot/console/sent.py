"""What a form of the console sent: texts and files, cleaned and limited; and whether our own page sent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.console.turned import Turned
from bot.typed import sound

BODY_LIMIT, FIELDS_LIMIT = 2 * 1024 * 1024, 200
CSRF = "csrf"


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form by name, each with all its values, and the files by name; or why it could not be read."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    fault: Turned | None = None

    def one(self, name: str) -> str:
        """The last value of a field; empty where there is none."""
        return self.fields.get(name, ("",))[-1]

    def several(self, name: str) -> tuple[str, ...]:
        """Every value of a field that is not empty."""
        return tuple(value for value in self.fields.get(name, ()) if value)

    @property
    def plain(self) -> dict[str, str]:
        """Each field with its last value."""
        return {name: values[-1] for name, values in self.fields.items()}


async def sent(request: Request) -> Sent:
    """What a POST carries; refused without a length (411), when it is too much (413), and when it is no form (400)."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        return Sent(fault=Turned(411, "no_length"))
    if int(length) > BODY_LIMIT:
        return Sent(fault=Turned(413, "too_much", {"limit": BODY_LIMIT // 1024 // 1024}))
    try:
        async with request.form(max_files=2, max_fields=FIELDS_LIMIT, max_part_size=BODY_LIMIT) as form:
            files = {name: await one.read() for name, one in form.items() if isinstance(one, UploadFile)}
            return Sent(_texts(form), files)
    except (HTTPException, UnicodeError):
        return Sent(fault=Turned(400, "no_form"))


def _texts(form: FormData) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found[name] = (*found.get(name, ()), sound(value))
    return found


def same_origin(request: Request) -> bool:
    """Whether our own page sent it: a browser names the origin; without it, it must say that the site is the same."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return site == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")
