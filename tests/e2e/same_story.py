"""One conversation, told on any channel, and what the person saw of it as neutral lines: run by `test_same_everywhere.py`."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select

from bot.plain_text import plain_text
from intents.desk.nudges.setting import Setting
from intents.messages import Form, Heading, Paragraph, Reply, Text
from knowledge.wording import load_wording
from storage.codec import unpack_reply
from storage.database import Database
from storage.tables import conversation, inbox, message, outbox
from tests.e2e.same_books import answered_by_staff, nudged_here
from tests.e2e.slack_control import until
from tests.e2e.slack_modal import TYPED

QUESTION, ASIDE = "モニタリング報告書はいつまでに出しますか", "クレジットの有効期限はありますか"
UNKNOWN = "火星の石でクレジットを作ったら宇宙税はいくらですか"
SEND = "この内容で送る"
SEAT = {
    "consent": "はい",
    "seminar": "1",
    "way": "オンライン",
    "party": "1",
    "organisation": "試験工業株式会社",
    "name": "山田 太郎",
    "mail": "taro@example.jp",
    "phone": "048-600-0000",
    "question": "費用の目安を知りたい",
    "wants_consultation": "いいえ",
}
WORDING = load_wording()
Lines = list[str]
Said = tuple[str, Reply | str]


class Person(Protocol):
    """Who talks; what they do is done when the channel has taken it."""

    channel: str

    def say(self, text: str) -> None:
        """Writes."""

    def press(self, label: str) -> None:
        """Presses the first button of that name in the newest message that has one."""

    def fill(self, values: Mapping[str, str], checked: Callable[[], bool]) -> None:
        """Fills in the form that stands open, by the names of its fields, until its answers are to be checked.

        What is not named is the first of what can be chosen.
        """

    def sees(self) -> str:
        """Everything that is to be seen."""


@dataclass
class Story:
    """One run; `lines` is what was seen, `unseen` what the record holds and the channel does not show."""

    person: Person
    database: Database
    lines: Lines = field(default_factory=list)
    unseen: Lines = field(default_factory=list)
    _rows: int = 0
    _letters: int = 0

    def begin(self) -> None:
        """Passes over the greeting, which only the web has: there the desk knows that somebody came."""
        until(self._settled, 3)

    # ------------------------------------------------ what the person does

    def say(self, text: str) -> None:
        """Writes, and what is answered becomes lines."""
        self._step(lambda: self.person.say(text))

    def press(self, label: str) -> None:
        """Presses, and what is answered becomes lines."""
        self._step(lambda: self.person.press(label))

    def fill(self, values: Mapping[str, str]) -> None:
        """Fills in a form; how often a channel has to show it is its own affair."""
        self._step(lambda: self.person.fill(values, lambda: self._form() is None), last=True)

    def answer(self, values: Mapping[str, str]) -> None:
        """Answers a dialog question by question, in writing."""
        for _ in range(20):
            if (form := self._form()) is None:
                return
            self.say(values[form.asked])
        raise AssertionError("the dialog has no end")

    def meanwhile(self, act: Callable[[], None]) -> None:
        """Something happens elsewhere, and the person is told of it."""
        self._step(act)

    # ------------------------------------------------ what is recorded of it

    def _step(self, act: Callable[[], None], *, last: bool = False) -> None:
        act()
        new = until(self._settled, 20)
        assert new, f"nothing came after {self.lines[-1:]}"
        for author, said in new[-1:] if last else new:
            whole = plain_text(said, WORDING) if isinstance(said, Reply) else said
            self.lines += [f"{author}: {neutral(line)}" for line in whole.splitlines() if line]
        if isinstance(new[-1][1], Reply):
            self._look(new[-1][1])

    def _settled(self) -> list[Said]:
        """What is new, once everything that arrived is answered and everything that was written is sent."""
        open_ = select(func.count()).select_from(inbox).where(inbox.c.state != "done")
        mine = outbox.c.channel == self.person.channel
        waiting = select(func.count()).select_from(outbox).where(mine, outbox.c.state != "sent")
        here = select(func.min(conversation.c.id)).where(conversation.c.channel == self.person.channel)
        talk = select(message).where(
            message.c.conversation_id == here.scalar_subquery(), message.c.event.is_not(None)
        )
        # What is said unasked stands in the outbox of every channel.
        unasked = select(outbox).where(mine, outbox.c.key.not_like("reply:%"))
        with self.database.look() as connection:
            if connection.scalar(open_) or connection.scalar(waiting):
                return []
            rows = list(connection.execute(talk.order_by(message.c.id)))
            letters = list(connection.execute(unasked.order_by(outbox.c.id)))
        said = [
            (row.author, unpack_reply(row.reply) if row.reply else row.text) for row in rows[self._rows :]
        ]
        told = [("desk", unpack_reply(row.body)) for row in letters[self._letters :]]
        if said or told:
            self._rows, self._letters = len(rows), len(letters)
        return [*said, *told]

    def _look(self, reply: Reply) -> None:
        """Whether the channel shows the words of the record."""
        self.unseen += [words for words in pieces(reply) if not until(partial(self._shows, words), 5)]

    def _shows(self, words: str) -> bool:
        return bare(words) in bare(self.person.sees())

    def _form(self) -> Form | None:
        with self.database.look() as connection:
            newest_ = (
                select(message.c.reply).where(message.c.reply.is_not(None)).order_by(message.c.id.desc())
            )
            reply = unpack_reply(connection.scalars(newest_.limit(1)).one())
        return next((part for part in reply.parts if isinstance(part, Form)), None)


def neutral(line: str) -> str:
    """A line without what belongs to one run: numbers and addresses."""
    return re.sub(r"\d+", "#", re.sub(r"https?://\S+", "(address)", line)).strip()


def pieces(reply: Reply) -> Iterator[str]:
    """Words that have to be seen wherever the reply is shown."""
    for part in reply.parts:
        match part:
            case Heading(text):
                yield text
            case Paragraph(line):
                yield from (one.text for one in line if isinstance(one, Text) and one.text.strip())


def bare(text: str) -> str:
    """The words alone: channels escape and wrap them in their own ways."""
    found = text.replace("\\n", " ").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    return re.sub(r"[\s\u2060*_~`]", "", found)


# ---------------------------------------------------------------- the story


def tell(person: Person, folder: Path, setting: Setting) -> dict[str, Lines]:
    """From the first question to the answer of staff."""
    database = Database(f"sqlite:///{folder}/jdesk.sqlite3")
    story = Story(person, database)
    story.begin()
    story.say(QUESTION)
    story.say("個別相談を申し込みたい")
    story.say(ASIDE)
    story.fill(TYPED)
    story.press(SEND)
    story.say("説明会に申し込みたい")
    story.answer(SEAT)
    story.press(SEND)
    story.meanwhile(lambda: nudged_here(database, setting, person.channel))
    story.press("完了")
    story.say(UNKNOWN)
    story.meanwhile(lambda: answered_by_staff(database))
    database.close()
    return {"lines": story.lines, "unseen": story.unseen}


def printed(told: dict[str, Lines]) -> None:
    """What a run hands to the test."""
    print(json.dumps(told, ensure_ascii=False))
