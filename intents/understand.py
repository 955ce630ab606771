"""Step three: from what arrived and what is remembered to what the person means."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from intents.conversation import Conversation
from intents.desk.case_records import Case
from intents.desk.nudges.records import Answer
from intents.messages import (
    Action,
    Called,
    Content,
    DoCase,
    FillIn,
    OnCard,
    Opened,
    Pressed,
    RunCommand,
    Said,
    Submitted,
)
from intents.readers.figure import begins_as_figure
from intents.readers.nudge_reply import asks_when, nudge_reply
from intents.readers.steering import move_code
from intents.understanding.router import Reading, Understanding
from knowledge.model import Lang

# Longer texts are letters, not questions; nobody is answered well by one entry then.
LONGEST = 2000
PROJECTS = "my.projects"
_NUMBER = re.compile(r"[(\[]?(\d{1,2})[.)\]]?(?:番)?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A button was pressed, or its number typed; `again` when it had been pressed before."""

    action: Action
    again: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text typed while a dialog is open: an answer, a step, or something else, which `read` then understands."""

    text: str
    read: Callable[[], Reading]


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form that was sent, with the text of each field."""

    draft: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MoveCode:
    """A code with which a dialog moves here."""

    code: str


@dataclass(frozen=True, slots=True)
class StaleButton:
    """A button that is expired, unknown or somebody else's."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """A text of that many characters: more than a question."""

    length: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """The conversation was opened, or nothing readable was said."""


@dataclass(frozen=True, slots=True)
class ToPerson:
    """A text, and how many files with it, for the one of staff who is talking with the person."""

    text: str
    case: Case
    files: int = 0


@dataclass(frozen=True, slots=True)
class SentAct:
    """The form of an act on a case, filled in by one of staff."""

    case: str
    act: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToNudge:
    """A text that answers the nudge that somebody got last."""

    answer: Answer
    text: str


Meaning = (
    Reading
    | Chosen
    | Spoken
    | SentForm
    | MoveCode
    | StaleButton
    | TooLong
    | Arrived
    | ToPerson
    | SentAct
    | ToNudge
    | OnCard
)
Talking = Callable[[], Case | None]
Nudged = Callable[[], bool]
# The order that records a number, when it was asked for last.
Records = Callable[[str], RunCommand | None]
Press = Callable[[str], Chosen | None]


def understand(
    content: Content,
    memory: Conversation,
    press: Press,
    talking: Talking,
    nudged: Nudged,
    records: Records,
    mind: Understanding,
    day: date,
    lang: Lang | None,
) -> Meaning:
    """What is meant; `press` looks a token up, `talking` the case in which one of staff talks with the person.

    `nudged` tells whether a nudge to the person waits for an answer, `records` whether a number is what it asks for.
    Never fails: not understood is a Reading too.
    """
    match content:
        case Opened():
            return Arrived()
        case Pressed(token):
            return _chosen(press(token))
        case Called(command, given, typed) if not typed or not (memory.draft or talking()):
            return Chosen(RunCommand(command, given=given))
        case Called(typed=typed):
            return understand(Said(typed), memory, press, talking, nudged, records, mind, day, lang)
        case Submitted(token, fields):
            return _sent(press(token), fields)
        case OnCard():
            return content
        case Said(text, files) if (text.strip() or files) and (case := talking()):
            return ToPerson(text, case, files)
        case Said(text) if not memory.draft and (meant := _after_nudge(text, memory, nudged, records)):
            return meant
        case Said(text):
            return _said(text, memory, press, mind, day, lang)


def _said(
    text: str, memory: Conversation, press: Press, mind: Understanding, day: date, lang: Lang | None
) -> Meaning:
    if not text.strip():
        return Arrived()
    if len(text) > LONGEST:
        return TooLong(len(text))
    if code := move_code(text):
        return MoveCode(code)
    number = typed_number(text)
    if number and memory.options and (number <= len(memory.options) or not memory.draft):
        # A number that was not offered is a slip, not a question.
        token = memory.options[number - 1] if number <= len(memory.options) else ""
        return _chosen(press(token))
    if not memory.draft and text.strip() in memory.labels[: len(memory.options)]:
        return _chosen(press(memory.options[memory.labels.index(text.strip())]))
    if memory.draft:
        # An answer says nothing about the language that a dialog is held in.
        return Spoken(text, lambda: mind.read(text, day, memory.lang))
    return mind.read(text, day, lang, memory.topic)


def _after_nudge(text: str, memory: Conversation, nudged: Nudged, records: Records) -> Meaning | None:
    """What a text means to whoever was nudged: a figure, an answer, or the question when; None for anything else."""
    if _is_free_number(text, memory) and (order := records(text)):
        return Chosen(order)
    if (answer := nudge_reply(text)) and nudged():
        return ToNudge(answer, text)
    if asks_when(text) and nudged():
        return Chosen(RunCommand(PROJECTS))
    return None


def _is_free_number(text: str, memory: Conversation) -> bool:
    """Whether a text may be a figure, and is no button that is shown: that one is pressed by its number."""
    if not begins_as_figure(text):
        return False
    offered = 0 < typed_number(text) <= len(memory.options)
    return not offered and text.strip() not in memory.labels


def _sent(chosen: Chosen | None, fields: Mapping[str, str]) -> Meaning:
    if chosen and isinstance(chosen.action, DoCase):
        return SentAct(chosen.action.case, chosen.action.act, fields)
    if chosen and isinstance(chosen.action, FillIn):
        return SentForm(chosen.action.draft, fields)
    return StaleButton()


def typed_number(text: str) -> int:
    """The number that stands alone in a text, in any width; 0 when there is none."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else 0


def _chosen(chosen: Chosen | None) -> Meaning:
    return chosen or StaleButton()
