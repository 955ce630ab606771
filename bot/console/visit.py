"""One request of one of staff: who, when, in which language, and what pages and books are made of."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.clock import TOKYO
from bot.console.masking import readable
from bot.console.numbers import whole_number
from bot.console.rights import ROOT, Right, may
from bot.console.sent import Sent
from bot.typed import sound
from bot.wiring import House
from intents.desk.moments import moment_text
from intents.desk.practice import Practice, practice_of
from intents.desk.refused import Refused
from intents.desk.staff_books import Role, StaffMember
from knowledge.model import Lang
from knowledge.render import Pages
from knowledge.wording import Wording
from storage.books import StoredBooks, books
from storage.database import Database
from storage.staff import StoredStaff

STRANGER = StaffMember("visitor", "", Role.READER, active=False)
# The pages of the menu, in their order.
MENU = (
    "queue",
    "projects",
    "outreach",
    "calendar",
    "seminars",
    "slots",
    "organisations",
    "exports",
    "gaps",
    "people",
    "audit",
)
QUERY_LIMIT = 200
MOST = 10**9


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in; `trace` stands in the log and in everything that it writes."""

    house: House
    pages: Pages
    request: Request
    right: Right
    sent: Sent
    member: StaffMember
    csrf: str
    lang: Lang
    now: datetime
    trace: str

    # ------------------------------------------------ what was asked

    def place(self, name: str) -> str:
        """A part of the address."""
        return sound(str(self.request.path_params[name]))

    def asked(self, name: str) -> str:
        """A parameter of the address, without what nobody can type."""
        return sound(self.request.query_params.get(name, "")).strip()[:QUERY_LIMIT]

    def number(self, name: str) -> int:
        """A parameter that counts; 0 for anything else."""
        return whole_number(self.asked(name), 0, MOST) or 0

    # ------------------------------------------------ what it works with

    @property
    def database(self) -> Database:
        """Where everything is."""
        return self.house.database

    @property
    def wording(self) -> Wording:
        """Every sentence."""
        return self.house.wording

    def books(self) -> AbstractContextManager[StoredBooks]:
        """One transaction in this person's name."""
        return books(self.database, self.now, self.member.actor, self.trace)

    @contextmanager
    def staff(self) -> Iterator[StoredStaff]:
        """The people of the office, to read."""
        with self.database.look() as connection:
            yield StoredStaff(connection, self.now)

    @property
    def practice(self) -> Practice:
        """The hours and promises of the live edition."""
        return practice_of(self.house.live.current().edition)

    # ------------------------------------------------ what it says

    def say(self, name: str, /, **places: object) -> str:
        """A sentence of the console."""
        return self.wording.say(f"console.{name}", self.lang, **places)

    def word(self, key: str, /, **places: object) -> str:
        """A sentence of any file."""
        return self.wording.say(key, self.lang, **places)

    def when(self, moment: datetime) -> str:
        """A moment in Tokyo."""
        return moment_text(self.wording, moment, self.lang)

    def refusal(self, refused: Refused, *subjects: str) -> str:
        """Why something was not done, in the words of the first subject that has them."""
        key = next(
            key
            for one in (*subjects, "seminars")
            if (key := f"{one}.{refused.problem}") in self.wording.texts
        )
        return self.word(key, **{name: self._shown(value) for name, value in refused.places.items()})

    def _shown(self, value: object) -> object:
        return self.when(value) if isinstance(value, datetime) else value

    def page(self, template: str, names: Mapping[str, object], status: int = 200) -> Response:
        """A page with the frame around it."""
        whole = self._frame() | {"problem": "", "done": self._done()} | dict(names)
        return HTMLResponse(self.pages.render(template, whole), status)

    def _frame(self) -> dict[str, object]:
        menu = [one for one in MENU if self.csrf and may(self.member.role, one)]
        return {
            "lang": self.lang.value,
            "say": self.say,
            "word": self.word,
            "when": self.when,
            "stamp": stamp,
            "me": self.member,
            "csrf": self.csrf,
            "menu": [(one, ROOT if one == "queue" else f"{ROOT}/{one}") for one in menu],
            "here": self.request.url.path.rstrip("/"),
            "in_other": self._in_other,
            "may": lambda name: may(self.member.role, name),
            "mask": lambda text: readable(text, self.member),
        }

    def _in_other(self, lang: str) -> str:
        """This page in another language; of a form that was sent, the page that it stands on."""
        if self.request.method == "POST":
            return f"{self.right.page(self.request.path_params)}?{urlencode({'lang': lang})}"
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        return "?" + urlencode([*kept, ("lang", lang)])

    def _done(self) -> str:
        """What the form before this page did, if it names one of our sentences."""
        name = f"done_{self.asked('done')}"
        return self.say(name) if f"console.{name}" in self.wording.texts else ""

    def back(self, below: str, done: str = "") -> Response:
        """To another page of the console once something is done, so that a reload does it no second time."""
        return RedirectResponse(f"{ROOT}{below}" + (f"?{urlencode({'done': done})}" if done else ""), 303)

    def called(self, staff: StoredStaff) -> Callable[[str], str]:
        """What people call each of staff; read once a page."""
        known = {one.name: one.display for one in staff.all()}
        return lambda handle: known.get(handle, handle)


def stamp(moment: datetime) -> str:
    """A moment as machines read it."""
    return moment.astimezone(TOKYO).isoformat(timespec="minutes")
