"""Step four: from a meaning to a decision; a table of cases without side effects."""

from dataclasses import dataclass
from typing import assert_never

from intents.conversation import Conversation
from intents.messages import GiveFeedback, NoneOfThese, RunCommand, ShowCategory, ShowEntry
from intents.ports import Outcome
from intents.understand import Arrived, Chosen, Meaning, StaleButton, TooLong
from intents.understanding.router import Reading
from knowledge.model import Edition, EntryKind

OFFERED = 3


@dataclass(frozen=True, slots=True)
class AnswerWith:
    """Read this entry out."""

    entry: str


@dataclass(frozen=True, slots=True)
class AskBack:
    """Several things may be meant: ask which; `signpost` says whose business else it may be."""

    entries: tuple[str, ...]
    asked: str
    signpost: str = ""


@dataclass(frozen=True, slots=True)
class Obey:
    """Do what a command says; `again` when the same button said so before."""

    command: str
    asked: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Define:
    """Say what a word means; `entries` are questions that may have been meant by it."""

    term: str
    entries: tuple[str, ...]
    asked: str


@dataclass(frozen=True, slots=True)
class Direct:
    """Say that this is somebody else's business, and whose."""

    entry: str
    asked: str


@dataclass(frozen=True, slots=True)
class NotListed:
    """Say that a methodology of that code is not in the office's list."""

    code: str
    asked: str


@dataclass(frozen=True, slots=True)
class Chat:
    """Return a courtesy."""

    entry: str


@dataclass(frozen=True, slots=True)
class Admit:
    """Say that we do not know, and offer a person."""

    asked: str


@dataclass(frozen=True, slots=True)
class Thank:
    """Keep a vote and thank for it; an answer that did not help is followed up."""

    event: int
    entry: str
    helpful: bool


@dataclass(frozen=True, slots=True)
class ListCategory:
    """Show the questions of one category."""

    category: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """Say what the desk does and where to begin."""


@dataclass(frozen=True, slots=True)
class Shorten:
    """Ask for a shorter message; it had that many characters."""

    length: int


@dataclass(frozen=True, slots=True)
class Regret:
    """A button that works no longer."""


Decision = (
    AnswerWith
    | AskBack
    | Define
    | Direct
    | NotListed
    | Obey
    | Chat
    | Admit
    | Thank
    | ListCategory
    | Welcome
    | Shorten
    | Regret
)


def decide(meaning: Meaning, edition: Edition, memory: Conversation) -> Decision:
    """What to do about it."""
    match meaning:
        case Reading():
            return _about_question(meaning, edition, memory)
        case Chosen():
            return _about_choice(meaning)
        case StaleButton():
            return Regret()
        case TooLong(length):
            return Shorten(length)
        case Arrived():
            return Welcome()
        case _:
            assert_never(meaning)


def _about_question(reading: Reading, edition: Edition, memory: Conversation) -> Decision:
    if reading.missing:
        return NotListed(reading.missing, reading.text)
    if reading.term:
        near = offered(reading, edition) if reading.outcome is Outcome.CHOICES else ()
        return Define(reading.term, near, reading.text)
    match reading.outcome:
        case Outcome.ANSWER:
            return AnswerWith(reading.card or reading.entry)
        case Outcome.COMMAND:
            return Obey(reading.intent, reading.text)
        case Outcome.SMALLTALK:
            return Chat(reading.intent)
        case Outcome.CHOICES:
            return AskBack(offered(reading, edition), reading.text, reading.signpost)
        case Outcome.UNKNOWN if reading.signpost:
            return Direct(reading.signpost, reading.text)
        case Outcome.UNKNOWN:
            # A third miss in a row means that asking again will not help: bring a person in.
            return Obey("human.handoff", reading.text) if memory.misses >= 2 else Admit(reading.text)
        case _:
            assert_never(reading.outcome)


def offered(reading: Reading, edition: Edition) -> tuple[str, ...]:
    """The candidates worth showing as choices, best first: questions, and one order at most beside them."""
    known = [found.entry for found in reading.candidates]
    orders = [id_ for id_ in known if _is(edition, id_, EntryKind.COMMAND)]
    fitting = [id_ for id_ in known if id_ in orders[:1] or _is(edition, id_, EntryKind.FAQ)][:OFFERED]
    return tuple(fitting) if len(fitting) > 1 else tuple(dict.fromkeys((*fitting, *orders)))[:OFFERED]


def _is(edition: Edition, id_: str, kind: EntryKind) -> bool:
    # A card is a question about its methodology.
    return kind is EntryKind.FAQ if id_ in edition.methodologies else edition.entries[id_].kind is kind


def _about_choice(chosen: Chosen) -> Decision:
    match chosen.action:
        case ShowEntry(entry):
            return AnswerWith(entry)
        case RunCommand(command, asked):
            return Obey(command, asked, again=chosen.again)
        case GiveFeedback(event, entry, helpful):
            return Thank(event, entry, helpful)
        case NoneOfThese(asked):
            return Admit(asked)
        case ShowCategory(category):
            return ListCategory(category)
        case _:
            assert_never(chosen.action)
