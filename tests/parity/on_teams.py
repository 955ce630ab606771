"""Teams: cards to press and to fill in."""

import html
from collections.abc import Mapping
from urllib.parse import quote

from intents.forms import Form
from tests.bot.channels.teams.visitor import Visitor, actions, inputs
from tests.parity.house import Home
from tests.parity.log import Log
from tests.parity.player import Body, NotShown, given, until_done, until_wrong
from tests.teams_connector import TENANT

CARD = "application/vnd.microsoft.card.adaptive"


class Teams:
    """Somebody in their own chat with the bot; in a `thread` of a channel where others look on."""

    name = channel = "teams"

    def __init__(self, home: Home, user: str = "u1", thread: str = "") -> None:
        self.home = home
        self.log = Log(home.database, self.channel, f"messageid={thread}" if thread else f":a:{user}")
        there = {"id": f"19:c1@thread.tacv2;messageid={thread}", "conversationType": "channel"}
        place = there | {"tenantId": TENANT} if thread else {}
        self._visitor = Visitor(home.client, home.house, home.outside.connector, user, place)
        self._instead: Body | None = None

    def say(self, text: str) -> None:
        self._instead = None
        # Teams escapes what is typed as it does in HTML.
        whole = self._visitor.message(html.escape(text, quote=False))
        assert self._visitor.send(whole).status_code == 200
        self.home.settle()

    def press(self, label: str) -> None:
        found = [one for card in self.shown() for one in actions(card) if one["title"] == label]
        if not found:
            raise NotShown(f"{self.name}: {label}")
        self._send(self._visitor.pressing({"actions": found[-1:]}, label))

    def fill(self, fields: Mapping[str, str]) -> None:
        until_done(self.log, lambda form: self._fill(form, fields))

    def slip(self, fields: Mapping[str, str]) -> None:
        until_wrong(self.log, lambda form: self._fill(form, fields))

    def shown(self) -> list[Body]:
        """The cards to be seen where this person is, oldest first."""
        return [*self._visitor.cards(), *([self._instead] if self._instead else [])]

    def _fill(self, form: Form, fields: Mapping[str, str]) -> None:
        """Sends the card that is open, or opens it."""
        card = next(one for one in reversed(self.shown()) if _titled(one, form.submit, form.open_label))
        if _titled(card, form.submit):
            self._send(self._visitor.pressing(card, form.submit, _inputs(card, given(form, fields))))
        else:
            self._send(self._visitor.pressing(card, form.open_label))

    def _send(self, activity: Body) -> None:
        answer = self._visitor.send(activity)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        self._instead = told["value"] if told["type"] == CARD else None
        self.home.settle()


def _titled(card: Body, *labels: str) -> bool:
    return any(one["title"] in labels for one in actions(card))


def _inputs(card: Body, fields: Mapping[str, str]) -> dict[str, str]:
    """What stands in the inputs of a card, as Teams sends it."""
    found = {}
    for one in inputs(card):
        name, is_list = one["id"].split(":")[1], one["id"].endswith(":list")
        values = fields[name].split("\n")
        found[one["id"]] = ",".join(quote(value, safe=" ") for value in values) if is_list else fields[name]
    return found
