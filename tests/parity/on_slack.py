"""Slack: messages with buttons, and modals over them."""

import json
from collections.abc import Mapping
from typing import Any

from tests.bot.channels.slack.visitor import Visitor, echoed
from tests.parity.house import Home
from tests.parity.log import Log
from tests.parity.player import NUMBERS, Body, NotShown, form_in, given, until_done, until_wrong


class Slack:
    """Somebody in their direct channel; in a `thread` of a channel where others look on."""

    name = channel = "slack"

    def __init__(self, home: Home, user: str = "U1", thread: str = "") -> None:
        self.home = home
        where = "C1" if thread else f"D{user[1:]}"
        self.log = Log(home.database, self.channel, f":{thread or where}")
        self._visitor = Visitor(home.client, home.house, home.outside.slack, where, thread, user)
        self._modal: Body | None = None
        # What Slack was told about submitted modals.
        self.told: list[Body] = []

    def say(self, text: str) -> None:
        self._modal = None
        visitor = self._visitor
        event = {"type": "message", "channel_type": "im"}
        if visitor.thread:
            event = {"type": "app_mention", "channel_type": "channel", "thread_ts": visitor.thread}
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        visitor.event(
            channel=visitor.channel, user=visitor.user, text=escaped, ts=f"{next(NUMBERS)}.7", **event
        )
        self.home.settle()

    def press(self, label: str) -> None:
        modal = self._modal
        if modal and modal["submit"]["text"] == label:
            self._submit({})
        elif modal and (button := _button(modal["blocks"], label)):
            self._press(button, view=modal)
        else:
            self._press(self._seen(label))

    def fill(self, fields: Mapping[str, str]) -> None:
        self._open()
        until_done(self.log, lambda form: self._submit(given(form, fields)))

    def slip(self, fields: Mapping[str, str]) -> None:
        self._open()
        until_wrong(self.log, lambda form: self._submit(given(form, fields)))

    def posted(self) -> list[list[Body]]:
        """The blocks of what was posted where this person is, oldest first."""
        mine = (one for one in self.home.outside.slack.posted if one["channel"] == self._visitor.channel)
        return [_decoded(one["blocks"]) for one in mine]

    def _seen(self, label: str) -> Body:
        for blocks in reversed(self.posted()):
            if button := _button(blocks, label):
                return button
        raise NotShown(f"{self.name}: {label}")

    def _open(self) -> None:
        if self._modal is None:
            form = form_in(self.log.last())
            assert form
            self._press(self._seen(form.open_label))

    def _press(self, button: Body, **more: Any) -> None:
        calls = len(self.home.outside.slack.calls)
        self._visitor.press(button, **more)
        self.home.settle()
        self._modal = None
        for method, body in self.home.outside.slack.calls[calls:]:
            if method in ("views.open", "views.update"):
                self._modal = echoed(_decoded(body["view"]))

    def _submit(self, fields: Mapping[str, str]) -> None:
        assert self._modal
        # Slack gives every view an id of its own.
        told = self._visitor.submit(self._modal | {"id": f"V{next(NUMBERS)}"}, fields) or {}
        self.told.append(told)
        if told.get("response_action") != "errors":
            self._modal = echoed(told["view"]) if "view" in told else None
        self.home.settle()


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _button(blocks: list[Body], label: str) -> Body | None:
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return next((one for one in reversed(elements) if one["text"]["text"] == label), None)
