"""Step four: from a meaning to a decision; a table of cases without side effects."""

from typing import assert_never

from intents.conversation import Conversation
from intents.decisions import (
    ActOnCase,
    Admit,
    AnswerNudge,
    AnswerWith,
    AskBack,
    Chat,
    Decision,
    Define,
    Direct,
    ListCategory,
    NotListed,
    Obey,
    Regret,
    Shorten,
    TakeCode,
    TakeForm,
    TakeStep,
    TakeText,
    TellPerson,
    Thank,
    Welcome,
    WriteOnCase,
)
from intents.messages import (
    DoCase,
    FillIn,
    GiveAnswer,
    GiveFeedback,
    NoneOfThese,
    OnCard,
    RunCommand,
    ShowCategory,
    ShowEntry,
    Steer,
)
from intents.ports import Outcome
from intents.understand import (
    Arrived,
    Chosen,
    Meaning,
    MoveCode,
    SentAct,
    SentForm,
    Spoken,
    StaleButton,
    ToNudge,
    TooLong,
    ToPerson,
)
from intents.understanding.router import Reading
from knowledge.model import Edition, EntryKind

OFFERED = 3


def decide(meaning: Meaning, edition: Edition, memory: Conversation) -> Decision:  # noqa: C901 - one line per meaning, closed by assert_never
    """What to do about it."""
    match meaning:
        case Reading():
            return _about_question(meaning, edition, memory)
        case Chosen():
            return _about_choice(meaning)
        case Spoken(text, read):
            return TakeText(text, read)
        case SentForm(draft, fields):
            return TakeForm(draft, fields)
        case MoveCode(code):
            return TakeCode(code)
        case StaleButton():
            return Regret()
        case TooLong(length):
            return Shorten(length)
        case Arrived():
            return Welcome()
        case ToPerson(text, case, files):
            return TellPerson(text, case, files)
        case SentAct(case, act, fields):
            return ActOnCase(case, act, fields)
        case OnCard():
            return WriteOnCase(meaning)
        case ToNudge(answer, text):
            return AnswerNudge(answer, text)
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
        case RunCommand(command, asked, given, _):
            return Obey(command, asked, again=chosen.again, given=given)
        case GiveFeedback(event, entry, helpful):
            return Thank(event, entry, helpful)
        case NoneOfThese(asked):
            return Admit(asked, again=chosen.again)
        case ShowCategory(category):
            return ListCategory(category)
        case DoCase(case, act):
            return ActOnCase(case, act)
        case GiveAnswer() | FillIn() | Steer() as action:
            return TakeStep(action)
        case _:
            assert_never(chosen.action)
