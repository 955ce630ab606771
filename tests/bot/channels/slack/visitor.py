"""A person on Slack: writes, presses, fills in modals; every request is signed as Slack signs it."""

import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier
from sqlalchemy import Row, func, select
from starlette.testclient import TestClient

from bot.channels.slack.blocks import messages
from bot.wiring import House
from knowledge.wording import load_wording
from storage.codec import unpack_reply
from storage.tables import inbox, outbox
from tests.bot.channels.fake_slack import FakeSlack
from tests.bot.conftest import SIGNING_SECRET

View = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


@dataclass
class Visitor:
    """One person in a direct channel; `thread` puts them into a thread of a channel."""

    client: TestClient
    house: House
    slack: FakeSlack
    channel: str = "D1"
    thread: str = ""
    user: str = "U1"
    team: str = "T1"
    organisation: str = ""

    def say(self, text: str) -> list[View]:
        """Writes, waits for the answer, and gives its blocks."""
        kind = "app_mention" if self.thread else "message"
        where = {"channel": self.channel, "channel_type": "channel" if self.thread else "im"}
        event = {"type": kind, "user": self.user, "text": text, "ts": f"{next(_numbers)}.5", **where}
        event |= {"thread_ts": self.thread} if self.thread else {}
        body: View = {"type": "event_callback", "team_id": self.team, "event_id": "E", "event": event}
        body |= {"enterprise_id": self.organisation} if self.organisation else {}
        self._post(json.dumps(body))
        return self.answer_after(self.events)

    def command(self, text: str) -> list[View]:
        """Types the slash command and gives the blocks of its answer."""
        fields = {
            "command": "/jdesk",
            "text": text,
            "team_id": self.team,
            "user_id": self.user,
            "channel_id": "C1",
        }
        way = {"trigger_id": f"c{next(_numbers)}", "token": "x", "response_url": f"{self.slack.url}respond"}
        answer: Any = self._post(urlencode(fields | way), FORM)
        blocks: list[View] = answer["blocks"]
        return blocks

    def press(self, button: View, **more: Any) -> Any:
        """Presses a button of a message, or of a modal where `view` is given."""
        message = {"ts": "9.9"} | ({"thread_ts": self.thread} if self.thread else {})
        way = {"response_url": f"{self.slack.url}respond"}
        place = {} if "view" in more else {"channel": {"id": self.channel}, "message": message} | way
        action = {"action_id": button["action_id"], "value": button["value"], "action_ts": "1.0"}
        payload = {"type": "block_actions", "trigger_id": f"t{next(_numbers)}", "actions": [action]}
        return self.payload(payload | place | more)

    def open(self, blocks: list[View], **more: Any) -> View:
        """Presses the button of a form and gives the modal that Slack was told to open."""
        self.press(form_button(blocks), **more)
        return echoed(self.slack.called("views.open")[-1]["view"])

    def submit(self, view: View, filled: Mapping[str, str] | None = None) -> Any:
        """Fills fields of a modal in by their names and sends it; gives what Slack is told."""
        state = {"values": {block["block_id"]: _state(block, filled or {}) for block in _inputs(view)}}
        return self.payload({"type": "view_submission", "view": view | {"state": state}})

    def event(self, **event: Any) -> None:
        """Something that happens in a channel."""
        id_ = f"E{next(_numbers)}"
        body = {"type": "event_callback", "team_id": self.team, "event_id": id_, "event": event}
        self._post(json.dumps(body))

    def happened(self, second: int, **event: Any) -> None:
        """Something that happened to the app in that second."""
        body: View = {"type": "event_callback", "team_id": self.team, "event_id": f"E{next(_numbers)}"}
        self._post(json.dumps(body | {"event": event, "event_time": second}))

    def payload(self, payload: View) -> Any:
        """Sends something that was pressed, filled in or chosen; gives what Slack is told."""
        whole = {"team": {"id": self.team}, "user": {"id": self.user}, "api_app_id": "A1"} | payload
        return self._post(urlencode({"payload": json.dumps(whole)}), FORM)

    def _post(self, body: str, kind: str = "application/json") -> Any:
        stamp = str(int(time.time()))
        signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
        assert signature is not None
        headers = {"content-type": kind, "x-slack-signature": signature, "x-slack-request-timestamp": stamp}
        answer = self.client.post("/slack/events", content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        structured = "json" in answer.headers.get("content-type", "")
        return answer.json() if structured else answer.text or None

    # ------------------------------------------------ what became of it

    @property
    def events(self) -> int:
        """How many events are stored."""
        with self.house.database.look() as connection:
            return connection.scalar(select(func.count()).select_from(inbox)) or 0

    @property
    def letters(self) -> list[Row[Any]]:
        """The letters of the outbox, oldest first."""
        with self.house.database.look() as connection:
            return list(connection.execute(select(outbox).order_by(outbox.c.id)).all())

    def answer_after(self, count: int) -> list[View]:
        """The blocks of the letter that answers the event of that number."""
        for _ in range(300):
            if len(self.letters) >= count:
                break
            time.sleep(0.01)
        return blocks_of(self.letters[count - 1])


def blocks_of(letter: Row[Any]) -> list[View]:
    """What a letter shows on Slack."""
    return [block for page in messages(unpack_reply(letter.body), load_wording()) for block in page["blocks"]]


def form_button(blocks: list[View]) -> View:
    """The button that opens a form."""
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    found: View = next(one for one in elements if one["action_id"].startswith("form:"))
    return found


def echoed(view: View) -> View:
    """A modal as Slack sends it back."""
    return {"id": "V1", "hash": "h1"} | view


def _inputs(view: View) -> list[View]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _state(block: View, filled: Mapping[str, str]) -> View:
    element, name = block["element"], block["block_id"].partition(":")[2]
    kind = {"type": element["type"]}
    if element["type"] == "plain_text_input":
        return {"value": kind | {"value": filled.get(name, element.get("initial_value"))}}
    chosen = [one for one in element["options"] if one["value"] in filled.get(name, "").split("\n")]
    if element["type"] in ("radio_buttons", "static_select"):
        return {"value": kind | {"selected_option": chosen[0] if chosen else element.get("initial_option")}}
    return {"value": kind | {"selected_options": chosen or element.get("initial_options", [])}}
