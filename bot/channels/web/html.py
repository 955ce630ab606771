"""Messages and the page as HTML, by templates that escape everything."""

import json
from collections.abc import Callable
from pathlib import Path

from bot.clock import TOKYO
from intents.appointments import spelled
from intents.messages import Appointment, Facts
from knowledge.model import Lang
from knowledge.render import Pages
from knowledge.wording import Wording
from storage.messages import Logged

FOLDER = Path(__file__).parent
_SAFE = ("https://", "http://", "mailto:")
_SCRIPT_TEXTS = (
    "person",
    "sending",
    "thinking",
    "not_sent",
    "send_again",
    "noted",
    "form_passed",
    "form_sent",
    "fields_kept",
)


class Html:
    """Renders the page and each message in it."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._pages = Pages(FOLDER / "templates", safe_url=safe_url)

    def message(self, logged: Logged, lang: Lang, *, live: bool = True) -> str:
        """One message, the person's or the desk's; only the newest of the desk has a form to fill in."""
        spoken = logged.reply.lang if logged.reply else lang
        at = logged.at.astimezone(TOKYO)
        names: dict[str, object] = {"message": logged, "lang": spoken.value, "say": self._say(lang), "at": at}
        names["live"] = live
        names |= {"spelled": self._spelled(spoken), "add_or_remove": self._add_or_remove(spoken)}
        return self._pages.render("message.html.j2", names)

    def page(self, lang: Lang, log: tuple[Logged, ...], problem: str, text: str) -> str:
        """The whole page with what was said so far; `text` is what could not be sent."""
        say = self._say(lang)
        # A letter that came meanwhile answers nothing: the form before it is still the one to fill in.
        newest = max((logged.id for logged in log if logged.author == "desk" and logged.event), default=0)
        names = {
            "lang": lang.value,
            "say": say,
            "messages": [self.message(logged, lang, live=logged.id == newest) for logged in log],
            "begun": any(logged.author == "person" for logged in log),
            "texts": json.dumps({name: say(name) for name in _SCRIPT_TEXTS}),
            "starters": self._wording.group("starters", lang),
            "problem": problem,
            "text": text,
        }
        return self._pages.render("page.html.j2", names)

    def press(self, lang: Lang, token: str, command: str) -> str:
        """The page on which a button of a letter is pressed; it says what the button does, if anything."""
        key = f"press.{command.replace('.', '_')}"
        label = (
            self._wording.say(key if key in self._wording.texts else "press.other", lang) if command else ""
        )
        names = {"lang": lang.value, "say": self._say(lang), "token": token, "label": label}
        return self._pages.render("press.html.j2", names)

    def _spelled(self, lang: Lang) -> Callable[[Appointment], Facts]:
        return lambda appointment: spelled(appointment, lang, self._wording)

    def _add_or_remove(self, lang: Lang) -> Callable[[Appointment], str]:
        def label(appointment: Appointment) -> str:
            name = "download_cancelled" if appointment.cancelled else "download"
            return self._wording.say(f"appointment.{name}", lang)

        return label

    def _say(self, lang: Lang) -> Callable[..., str]:
        def say(name: str, **places: object) -> str:
            return self._wording.say(f"web.{name}", lang, **places)

        return say


def safe_url(url: str) -> str:
    """The address when a browser may follow it, else nothing."""
    return url if url.lower().startswith(_SAFE) else ""
