"""The description of the web chat's interface in OpenAPI 3.1, for those who script against it."""

from typing import Any

from pydantic import TypeAdapter

from intents.messages import Reply

_TEXT = {"type": "string"}


def description() -> dict[str, Any]:
    """The document at /openapi.json."""
    schema = TypeAdapter(Reply).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs", {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "J-Credit desk", "version": "1"},
        "paths": {"/api/chat": {"post": _post()}, "/api/chat/stream": {"get": _stream()}},
        "components": {"schemas": {**parts, "Reply": schema}},
    }


def _post() -> dict[str, Any]:
    fields = {
        "session": _TEXT,
        "id": {"type": "string", "format": "uuid"},
        "lang": {"enum": ["ja", "en"]},
        "text": {"type": "string", "maxLength": 2000},
        "action": _TEXT,
        "form": {"type": "object"},
    }
    codes = ("200", "202", "400", "403", "404", "413", "415", "503")
    return {
        "requestBody": {
            "content": {"application/json": {"schema": {"type": "object", "properties": fields}}}
        },
        "responses": {code: {"description": code} for code in codes},
    }


def _stream() -> dict[str, Any]:
    names = ("session", "after")
    return {
        "parameters": [{"name": name, "in": "query", "schema": _TEXT} for name in names],
        "responses": {"200": {"description": "text/event-stream"}, "404": {"description": "404"}},
    }
