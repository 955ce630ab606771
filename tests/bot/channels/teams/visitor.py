"""A person in Teams: writes, presses, fills in cards; every request carries a token as the Bot Framework signs it."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

from bot.wiring import House
from tests.teams_connector import TENANT, Body, TeamsConnector

PATIENCE = 10.0


@dataclass
class Visitor:
    """One person in a chat with the desk; `place` puts them into a channel or a group."""

    client: TestClient
    house: House
    connector: TeamsConnector
    name: str = "u1"
    place: Body = field(default_factory=dict)

    def say(self, text: str, **over: Any) -> Body:
        """Writes, waits for the answer, and gives its card."""
        before = len(self.cards())
        assert self.send(self.message(text, **over)).status_code == 200
        return self.next_card(before)

    def message(self, text: str, **over: Any) -> Body:
        """A message; in a channel it mentions the desk."""
        whole = self.connector.activity(text, **self._who())
        if self.place:
            called = {"id": whole["recipient"]["id"], "name": "bot"}
            mention = {"type": "mention", "mentioned": called, "text": "<at>bot</at>"}
            whole |= {"text": f"<at>bot</at> {text}", "entities": [mention]}
        return whole | over

    def press(self, card: Body, label: str, fields: Mapping[str, str] | None = None) -> Body:
        """Presses a button of a card and gives what Teams is told."""
        answer = self.send(self.pressing(card, label, fields))
        assert answer.status_code == 200, answer.text
        told: Body = answer.json()
        return told

    def pressing(self, card: Body, label: str, fields: Mapping[str, str] | None = None) -> Body:
        """The invoke of a button, with what was filled in where the button takes it along."""
        action = next(one for one in actions(card) if one["title"] == label)
        # Teams sends every input along, what was proposed as well as what was typed.
        shown = {one["id"]: one.get("value", "") for one in inputs(card)} | dict(fields or {})
        data = action["data"] | (shown if action["associatedInputs"] == "auto" else {})
        value = {
            "action": {"type": "Action.Execute", "verb": action["verb"], "data": data},
            "trigger": "manual",
        }
        whole = self.connector.activity("", **self._who())
        return whole | {"type": "invoke", "name": "adaptiveCard/action", "value": value, "replyToId": "card"}

    def send(self, activity: Body, token: str | None = None) -> Response:
        """Sends an activity as the Bot Framework does."""
        headers = {"authorization": f"Bearer {token or self.connector.token()}"}
        answer: Response = self.client.post("/api/messages", content=json.dumps(activity), headers=headers)
        return answer

    def cards(self, method: str = "POST") -> list[Body]:
        """The cards that this chat was sent, or that were changed in it."""
        return [
            one.body["attachments"][0]["content"]
            for one in tuple(self.connector.sent)
            if one.method == method and one.conversation == self._chat() and one.body.get("attachments")
        ]

    def next_card(self, after: int, method: str = "POST") -> Body:
        """The first card that comes after so many."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if len(found := self.cards(method)) > after:
                return found[after]
            time.sleep(0.02)
        raise AssertionError("no card came")

    def _chat(self) -> str:
        return str(self.place.get("id") or f"a:{self.name}")

    def _who(self) -> Body:
        chat = {"id": f"a:{self.name}", "conversationType": "personal", "tenantId": TENANT}
        person = {"id": f"29:{self.name}", "name": self.name, "aadObjectId": f"aad-{self.name}"}
        return {"from": person, "conversation": self.place or chat}


def actions(value: object) -> Iterator[Body]:
    """Every button of a card."""
    if isinstance(value, dict):
        if value.get("type") == "Action.Execute":
            yield value
        for name, inner in value.items():
            if name != "fallback":
                yield from actions(inner)
    elif isinstance(value, list):
        for one in value:
            yield from actions(one)


def inputs(value: object) -> Iterator[Body]:
    """Every input of a card."""
    if isinstance(value, dict):
        if str(value.get("type", "")).startswith("Input."):
            yield value
        for inner in value.values():
            yield from inputs(inner)
    elif isinstance(value, list):
        for one in value:
            yield from inputs(one)


def words(card: object) -> str:
    """What a card says."""
    if isinstance(card, dict):
        own = [str(card[name]) for name in ("text", "label", "title") if name in card]
        return " ".join([*own, *(words(inner) for name, inner in card.items() if name != "fallback")]).strip()
    return " ".join(filter(None, map(words, card))) if isinstance(card, list) else ""
