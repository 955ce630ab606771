"""Step five: carry a decision out and say what happened; one function per decision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from intents.cards import card_parts, card_steps, term_parts
from intents.compose import answer_parts, next_steps, question_choice
from intents.conversation import Conversation
from intents.decide import (
    Admit,
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
    Thank,
    Welcome,
)
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    NoneOfThese,
    Paragraph,
    Part,
    RunCommand,
    ShowCategory,
    Text,
)
from intents.ports import Work
from intents.understand import LONGEST
from knowledge.model import Edition, EntryKind, Lang
from knowledge.wording import Wording

HANDOFF, HELP = "human.handoff", "help"
STARTERS = 5
_NOTHING_OPEN = ("cancel", "back")


@dataclass(frozen=True, slots=True)
class Room:
    """What acting needs besides the transaction: the edition, the wording, the language, the day in Tokyo."""

    edition: Edition
    wording: Wording
    lang: Lang
    day: date
    hours: str = ""

    def say(self, name: str, **places: object) -> Paragraph:
        """A sentence of the catalogue as a paragraph."""
        return Paragraph((Text(self.wording.say(f"chat.{name}", self.lang, **places)),))


def act(decision: Decision, room: Room, work: Work) -> tuple[Part, ...]:
    """Does what was decided and gives what to say."""
    return tuple(_acted(decision, room, work))


def _acted(decision: Decision, room: Room, work: Work) -> Iterator[Part]:  # noqa: C901 - one line per decision, closed by assert_never
    match decision:
        case AnswerWith(entry):
            return _answer(entry, room, work)
        case AskBack(entries, asked, signpost):
            return _ask_back(entries, asked, room, work, signpost)
        case Obey(command, asked):
            return _obey(command, asked, room, work)
        case Define(term, entries, asked):
            return _define(term, entries, asked, room, work)
        case Direct(entry):
            return _direct(entry, room, work)
        case NotListed(code):
            return _not_listed(code, room, work)
        case Chat(entry):
            return _chat(entry, room, work)
        case Admit():
            return _admit(room, work)
        case Thank(event, entry, helpful):
            return _thank(event, entry, room, work, helpful=helpful)
        case ListCategory(category):
            return _list_category(category, room, work)
        case Welcome():
            return _welcome(room, work)
        case Shorten(length):
            return iter((room.say("too_long", length=length, limit=LONGEST),))
        case Regret():
            return _regret(room, work)
        case _:
            assert_never(decision)


def _answer(id_: str, room: Room, work: Work) -> Iterator[Part]:
    if card := room.edition.methodologies.get(id_):
        yield from card_parts(room.edition, card, room.lang, room.wording)
        yield from card_steps(room.edition, card, room.lang, work, room.wording)
        return
    entry = room.edition.entries.get(id_)
    if entry is None or not entry.valid.covers(room.day):
        yield room.say("withdrawn")
        yield _person(room, work)
        return
    if entry.kind is EntryKind.COMMAND:
        yield from _obey(id_, "", room, work)
        return
    yield from answer_parts(room.edition, entry, room.lang, room.day, room.wording)
    yield from next_steps(room.edition, entry, room.lang, work, room.wording)


def _ask_back(
    entries: tuple[str, ...], asked: str, room: Room, work: Work, signpost: str = ""
) -> Iterator[Part]:
    if signpost:
        yield Paragraph((Text(room.edition.entries[signpost].body.in_(room.lang)),))
    options = [question_choice(room.edition, entry, room.lang, work, asked) for entry in entries]
    none = Choice(room.wording.say("chat.none_of_these", room.lang), work.tokens.issue(NoneOfThese(asked)))
    yield Choices(room.wording.say("chat.which", room.lang), (*options, none))


def _define(term: str, entries: tuple[str, ...], asked: str, room: Room, work: Work) -> Iterator[Part]:
    yield from term_parts(room.edition, room.edition.terms[term], room.lang, room.wording)
    if entries:
        yield from _ask_back(entries, asked, room, work)
    else:
        yield _person(room, work)


def _direct(id_: str, room: Room, work: Work) -> Iterator[Part]:
    yield Paragraph((Text(room.edition.entries[id_].body.in_(room.lang)),))
    yield _person(room, work)


def _not_listed(code: str, room: Room, work: Work) -> Iterator[Part]:
    yield room.say("code_not_listed", code=code, count=len(room.edition.methodologies))
    near = [known for known in room.edition.methodologies if known[:4] == code[:4]]
    options = [question_choice(room.edition, known, room.lang, work) for known in near[-2:]]
    prompt = room.wording.say("chat.or_else", room.lang)
    yield Choices(prompt, (*options, _person_choice(room, work)), ChoiceStyle.OFFER)


def _obey(command: str, asked: str, room: Room, work: Work) -> Iterator[Part]:
    if command == HELP:
        yield from _welcome(room, work)
    elif command == HANDOFF:
        yield from _hand_over(asked, room, work)
    elif command in _NOTHING_OPEN:
        yield room.say("nothing_open")
    else:
        yield from _not_yet(command, room, work)


def _hand_over(asked: str, room: Room, work: Work) -> Iterator[Part]:
    number = work.cases.open("handover", asked)
    yield room.say("handed_over", number=number)
    yield room.say("handed_over_next")


def _not_yet(command: str, room: Room, work: Work) -> Iterator[Part]:
    order = room.edition.entries.get(command)
    title = order.question.in_(room.lang) if order else command
    yield room.say("not_yet", title=title)
    if order and order.answered_by in room.edition.entries:
        yield from answer_parts(
            room.edition, room.edition.entries[order.answered_by], room.lang, room.day, room.wording
        )
    yield _person(room, work)


def _chat(id_: str, room: Room, work: Work) -> Iterator[Part]:
    yield Paragraph((Text(room.edition.entries[id_].body.in_(room.lang)),))
    yield _starters(room, work)


def _admit(room: Room, work: Work) -> Iterator[Part]:
    yield room.say("do_not_know")
    yield _person(room, work)


def _thank(event: int, entry: str, room: Room, work: Work, *, helpful: bool) -> Iterator[Part]:
    work.answers.rate(event, helpful=helpful)
    if helpful:
        yield room.say("thanks")
        return
    yield room.say("sorry")
    known = room.edition.entries.get(entry)
    others = [other for other in (known.related if known else ()) if other in room.edition.entries]
    options = [question_choice(room.edition, other, room.lang, work) for other in others[:3]]
    yield Choices(
        room.wording.say("chat.or_else", room.lang), (*options, _person_choice(room, work)), ChoiceStyle.OFFER
    )


def _list_category(category: str, room: Room, work: Work) -> Iterator[Part]:
    entries = [entry for entry in room.edition.entries.values() if entry.category == category]
    options = tuple(question_choice(room.edition, entry.id, room.lang, work) for entry in entries)
    yield Choices(room.wording.say("chat.category_questions", room.lang), options)


def _welcome(room: Room, work: Work) -> Iterator[Part]:
    yield room.say("welcome")
    yield _starters(room, work)


def _regret(room: Room, work: Work) -> Iterator[Part]:
    yield room.say("stale_button")
    yield _starters(room, work)


def _starters(room: Room, work: Work) -> Choices:
    written = {entry.category for entry in room.edition.entries.values()}
    options = tuple(
        Choice(room.wording.say(f"categories.{name}", room.lang), work.tokens.issue(ShowCategory(name)))
        for name in room.wording.names("categories")
        if name in written
    )
    return Choices(
        room.wording.say("chat.topics", room.lang), (*options, _person_choice(room, work)), ChoiceStyle.OFFER
    )


def _person(room: Room, work: Work) -> Choices:
    return Choices(
        room.wording.say("chat.person_prompt", room.lang), (_person_choice(room, work),), ChoiceStyle.OFFER
    )


def _person_choice(room: Room, work: Work) -> Choice:
    return Choice(room.wording.say("chat.person", room.lang), work.tokens.issue(RunCommand(HANDOFF)))


def memory_after(
    memory: Conversation, decision: Decision, parts: tuple[Part, ...], lang: Lang
) -> Conversation:
    """What to remember: the topic, the choices a typed number can press, and how often we did not know."""
    options = tuple(
        choice.token
        for part in parts
        if isinstance(part, Choices) and part.style is not ChoiceStyle.FEEDBACK
        for choice in part.options
    )
    missed = isinstance(decision, Admit)
    topic = decision.entry if isinstance(decision, AnswerWith) else memory.topic
    return replace(memory, lang=lang, options=options, topic=topic, misses=memory.misses + 1 if missed else 0)
