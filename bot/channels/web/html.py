"""Messages as HTML, by one template that escapes everything."""

from collections.abc import Callable
from pathlib import Path

from bot.clock import TOKYO
from intents.messages import Reply
from knowledge.model import Lang
from knowledge.render import Pages
from knowledge.wording import Wording
from storage.messages import Logged

FOLDER = Path(__file__).parent
_SAFE = ("https://", "http://", "mailto:")


class Html:
    """Renders the page and each message in it."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._pages = Pages(FOLDER / "templates", safe_url=safe_url)

    def message(self, logged: Logged, lang: Lang) -> str:
        """One message, the person's or the desk's."""
        names = {"message": logged, "lang": self._lang(logged, lang), "say": self._say(lang)}
        return self._pages.render("message.html.j2", names | {"at": _clock_time(logged)})

    def page(self, name: str, lang: Lang, **names: object) -> str:
        """A whole page."""
        return self._pages.render(name, {"lang": lang.value, "say": self._say(lang)} | names)

    def _say(self, lang: Lang) -> Callable[..., str]:
        def say(name: str, **places: object) -> str:
            return self._wording.say(f"web.{name}", lang, **places)

        return say

    @staticmethod
    def _lang(logged: Logged, lang: Lang) -> str:
        return logged.reply.lang.value if isinstance(logged.reply, Reply) else lang.value


def safe_url(url: str) -> str:
    """The address when a browser may follow it, else nothing."""
    return url if url.lower().startswith(_SAFE) else ""


def _clock_time(logged: Logged) -> str:
    return logged.at.astimezone(TOKYO).strftime("%H:%M")
