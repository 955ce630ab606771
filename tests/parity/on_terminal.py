"""The terminal: `jdesk chat`, typed line by line, with nothing to press."""

from collections.abc import Mapping
from queue import Queue

from bot.channels.terminal import converse
from intents.forms import Form
from knowledge.model import Lang
from tests.parity.house import Home
from tests.parity.log import Log
from tests.parity.on_web import LIST, QUESTIONS, typed
from tests.parity.player import until_done, until_wrong
from tests.world import WORDING

PATIENCE = 10.0


class Terminal:
    """One conversation; what is to be seen is what is printed."""

    name = channel = "terminal"

    def __init__(self, home: Home) -> None:
        self.home = home
        self.log = Log(home.database, self.channel)
        self._typed, self._printed = Queue[str | None](), Queue[str]()
        assert home.client.portal
        self._going_on = home.client.portal.start_task_soon(self._talk)
        home.leaving.append(self._leave)
        self._screen = self._printed.get(timeout=PATIENCE)

    def say(self, text: str) -> None:
        self._typed.put(text)
        self._screen = self._printed.get(timeout=PATIENCE)
        self.home.settle()

    def press(self, label: str) -> None:
        numbers = {shown: number for number, shown in LIST.findall(self._screen)}
        self.say(numbers.get(label, label))

    def fill(self, fields: Mapping[str, str]) -> None:
        until_done(self.log, lambda form: self._answer(form, fields), QUESTIONS)

    def slip(self, fields: Mapping[str, str]) -> None:
        until_wrong(self.log, lambda form: self._answer(form, fields))

    async def _talk(self) -> None:
        office, shown = self.home.house.office, self._printed.put
        await converse(office, WORDING, self.home.hands, self._typed.get, shown, Lang.JA)

    def _leave(self) -> None:
        self._typed.put(None)
        self._going_on.result(PATIENCE)

    def _answer(self, form: Form, fields: Mapping[str, str]) -> None:
        self.say(typed(form, fields, self.log.last().lang))
