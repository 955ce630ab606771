"""What is said to a decision: one function per decision, from knowledge and wording only."""

from collections.abc import Iterator
from typing import assert_never

from intents.cards import card_parts, card_steps, term_parts
from intents.compose import answer_parts, next_steps, question_choice
from intents.decisions import (
    Admit,
    AnswerWith,
    AskBack,
    Chat,
    Define,
    Direct,
    ListCategory,
    NotListed,
    Obey,
    Outside,
    Regret,
    Shorten,
    Thank,
    Welcome,
)
from intents.messages import Choice, Choices, ChoiceStyle, NoneOfThese, Paragraph, Part, Text
from intents.ports import Work
from intents.room import HANDOFF, Room
from intents.understand import LONGEST
from knowledge.model import EntryKind

HELP = "help"
_NOTHING_OPEN = ("cancel", "back")


def spoken(decision: Outside, room: Room, work: Work) -> Iterator[Part]:  # noqa: C901 - one line per decision, closed by assert_never
    """What is said to a decision that no dialog and no order of the office takes part in."""
    match decision:
        case AnswerWith(entry):
            return _answer(entry, room, work)
        case AskBack(entries, asked, signpost):
            return _ask_back(entries, asked, room, work, signpost)
        case Obey():
            return _obey(decision, room, work)
        case Define(term, entries, asked):
            return _define(term, entries, asked, room, work)
        case Direct(entry, asked):
            return _direct(entry, asked, room, work)
        case NotListed(code, asked):
            return _not_listed(code, asked, room, work)
        case Chat(entry):
            return _chat(entry, room, work)
        case Admit(asked):
            return _admit(asked, room, work)
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
    if entry is None:
        yield room.say("withdrawn")
        yield room.person(work)
        return
    if entry.kind is EntryKind.COMMAND:
        yield from _obey(Obey(id_), room, work)
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
        yield room.person(work, asked)


def _direct(id_: str, asked: str, room: Room, work: Work) -> Iterator[Part]:
    yield Paragraph((Text(room.edition.entries[id_].body.in_(room.lang)),))
    yield room.person(work, asked)


def _not_listed(code: str, asked: str, room: Room, work: Work) -> Iterator[Part]:
    yield room.say("code_not_listed", code=code, count=len(room.edition.methodologies))
    near = [known for known in room.edition.methodologies if known[:4] == code[:4]]
    options = [question_choice(room.edition, known, room.lang, work) for known in near[-2:]]
    prompt = room.wording.say("chat.or_else", room.lang)
    yield Choices(prompt, (*options, room.person_choice(work, asked)), ChoiceStyle.OFFER)


def _obey(order: Obey, room: Room, work: Work) -> Iterator[Part]:
    command = order.command
    if command == HELP:
        yield from _welcome(room, work)
    elif command == HANDOFF:
        # Only a conversation with the office has a person at its other end; `act` sees to that.
        yield room.say("person_in_chat")
    elif command in _NOTHING_OPEN:
        yield room.say("nothing_open")
    else:
        yield from _not_yet(command, room, work)


def _not_yet(command: str, room: Room, work: Work) -> Iterator[Part]:
    order = room.edition.entries.get(command)
    title = order.question.in_(room.lang) if order else command
    yield room.say("not_yet", title=title)
    if order and order.answered_by in room.edition.entries:
        yield from answer_parts(
            room.edition, room.edition.entries[order.answered_by], room.lang, room.day, room.wording
        )
    yield room.person(work)


def _chat(id_: str, room: Room, work: Work) -> Iterator[Part]:
    yield Paragraph((Text(room.edition.entries[id_].body.in_(room.lang)),))
    yield room.starters(work)


def _admit(asked: str, room: Room, work: Work) -> Iterator[Part]:
    yield room.say("do_not_know")
    yield room.person(work, asked)


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
        room.wording.say("chat.or_else", room.lang), (*options, room.person_choice(work)), ChoiceStyle.OFFER
    )


def _list_category(category: str, room: Room, work: Work) -> Iterator[Part]:
    entries = [entry for entry in room.edition.entries.values() if entry.category == category]
    options = tuple(question_choice(room.edition, entry.id, room.lang, work) for entry in entries)
    yield Choices(room.wording.say("chat.category_questions", room.lang), options)


def _welcome(room: Room, work: Work) -> Iterator[Part]:
    yield room.say("welcome")
    yield room.starters(work)


def _regret(room: Room, work: Work) -> Iterator[Part]:
    yield room.say("stale_button")
    yield room.starters(work)
