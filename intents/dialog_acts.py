"""What a message means to an open dialog: an answer, a step, or an aside after which the question is asked again."""

from collections.abc import Callable
from dataclasses import dataclass

from intents.conversation import Conversation, Draft
from intents.decisions import InDialog, TakeCode, TakeForm, TakeStep, TakeText
from intents.dialog import Answers, Asked, Scene
from intents.dialog_form import CHANGE, proposals
from intents.dialog_turn import (
    Acted,
    again,
    answer,
    arrive,
    dialog_of,
    fill,
    finished,
    in_hand,
    shown,
    steer,
    surveyed,
)
from intents.messages import Choices, FieldKind, FillIn, GiveAnswer, Paragraph, Part, Steer, Step, Text
from intents.ports import Outcome
from intents.readers.misread import Misread
from intents.readers.steering import as_before, declines, holds_back, steering
from intents.room import HANDOFF
from intents.understanding.mood import Mood, mood_of
from intents.understanding.router import Reading

# Orders that mean the dialog in hand when they are given inside one.
_INSIDE = {"cancel": Step.CANCEL, "back": Step.BACK}
_LEAVING = (Step.CANCEL, Step.BACK, Step.CHANGE, Step.MOVE)
HELP = "help"
# What is wrong with a text that plainly tries to answer: a wrong answer, not a question of its own.
_ATTEMPTS = ("outside_area", "prefecture_two", "seminar.closed")
# In a question that takes any text, only a text this short can be an order.
ORDER_LENGTH = 20
_CHOSEN = (
    FieldKind.ONE,
    FieldKind.SEVERAL,
    FieldKind.CHECK,
    FieldKind.NUMBER,
    FieldKind.MAIL,
    FieldKind.PHONE,
)


@dataclass(frozen=True, slots=True)
class Aside:
    """What was said does not answer the question in hand: it is dealt with as if no dialog were open."""

    reading: Reading


def take(taken: InDialog, scene: Scene, memory: Conversation) -> Acted | Aside:
    """Carries out what was said to a dialog."""
    match taken:
        case TakeCode(code):
            return arrive(code, scene, memory)
        case TakeText(text, read):
            held = in_hand(memory)
            return _text(held[0], text, read, scene, memory) if held else Aside(read())
        case TakeForm(key, fields):
            draft = _draft(memory, key)
            return fill(draft, fields, scene, memory) if draft else finished(key, fields, scene, memory)
        case TakeStep(action):
            draft = _draft(memory, action.draft)
            return _step(draft, action, scene, memory) if draft else finished(action.draft, {}, scene, memory)


def _draft(memory: Conversation, key: str) -> Draft | None:
    return next((one for one in memory.drafts if one.key == key and dialog_of(one.dialog)), None)


def _step(draft: Draft, action: GiveAnswer | FillIn | Steer, scene: Scene, memory: Conversation) -> Acted:
    match action:
        case GiveAnswer(_, question, text):
            return answer(draft, question, text, scene, memory)
        case Steer(_, step, question):
            return steer(draft, step, question, scene, memory)
        case FillIn():
            return shown(draft, scene, memory)


# ------------------------------------------------ typed text


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text typed to a dialog, with the question in hand (none when the answers are being checked)."""

    text: str
    read: Callable[[], Reading]
    asked: Asked | None
    answers: Answers
    scene: Scene

    @property
    def reading(self) -> Reading:
        """What the text means outside the dialog; most answers need not be understood at all."""
        return self.scene.once("reading", self.read)

    @property
    def problem(self) -> str:
        """Why the text does not answer the question in hand; empty when it does."""
        if self.asked is None:
            return "nothing_asked"
        try:
            self.asked.question.read(self.text, self.scene, self.answers)
        except Misread as misread:
            return misread.problem
        return ""

    @property
    def surely_answers(self) -> bool:
        """Whether a question that takes few texts takes this one: its answer, whatever else it may mean."""
        if self.asked is None:
            return False
        options = self.asked.question.options(self.scene, self.answers)
        if any(self.text.strip() in (one.value, one.label) for one in options):
            return True
        # "Cancel" would do for a no as well, but whoever says it wants to leave.
        if steering(self.text) in _LEAVING:
            return False
        return self.asked.question.kind_in(self.scene, self.answers) in _CHOSEN and not self.problem

    @property
    def has_broken(self) -> bool:
        """Whether what was chosen is to be had no more, or never was; what is typed freely does not break."""
        if self.asked is None or not self.asked.text or not self.problem:
            return False
        return self.asked.question.kind_in(self.scene, self.answers) in _CHOSEN

    @property
    def taken_whole(self) -> bool:
        """Whether the question takes any text and this is too long to be an order."""
        return bool(self.asked and self.asked.question.open and len(self.text) > ORDER_LENGTH)


def _text(
    draft: Draft, text: str, read: Callable[[], Reading], scene: Scene, memory: Conversation
) -> Acted | Aside:
    found = surveyed(draft, scene)
    asked = found.open(draft.asking)
    if asked and asked.question.known and as_before(text):
        text = proposals(scene).get(asked.question.name, text)
    heard = _Heard(text, read, asked, found.answers, scene)
    if asked and heard.surely_answers:
        return answer(draft, asked.question.name, text, scene, memory)
    if asked is None and holds_back(text):
        return Acted((Paragraph((Text(scene.say("dialog.not_sent_yet")),)), *again(scene, memory)), memory)
    step = _typed_step(heard) or _ordered_step(heard)
    if step:
        return steer(draft, step, CHANGE if step is Step.CHANGE else "", scene, memory)
    if not heard.taken_whole and heard.reading.intent == HELP and heard.reading.outcome is Outcome.COMMAND:
        return Acted(_help(scene, memory), memory)
    if asked is None or _is_aside(heard, asked):
        return Aside(heard.reading)
    return answer(draft, asked.question.name, text, scene, memory)


def _typed_step(heard: _Heard) -> Step | None:
    step = steering(heard.text)
    if heard.asked is None and declines(heard.text):
        return Step.CHANGE
    if step is Step.CONFIRM:
        # Who sends what was checked must hear what has become wrong since, not overwrite it with the word.
        return step if heard.asked is None or heard.has_broken else None
    if step is Step.SKIP:
        return None if heard.asked is None or (heard.asked.question.open and heard.asked.required) else step
    return step


def _ordered_step(heard: _Heard) -> Step | None:
    if heard.taken_whole or heard.reading.outcome is not Outcome.COMMAND:
        return None
    return _INSIDE.get(heard.reading.intent)


def _is_aside(heard: _Heard, asked: Asked) -> bool:
    if heard.taken_whole or steering(heard.text) is Step.CONFIRM:
        return False
    reading, mood = heard.reading, mood_of(heard.text)
    ordered = reading.outcome is Outcome.COMMAND
    if asked.question.open:
        return ordered and reading.intent == HANDOFF
    # Bare words in a dialog are an answer, even a wrong one; a question or an order is something else.
    if not heard.problem or heard.problem in _ATTEMPTS:
        clear = ordered or reading.outcome is Outcome.ANSWER
        return clear and mood is not Mood.NEITHER
    return ordered or mood is Mood.ASKS


# ------------------------------------------------ what is said around it


def _help(scene: Scene, memory: Conversation) -> tuple[Part, ...]:
    held = in_hand(memory)
    title = scene.say(f"{held[1].wording}.title") if held else ""
    return (Paragraph((Text(scene.say("dialog.help_here", title=title)),)), *again(scene, memory))


def beside(
    parts: tuple[Part, ...], scene: Scene, memory: Conversation, *, ordered: bool = False
) -> tuple[Part, ...]:
    """What an aside brought, and the question in hand again.

    An answer comes without buttons of its own; an order such as ending a consent is nothing without them.
    """
    if in_hand(memory) is None:
        return parts
    said = parts if ordered else tuple(part for part in parts if not isinstance(part, Choices))
    unclear = Paragraph((Text(scene.say("dialog.aside_unclear")),))
    return (*(said or (unclear,)), *again(scene, memory))
