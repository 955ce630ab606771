"""An office with something to ask for: two seminars, one of them full, and times to book, on the day of `kit.NOON`."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select, update

from bot.pipeline import Pipeline
from bot.plain_text import plain_text
from intents.conversation import Conversation
from intents.desk.books import Recipient
from intents.desk.consultation_books import Meeting, NewSlot
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import NewSeminar, SignUp, Ways
from intents.desk.seminars import sign_up
from intents.messages import Content, Form, Reply, Said
from intents.notices import load_notices
from intents.understanding.router import Understanding
from knowledge.model import Lang
from knowledge.reader import files_in
from knowledge.wording import load_wording
from storage import inbox, knowledge_files, messages
from storage.books import books
from storage.codec import pack_state, unpack_state
from storage.database import Database
from storage.migrate import migrate
from storage.tables import conversation
from tests.kit import CACHE, NOON, event, pipeline

WORDING = load_wording()
DAY = timedelta(days=1)


def open_office(database: Database) -> None:
    """Puts the product's knowledge, the seminars and the times in."""
    knowledge_files.replace(database, files_in(), NOON)
    with books(database, NOON, "staff:test") as opened:
        big = NewSeminar(
            title="制度と活用セミナー",
            starts_at=NOON + 20 * DAY,
            ends_at=NOON + 20 * DAY + timedelta(hours=2),
            capacity=200,
            ways=Ways.BOTH,
            venue="さいたま新都心",
            link="https://meeting.example/big",
            questions=("関心のある設備",),
        )
        full = NewSeminar(
            title="計画書づくり講座",
            starts_at=NOON + 15 * DAY,
            ends_at=NOON + 15 * DAY + timedelta(hours=1),
            capacity=1,
            link="https://meeting.example/full",
        )
        opened.seminars.add(big)
        guest = SignUp(to=Recipient(0, "staff:test", "", Lang.JA), name="先客", organisation="先客社")
        letters = letters_with_buttons(opened.links, load_notices(), WORDING)
        sign_up(opened, letters, opened.seminars.add(full).number, guest)
        for day, way in ((3, Meeting.ONLINE), (4, Meeting.ONLINE), (5, Meeting.PHONE)):
            starts = NOON + day * DAY
            place = "https://meeting.example/1" if way is Meeting.ONLINE else ""
            opened.consultations.publish(NewSlot(starts, starts + timedelta(hours=1), way, place))


@contextmanager
def office_at(folder: Path) -> Iterator[Database]:
    """An open office in a file of the test's own: a copy of one that is prepared once in a test process."""
    copy = folder / "office.sqlite3"
    shutil.copyfile(_prepared(), copy)
    database = Database(f"sqlite:///{copy}")
    yield database
    database.close()


@cache
def _prepared() -> Path:
    file = CACHE / f"office-{os.getpid()}.sqlite3"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    open_office(database)
    database.close()
    return file


@dataclass(frozen=True, slots=True)
class Settled:
    """A mind whose edition stays; to get ready costs more than most conversations."""

    understanding: Understanding

    def current(self) -> Understanding:
        """The edition in force."""
        return self.understanding


_minds: dict[str, Settled] = {}


def _mind(line: Pipeline) -> Settled:
    """The mind for the edition that is live, made once in a test process."""
    live = knowledge_files.live_name(line.database) or ""
    if live not in _minds:
        _minds[live] = Settled(line.mind.current())
    return _minds[live]


@dataclass(slots=True)
class Talk:
    """A conversation with the office; every turn is run by the real pipeline."""

    database: Database
    name: str = "c1"
    channel: str = "web"
    line: Pipeline = field(init=False)

    def __post_init__(self) -> None:
        """Begins with a pipeline of its own."""
        line = pipeline(self.database)
        self.line = replace(line, mind=_mind(line))

    def restart(self) -> None:
        """Goes on in another process: of what is remembered, nothing but the database is kept."""
        self.line = replace(self.line, notices=load_notices())

    def say(self, content: str | Content) -> Reply:
        """Says something and gives the reply."""
        sent = event(Said(content) if isinstance(content, str) else content, "", self.name, self.channel)
        row = inbox.add(self.database, [sent], "test")[0]
        self.line.run(row.event)
        logged = messages.reply_to(self.database, row.event)
        assert logged is not None
        assert logged.reply is not None
        return logged.reply

    def text(self, content: str | Content) -> str:
        """The reply as plain text."""
        return plain_text(self.say(content), WORDING)

    @property
    def memory(self) -> Conversation:
        """What is remembered of it."""
        with self.database.look() as connection:
            where = select(conversation.c.state).where(conversation.c.key == self.name)
            return unpack_state(connection.scalars(where).one())

    def remember(self, memory: Conversation) -> None:
        """Puts the memory back to what it was."""
        with self.database.begin() as connection:
            mine = update(conversation).where(conversation.c.key == self.name)
            connection.execute(mine.values(state=pack_state(memory)))


def form_of(reply: Reply) -> Form:
    """The form of a reply; there must be one."""
    return next(part for part in reply.parts if isinstance(part, Form))
