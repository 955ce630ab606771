"""What a browser or a script sends, read and refused politely: raw JSON in, `Incoming` out."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from starlette.requests import Request

from bot.typed import sound
from intents.messages import Content, Incoming, Lane, Pressed, Said, Submitted
from knowledge.model import Lang

CHANNEL = "web"
LANG_COOKIE = "jdesk_lang"
BODY_LIMIT = 64 * 1024
TEXT_LIMIT = 2000
FIELDS_LIMIT, NAME_LIMIT = 60, 40
_TOKEN = re.compile(r"[!-~]{1,200}")
# How a page without script names the fields of a dialog, so that they cannot be taken for its own.
FIELD = "f."
_FIELDS = frozenset({"session", "id", "lang", "text", "action", "form"})


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A request that is not taken: status, the field at fault, and the sentence `web.<problem>`."""

    status: int
    field: str
    problem: str
    places: tuple[tuple[str, object], ...] = ()


async def body_of(request: Request) -> bytes:
    """The body, read no further than the limit."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_LIMIT:
            raise Refused(413, "body", "body_too_large", (("limit", BODY_LIMIT // 1024),))
        chunks.append(chunk)
    return b"".join(chunks)


def same_site(request: Request) -> None:
    """Refuses what another site's page sent in the visitor's name."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    host = (origin or "").partition("://")[2]
    if site not in ("same-origin", "none") or (origin is not None and host != request.headers.get("host")):
        raise Refused(403, "origin", "cross_site")


def json_only(request: Request) -> None:
    """Refuses other types: a plain form of another site can send those without asking first."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "content-type", "not_json_type")


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object of a body."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise Refused(400, "body", "not_json") from fault
    if not isinstance(fields, dict):
        raise Refused(400, "body", "not_json")
    return fields


def check(fields: dict[str, Any]) -> None:
    """Refuses fields that are unknown or of the wrong type."""
    for name, value in fields.items():
        if name not in _FIELDS:
            raise Refused(400, sound(name[:40]), "unknown_field")
        if name != "form" and not isinstance(value, str):
            raise Refused(400, name, "not_text", (("name", name),))
    if fields.get("lang") not in (None, "ja", "en"):
        raise Refused(400, "lang", "bad_lang")


def form_fields(body: bytes) -> dict[str, Any]:
    """The text, the pressed button or the filled-in form that a page without script sent."""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    sent = dict(pairs)
    if "form" in sent and "action" not in sent:
        fields: dict[str, str] = {}
        for name, value in pairs:
            # Several boxes of one question come one by one; an empty one only says that the question was there.
            if name.startswith(FIELD):
                own = name.removeprefix(FIELD)
                fields[own] = "\n".join(text for text in (fields.get(own, ""), value) if text)
        return {"form": {"token": sent["form"], "fields": fields}}
    name = "action" if "action" in sent else "text"
    return {name: sent.get(name, "")}


def incoming(fields: dict[str, Any], conversation: str, now: datetime) -> Incoming:
    """The event that these fields make."""
    # A typed sentence says by itself which language it is in, so nobody has to give one.
    lang = Lang(fields["lang"]) if "lang" in fields else None
    content = _content(fields)
    key = f"{conversation}:{_id(fields.get('id'))}"
    address = {"conversation": conversation}
    return Incoming(CHANNEL, key, conversation, conversation, content, address, now, lang, Lane.FAST)


def _id(given: str | None) -> str:
    if given is None:
        return uuid4().hex
    try:
        return UUID(given).hex
    except ValueError as fault:
        raise Refused(400, "id", "bad_id") from fault


def _content(fields: dict[str, Any]) -> Content:
    given = [name for name in ("text", "action", "form") if name in fields]
    if len(given) != 1:
        raise Refused(400, "text", "one_of")
    if given == ["form"]:
        return _submitted(fields["form"])
    if given == ["text"]:
        return Said(clean(fields["text"]))
    if not _TOKEN.fullmatch(fields["action"]):
        raise Refused(400, "action", "bad_action")
    return Pressed(fields["action"])


def _submitted(form: Any) -> Submitted:
    """A filled-in form: its token, and a text for each field."""
    token, fields = (form.get("token"), form.get("fields")) if isinstance(form, dict) else (None, None)
    if not isinstance(token, str) or not isinstance(fields, dict) or not _TOKEN.fullmatch(token):
        raise Refused(400, "form", "bad_form")
    if len(fields) > FIELDS_LIMIT:
        raise Refused(400, "form", "too_many_fields", (("limit", FIELDS_LIMIT),))
    return Submitted(token, {name[:NAME_LIMIT]: _field(name, text) for name, text in fields.items()})


def _field(name: str, text: Any) -> str:
    if not isinstance(text, str):
        raise Refused(400, "form", "not_text", (("name", sound(name[:NAME_LIMIT])),))
    rest = sound(text).strip()
    if len(rest) > TEXT_LIMIT:
        places = (("name", sound(name[:NAME_LIMIT])), ("length", len(rest)), ("limit", TEXT_LIMIT))
        raise Refused(400, "form", "field_too_long", places)
    return rest


def clean(text: str) -> str:
    """The text without control and direction characters; refused when too long or empty after that."""
    rest = sound(text).strip()
    if len(rest) > TEXT_LIMIT:
        raise Refused(400, "text", "too_long", (("length", len(rest)), ("limit", TEXT_LIMIT)))
    if not rest:
        raise Refused(400, "text", "empty")
    return rest


def language(request: Request) -> Lang:
    """The visitor's language: what the request names, else the cookie, else the browser's first choice."""
    named = getattr(request.state, "lang", None) or request.query_params.get("lang")
    wished = named or request.cookies.get(LANG_COOKIE)
    if wished in ("ja", "en"):
        return Lang(str(wished))
    first = request.headers.get("accept-language", "ja").split(",")[0].strip().lower()
    return Lang.JA if first.startswith("ja") or first in ("", "*") else Lang.EN
