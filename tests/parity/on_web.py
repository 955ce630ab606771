"""The web chat: in a browser, and for somebody who only reads plain text and only types."""

import html
import re
from collections.abc import Mapping

from bot.plain_text import plain_text
from intents.forms import FieldKind, Form
from intents.messages import Reply
from knowledge.model import Lang
from storage.messages import reply_to
from tests.parity.house import Home
from tests.parity.log import Log
from tests.parity.player import Body, NotShown, given, until_done, until_wrong
from tests.world import WORDING

# One question after the other, and the same one again after a slip.
QUESTIONS = 40
LIST = re.compile(r"^(\d+)\) (.*)$", re.MULTILINE)


class Web:
    """A browser: the page for what is to be seen, JSON for what is sent."""

    name = channel = "web"

    def __init__(self, home: Home) -> None:
        self.home, self._session = home, ""
        self.log = Log(home.database, self.channel)

    def say(self, text: str) -> None:
        self._post({"text": text})

    def press(self, label: str) -> None:
        words = re.escape(html.escape(label))
        token = self._found(rf'<button name="action" value="([^"]+)"[^>]*>(?:<span.*?</span> )?{words}<')
        self._post({"action": token})

    def pushed(self, token: str) -> Reply:
        """Presses the button of that token and gives the answer."""
        logged = reply_to(self.home.database, self._post({"action": token})["event"])
        assert logged
        assert logged.reply
        return logged.reply

    def fill(self, fields: Mapping[str, str]) -> None:
        until_done(self.log, lambda form: self._send(form, fields))

    def slip(self, fields: Mapping[str, str]) -> None:
        until_wrong(self.log, lambda form: self._send(form, fields))

    def page(self) -> str:
        """What the page shows."""
        self.home.client.cookies.clear()
        if self._session:
            self.home.client.cookies.set("jdesk_session", self._session)
        answer = self.home.client.get("/")
        self._session = self._session or answer.cookies["jdesk_session"]
        return str(answer.text)

    def _send(self, form: Form, fields: Mapping[str, str]) -> None:
        token = self._found(r'<input type="hidden" name="form" value="([^"]+)">')
        self._post({"form": {"token": token, "fields": given(form, fields)}})

    def _found(self, pattern: str) -> str:
        found = re.findall(pattern, self.page())
        if not found:
            raise NotShown(f"{self.name}: {pattern}")
        return str(found[-1])

    def _post(self, body: Body) -> Body:
        self.home.client.cookies.clear()
        whole = body | ({"session": self._session} if self._session else {})
        answer = self.home.client.post("/api/chat", json=whole)
        assert answer.status_code == 200, answer.text
        told: Body = answer.json()
        self._session = told["session"]
        self.home.settle()
        return told


class Text(Web):
    """A number where the last answer shows numbers, else words; a form is asked field by field."""

    name = "text"

    def press(self, label: str) -> None:
        numbers = {shown: number for number, shown in LIST.findall(plain_text(self.log.last(), WORDING))}
        self.say(numbers.get(label, label))

    def fill(self, fields: Mapping[str, str]) -> None:
        until_done(self.log, lambda form: self._answer(form, fields), QUESTIONS)

    def slip(self, fields: Mapping[str, str]) -> None:
        until_wrong(self.log, lambda form: self._answer(form, fields))

    def _answer(self, form: Form, fields: Mapping[str, str]) -> None:
        self.say(typed(form, fields, self.log.last().lang))


def typed(form: Form, fields: Mapping[str, str], lang: Lang) -> str:
    """The answer to the question in hand, in words."""
    asked = next(field for field in form.fields if field.name == form.asked)
    if asked.kind is FieldKind.CHECK:
        return {Lang.JA: "はい", Lang.EN: "yes"}[lang]
    text = fields.get(asked.name, "")
    labels = {option.value: option.label for option in asked.options}
    joint = "\n" if asked.kind is FieldKind.TEXT else "、"
    words = joint.join(labels.get(line, line) for line in text.split("\n"))
    return words or {Lang.JA: "スキップ", Lang.EN: "skip"}[lang]
