"""The story before the web chat, in a real browser."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, sync_playwright

from tests.e2e.conftest import FLAGS
from tests.e2e.dialog_pages import Chat
from tests.e2e.same_books import setting_here, verbs
from tests.e2e.same_story import printed, tell
from tests.e2e.slack_control import until

PORT = 8181
URL = f"http://127.0.0.1:{PORT}/"


@dataclass
class OnWeb:
    """A visitor before the page."""

    chat: Chat
    channel = "web"

    def say(self, text: str) -> None:
        """Writes."""
        self.chat.say(text)

    def press(self, label: str) -> None:
        """Presses the first button of that name in what was said last."""
        self.chat.press(label)

    def fill(self, values: Mapping[str, str], checked: Callable[[], bool]) -> None:
        """Sends the form as often as it comes back."""
        while not checked():
            done = set[str]()
            for control in self.chat.form.locator("[name^='f.']:not([type=hidden])").all():
                name = (control.get_attribute("name") or "").removeprefix("f.")
                if control.is_visible() and name not in done:
                    done.add(name)
                    _enter(control, values.get(name, ""))
            self.chat.send_on()

    def sees(self) -> str:
        """The page."""
        return self.chat.page.inner_text("body")


def _enter(control: Locator, text: str) -> None:
    """Types, or takes the first of what can be chosen."""
    kind = str(control.evaluate("e => e.type"))
    if kind in ("radio", "checkbox"):
        control.check()
    elif kind.startswith("select"):
        first = control.evaluate("e => [...e.options].findIndex(one => one.value)")
        control.select_option(index=int(first))
    else:
        control.fill(text)


@contextmanager
def _serving(folder: Path, verbs: tuple[tuple[str, ...], ...]) -> Iterator[None]:
    settings = {
        "JDESK_DATA_DIR": str(folder),
        "JDESK_PORT": str(PORT),
        "JDESK_SECRET": "s" * 40,
        "JDESK_SECURE_COOKIES": "false",
    }
    jdesk, environment = [sys.executable, "-m", "bot"], os.environ | settings
    with (folder / "log").open("w") as log:
        for verb in (("migrate",), *verbs):
            subprocess.run([*jdesk, *verb], env=environment, check=True, stdout=log, stderr=log)
        server = subprocess.Popen([*jdesk, "serve"], env=environment, stdout=log, stderr=log)
        try:
            assert until(lambda: urllib.request.urlopen(f"{URL}readyz", timeout=5), 40)
            yield
        finally:
            server.terminate()
            server.wait(10)


def main(folder: Path) -> None:
    """Plays it and prints what was seen."""
    setting = setting_here()
    with _serving(folder, verbs(folder)), sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_context(locale="ja-JP").new_page()
        printed(tell(OnWeb(Chat(page).open(URL)), folder, setting))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
