"""The product as `make run` starts it, with its database in reach: what staff, the clock and a letter do meanwhile."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import now
from intents.desk import clock_work, seminars
from intents.desk.books import Recipient
from intents.desk.seats import SeatState
from intents.desk.seminar_buttons import ACCEPT, letters_with_buttons
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.messages import RunCommand
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import books
from storage.codec import unpack_action
from storage.database import Database
from storage.tables import action_token

LINK = "https://meeting.example/e2e"


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """The address of a running desk, and its books."""

    url: str
    database: Database

    def full_seminar(self, title: str) -> str:
        """Opens a seminar whose one seat is taken; gives the number of the registration that has it."""
        starts = now() + timedelta(days=30)
        new = NewSeminar(
            title=title, starts_at=starts, ends_at=starts + timedelta(hours=1), capacity=1, link=LINK
        )
        with books(self.database, now(), "staff:e2e") as opened:
            letters = letters_with_buttons(opened.links, load_notices(), load_wording())
            guest = SignUp(to=Recipient(0, "staff:e2e", "", Lang.JA), name="先客", organisation="先客社")
            return seminars.sign_up(
                opened, letters, opened.seminars.add(new).number, guest
            ).registration.number

    def free(self, registration: str) -> None:
        """Gives a seat back, and lets the clock do what is due."""
        with books(self.database, now(), "staff:e2e") as opened:
            letters = letters_with_buttons(opened.links, load_notices(), load_wording())
            seminars.cancel(opened, letters, registration)
        with books(self.database, now(), "clock") as opened:
            clock_work.tick(opened, load_notices(), load_wording())

    def state(self, registration: str) -> SeatState | None:
        """How a registration stands."""
        with books(self.database, now(), "staff:e2e") as opened:
            one = opened.seminars.registration(registration)
            return one.state if one else None

    def letter_token(self, registration: str) -> tuple[str, bool]:
        """The token by which a letter's link takes the seat of a registration, and whether it was used."""
        with self.database.look() as connection:
            for row in connection.execute(select(action_token)):
                match unpack_action(row.action):
                    case RunCommand(command, given=given) if command == ACCEPT:
                        if given.get("registration") == registration:
                            return row.token, row.used_at is not None
        raise AssertionError(f"no letter offers a seat to {registration}")


@contextmanager
def demo_office(folder: Path, port: int) -> Iterator[DemoOffice]:
    """A desk that runs as long as the block."""
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    for _ in range(200):
        try:
            urllib.request.urlopen(url + "readyz")
            break
        except OSError:
            time.sleep(0.1)
    database = Database(f"sqlite:///{folder}/jdesk.sqlite3")
    yield DemoOffice(url, database)
    database.close()
    server.terminate()
    server.wait(10)
