"""Messages and the page as HTML, by templates that escape everything."""

import json
from collections.abc import Callable
from pathlib import Path

from bot.clock import TOKYO
from knowledge.model import Lang
from knowledge.render import Pages
from knowledge.wording import Wording
from storage.messages import Logged

FOLDER = Path(__file__).parent
_SAFE = ("https://", "http://", "mailto:")
_SCRIPT_TEXTS = ("person", "sending", "thinking", "not_sent", "send_again", "noted")


class Html:
    """Renders the page and each message in it."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._pages = Pages(FOLDER / "templates", safe_url=safe_url)

    def message(self, logged: Logged, lang: Lang) -> str:
        """One message, the person's or the desk's."""
        spoken = logged.reply.lang if logged.reply else lang
        at = logged.at.astimezone(TOKYO)
        names = {"message": logged, "lang": spoken.value, "say": self._say(lang), "at": at}
        return self._pages.render("message.html.j2", names)

    def page(self, lang: Lang, log: tuple[Logged, ...], problem: str, text: str) -> str:
        """The whole page with what was said so far; `text` is what could not be sent."""
        say = self._say(lang)
        names = {
            "lang": lang.value,
            "say": say,
            "messages": [self.message(logged, lang) for logged in log],
            "begun": any(logged.author == "person" for logged in log),
            "texts": json.dumps({name: say(name) for name in _SCRIPT_TEXTS}),
            "starters": self._wording.group("starters", lang),
            "problem": problem,
            "text": text,
        }
        return self._pages.render("page.html.j2", names)

    def _say(self, lang: Lang) -> Callable[..., str]:
        def say(name: str, **places: object) -> str:
            return self._wording.say(f"web.{name}", lang, **places)

        return say


def safe_url(url: str) -> str:
    """The address when a browser may follow it, else nothing."""
    return url if url.lower().startswith(_SAFE) else ""
