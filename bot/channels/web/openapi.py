"""The description of the web chat's interface in OpenAPI 3.1, for those who script against it."""

from typing import Any

from pydantic import TypeAdapter

from bot.channels.web.receive import TEXT_LIMIT
from bot.channels.web.session import COOKIE
from intents.messages import Reply

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_LANG = {"enum": ["ja", "en"]}


def description() -> dict[str, Any]:
    """The document at /openapi.json."""
    schema = TypeAdapter(Reply).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs", {})
    own = {"Request": _request(), "Answer": _answer(schema["properties"]["parts"]), "Problem": _problem()}
    cookie = {"type": "apiKey", "in": "cookie", "name": COOKIE}
    return {
        "openapi": "3.1.0",
        "info": {"title": "J-Credit desk", "version": "1"},
        "paths": {"/api/chat": {"post": _post()}, "/api/chat/stream": {"get": _stream()}},
        "components": {"schemas": {**parts, **own}, "securitySchemes": {"session": cookie}},
    }


def _post() -> dict[str, Any]:
    answers = {code: _json(code, "Answer") for code in ("200", "202")}
    problems = {code: _json(code, "Problem") for code in ("400", "403", "404", "409", "413", "415", "503")}
    return {
        "operationId": "say",
        "requestBody": {"required": True, **_content("Request")},
        "responses": answers | problems,
    }


def _stream() -> dict[str, Any]:
    places = (("session", "query", _TEXT), ("after", "query", _NUMBER), ("Last-Event-ID", "header", _NUMBER))
    parameters = [{"name": name, "in": place, "schema": schema} for name, place, schema in places]
    events = {"description": "200", "content": {"text/event-stream": {"schema": _TEXT}}}
    problems = {code: _json(code, "Problem") for code in ("400", "404")}
    return {"operationId": "follow", "parameters": parameters, "responses": {"200": events} | problems}


def _request() -> dict[str, Any]:
    fields = {
        "session": _TEXT,
        "id": {"type": "string", "format": "uuid"},
        "lang": _LANG,
        "text": {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT},
        "action": _TEXT,
        "form": {
            "type": "object",
            "properties": {"token": _TEXT, "fields": {"type": "object", "additionalProperties": _TEXT}},
            "required": ["token", "fields"],
        },
    }
    one_of = [{"required": [name]} for name in ("text", "action", "form")]
    return {"type": "object", "properties": fields, "additionalProperties": False, "oneOf": one_of}


def _answer(parts: dict[str, Any]) -> dict[str, Any]:
    reply = {"id": _NUMBER, "lang": _LANG, "text": _TEXT, "html": _TEXT, "parts": parts}
    fields = {
        "session": _TEXT,
        "pending": {"type": "boolean"},
        "event": _NUMBER,
        "reply": {"type": "object", "properties": reply, "required": list(reply)},
    }
    return {"type": "object", "properties": fields, "required": ["session", "pending"]}


def _problem() -> dict[str, Any]:
    fault = {"type": "object", "properties": {"field": _TEXT, "message": _TEXT}}
    return {"type": "object", "properties": {"error": fault}, "required": ["error"]}


def _json(code: str, schema: str) -> dict[str, Any]:
    return {"description": code, **_content(schema)}


def _content(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}
