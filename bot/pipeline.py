"""The way of a message: receive, recall, understand, decide, act, reply. Steps two to five are one transaction."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from bot import metrics
from bot.clock import Clock, tokyo_day
from intents.act import act
from intents.conversation import Conversation
from intents.decide import decide
from intents.decisions import AnswerWith, Decision, Obey
from intents.desk.case_records import Case, CaseKind, NewCase
from intents.desk.case_talk import open_case
from intents.desk.nudges.context import nudged, sign_of_life
from intents.desk.nudges.monthly import figure_in_reply
from intents.desk.practice import practice_of
from intents.dialog import Scene
from intents.messages import (
    Called,
    Incoming,
    Lane,
    OnCard,
    Opened,
    Paragraph,
    Pressed,
    Reply,
    RunCommand,
    Said,
    ShowEntry,
    Submitted,
    Text,
)
from intents.notices import Notices, load_notices
from intents.orders.channel import LEAVING
from intents.ports import Outcome
from intents.room import HANDOFF, Room
from intents.understand import Chosen, Meaning, understand
from intents.understanding.router import Reading, Understanding
from knowledge.finder import Finder, load_finder
from knowledge.model import Lang
from knowledge.wording import Wording
from storage import inbox
from storage.database import Database, DatabaseDown
from storage.tokens import MintToken
from storage.unit_of_work import Turn, turn

log = structlog.get_logger()
# How long a direct answer may take to leave before the outbox sends it after all.
DIRECT_GRACE = timedelta(seconds=10)


class Mind(Protocol):
    """Whoever holds the live edition."""

    def current(self) -> Understanding:
        """The edition in force, ready for questions."""
        ...


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The six steps with what they need; `pushed` names the channels that are answered through the outbox."""

    database: Database
    mind: Mind
    wording: Wording
    clock: Clock
    new_token: MintToken
    pushed: frozenset[str]
    notices: Notices = field(default_factory=load_notices)
    finder: Finder = field(default_factory=load_finder)
    console: str = ""

    def run(self, event: int) -> None:
        """Deals with a stored event once; a fault is apologised for and shown to staff. Raises DatabaseDown."""
        try:
            self._steps(event)
        except DatabaseDown:
            raise
        except Exception:
            log.exception("turn_failed", inbox_id=event)
            self._make_up_for(event)

    def _make_up_for(self, event: int) -> None:
        """Apologises; without the words if they were the trouble; and if nothing helps, lets the others through."""
        for quoted in (True, False):
            try:
                self._apologise(event, quoted=quoted)
                return
            except DatabaseDown:
                raise
            except Exception:
                log.exception("apology_failed", inbox_id=event)
        inbox.park(self.database, event)

    def _steps(self, event: int) -> None:
        with turn(self.database, event, self.clock()) as work:
            if work is None:
                return
            mind = self.mind.current()
            whole = self._recall(work, mind)
            if not isinstance(work.incoming.content, Called) or work.incoming.content.command not in LEAVING:
                sign_of_life(work, work.person)
            memory = whole.seen_by(work.person)
            meaning = self._understand(work, mind, memory)
            decision = decide(meaning, mind.edition, memory)
            lang = meaning.lang if isinstance(meaning, Reading) else work.incoming.lang or memory.lang
            day = tokyo_day(work.now)
            scene = Scene(
                Room(mind.edition_on(day), self.wording, lang, day, self.notices, self.finder, self.console),
                work,
                mind,
            )
            acted = act(decision, scene, memory)
            self._record(work, meaning, decision)
            kept = acted.memory.after(work.person, whole)
            self._reply(work, kept, Reply(acted.parts, lang), said(work.incoming))

    def _recall(self, work: Turn, mind: Understanding) -> Conversation:
        return work.recall(work.incoming.lang or Lang.JA, mind.edition.name, self.new_token)

    def _understand(self, work: Turn, mind: Understanding, memory: Conversation) -> Meaning:
        def press(token: str) -> Chosen | None:
            found = work.press(token)
            return Chosen(found.action, found.used_at is not None) if found else None

        def talking() -> Case | None:
            where = work.recipient("", memory.lang).conversation
            return work.cases.talking_with(work.person, where, anywhere=not work.overheard)

        def told() -> bool:
            return nudged(work, work.person) is not None

        def records(text: str) -> RunCommand | None:
            return figure_in_reply(work, work.person, text)

        hint = work.incoming.lang or memory.lang
        day = tokyo_day(work.now)
        return understand(work.incoming.content, memory, press, talking, told, records, mind, day, hint)

    def _record(self, work: Turn, meaning: Meaning, decision: Decision) -> None:
        match meaning, decision:
            case Reading() as reading, _:
                metrics.answered.labels(reading.outcome.value).inc()
                name = reading.entry or reading.intent or reading.signpost
                work.answers.record(
                    asked=reading.text, outcome=reading.outcome, entry=name, confidence=reading.confidence
                )
            case _, AnswerWith(entry):
                metrics.answered.labels(Outcome.ANSWER.value).inc()
                asked = (
                    meaning.action.asked
                    if isinstance(meaning, Chosen) and isinstance(meaning.action, ShowEntry)
                    else ""
                )
                work.answers.record(asked=asked, outcome=Outcome.ANSWER, entry=entry, confidence=1.0)
            case _, Obey(command):
                work.answers.record(asked="", outcome=Outcome.COMMAND, entry=command, confidence=1.0)
            case _:
                pass
        if isinstance(decision, Obey) and decision.command == HANDOFF:
            metrics.handed_over.inc()

    def _reply(self, work: Turn, memory: Conversation, reply: Reply, words: str) -> None:
        work.remember(memory, words, reply)
        # What staff write below a card needs no answer: the card itself shows what came of it.
        if work.incoming.channel in self.pushed and reply.parts:
            grace = DIRECT_GRACE if work.incoming.lane is Lane.FAST else timedelta()
            work.deliver(
                reply_key(work.event), work.incoming.channel, work.incoming.address, reply, work.now + grace
            )

    def _apologise(self, event: int, *, quoted: bool) -> None:
        with turn(self.database, event, self.clock()) as work:
            if work is None:
                return
            memory = self._recall(work, self.mind.current())
            words = said(work.incoming) if quoted else ""
            practice = practice_of(self.mind.current().edition)
            new = NewCase(kind=CaseKind.FAULT, summary=words, to=work.recipient("", memory.lang))
            number = open_case(work, practice, new).number
            line = Text(self.wording.say("chat.trouble", memory.lang, number=number))
            self._reply(work, memory, Reply((Paragraph((line,)),), memory.lang), words)


def said(incoming: Incoming) -> str:
    """What a person typed; a button's label is the desk's own words and is not repeated."""
    match incoming.content:
        case Said(text) | Called(typed=text):
            return text
        case Pressed() | Opened() | Submitted() | OnCard():
            return ""


def reply_key(event: int) -> str:
    """The outbox key of the direct reply to an event."""
    return f"reply:{event}"
