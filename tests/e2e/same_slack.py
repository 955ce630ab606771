"""The story before the Slack emulator."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientSession

from tests.bot.channels.teams.visitor import words
from tests.e2e.same_books import setting_here, verbs
from tests.e2e.same_story import printed, tell
from tests.e2e.slack_control import SLACK, call, running, until
from tests.e2e.slack_modal import Screen, View
from tests.e2e.slack_nudge import config, press, said, text_of

OPEN = "フォームで入力する"


@dataclass
class OnSlack:
    """Alice in their direct messages; `modal` is what stands over them."""

    screen: Screen
    loop: asyncio.AbstractEventLoop
    modal: View = field(default_factory=dict)
    channel = "slack"

    def say(self, text: str) -> None:
        """Writes."""
        self.modal = {}
        call("message", {"channel": "D01AL", "user": "U01ALICE", "text": text})

    def press(self, label: str) -> None:
        """Presses the newest button of that name, or the one below the modal."""
        if self.modal.get("submit", {}).get("text") == label:
            self.loop.run_until_complete(self.screen.submit(self.modal))
            self.modal = {}
            return
        message = until(lambda: next((one for one in reversed(said()) if label in text_of(one)), None))
        assert message, label
        press(message, label)

    def fill(self, values: Mapping[str, str], checked: Callable[[], bool]) -> None:
        """Opens the modal and sends it as often as another takes its place."""
        self.press(OPEN)
        self.loop.run_until_complete(self._fill(values, checked))

    async def _fill(self, values: Mapping[str, str], checked: Callable[[], bool]) -> None:
        self.modal = await self.screen.modal()
        while not checked():
            await self.screen.submit(self.modal, **values)
            self.modal = await self.screen.modal()

    def sees(self) -> str:
        """The messages, and the modal over them."""
        return " ".join([words(self.modal), *(words(one["blocks"]) for one in said())])


async def _opened() -> tuple[ClientSession, Screen, "asyncio.Task[None]"]:
    web = ClientSession()
    screen = Screen(await web.ws_connect(f"http://127.0.0.1:{SLACK}/ui"))
    return web, screen, asyncio.create_task(screen.read())


def main(binary: str, folder: Path) -> None:
    """Plays it and prints what was seen."""
    setting, loop = setting_here(), asyncio.new_event_loop()
    with running(binary, "events", folder, config("events"), {}, verbs(folder)):
        web, screen, reading = loop.run_until_complete(_opened())
        printed(tell(OnSlack(screen, loop), folder, setting))
        reading.cancel()
        loop.run_until_complete(web.close())
    loop.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
