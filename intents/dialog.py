"""A dialog is a typed value: questions in order that fill one command, read anew from text at every turn.

Nothing but the text is kept, so going back, changing an answer, a restart and a seminar that closed meanwhile
are all the same thing: the texts are read again, and the first that is no answer (any more) is asked.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVar

from intents.conversation import Draft
from intents.messages import FieldKind, Option, Part
from intents.ports import Turn
from intents.readers.misread import Misread
from intents.room import Room
from intents.understanding.router import Understanding
from knowledge.model import Lang

Answers = Mapping[str, Any]
T = TypeVar("T")
NOTHING: Answers = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scene:
    """What a question may look at: the room, the office's books, and the mind that finds methodologies."""

    room: Room
    work: Turn
    mind: Understanding
    # What was looked up in this turn already; a question is read several times.
    memo: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def today(self) -> date:
        """The day in Tokyo."""
        return self.room.day

    @property
    def now(self) -> datetime:
        """The moment of this turn, UTC."""
        return self.work.now

    @property
    def lang(self) -> Lang:
        """The language of this turn."""
        return self.room.lang

    def say(self, key: str, **places: object) -> str:
        """A sentence of the catalogue in the reader's language."""
        return self.room.wording.say(key, self.room.lang, **places)

    def once(self, key: str, look: Callable[[], T]) -> T:
        """Looks something up once a turn."""
        if key not in self.memo:
            self.memo[key] = look()
        found: T = self.memo[key]
        return found

    def options(self, file: str, names: tuple[str, ...]) -> tuple[Option, ...]:
        """Answers that the catalogue names: the value is the name, the label its sentence."""
        return tuple(Option(name, self.say(f"{file}.{name}")) for name in names)


Read = Callable[[str, Scene, Answers], Any]


def no_options(_: Scene, __: Answers) -> tuple[Option, ...]:
    """A question that is answered freely."""
    return ()


def always(_: Scene, __: Answers) -> bool:
    """A question that always applies."""
    return True


def never(_: Scene, __: Answers) -> bool:
    """A question that need not be answered if it is not required anyway."""
    return False


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a dialog; its words are `<wording>.<name>` and `<wording>.<name>_hint` of the catalogue.

    `read` turns text into a value or raises Misread. `only_if` hides what does not apply. A `known` question is
    proposed with what the person said before. `needed` makes an optional one required in some cases. `open` takes any text, so that questions in it are answers.
    `keep` writes a value so that it means the same tomorrow, `show` as people read it; `label` and `kind_of` stand
    for name and kind where data decides. A `carried` question is not asked: it shows what another dialog found out, if it was given.
    """

    name: str
    read: Read
    kind: FieldKind = FieldKind.LINE
    required: bool = True
    needed: Callable[[Scene, Answers], bool] = never
    personal: bool = False
    known: bool = False
    open: bool = False
    carried: bool = False
    only_if: Callable[[Scene, Answers], bool] = always
    options: Callable[[Scene, Answers], tuple[Option, ...]] = no_options
    label: Callable[[Scene, Answers], str] | None = None
    kind_of: Callable[[Scene, Answers], FieldKind] | None = None
    keep: Callable[[Any], str] | None = None
    show: Callable[[Any, Scene], str] | None = None

    def kind_in(self, scene: Scene, answers: Answers) -> FieldKind:
        """How it is filled in, given the answers before it."""
        return self.kind_of(scene, answers) if self.kind_of else self.kind


@dataclass(frozen=True, slots=True)
class Filed:
    """A command was carried out: what to say about it. The turn's reply is its receipt."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sorry:
    """A command could not be carried out: the question to ask again, and why; an empty question ends the dialog."""

    question: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Dialog:
    """One thing that is asked for by talking: the order that starts it, its questions, and what it does.

    `command` is the frozen dataclass that the answers fill, one field a question. `purpose` names the consent
    that it needs; `ready` says why it cannot begin now (nothing: it can).
    """

    name: str
    wording: str
    purpose: str
    command: type[Any]
    questions: tuple[Question, ...]
    submit: Callable[[Any, Scene], Filed | Sorry]
    ready: Callable[[Scene, Mapping[str, str]], tuple[Part, ...]] = lambda _, __: ()

    def __post_init__(self) -> None:
        """Refuses a dialog whose questions are not the fields of its command."""
        wanted = [one.name for one in fields(self.command)]
        asked = [one.name for one in self.questions]
        if asked != wanted:
            raise TypeError(f"dialog {self.name}: asks {asked}, its command has {wanted}")

    def question(self, name: str) -> Question | None:
        """The question of that name."""
        return next((one for one in self.questions if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands: its text if one was given, and what is wrong with it."""

    question: Question
    text: str | None
    value: Any = None
    misread: Misread | None = None
    required: bool = True

    @property
    def settled(self) -> bool:
        """Whether it needs not be asked."""
        return self.text is not None and self.misread is None


@dataclass(frozen=True, slots=True)
class Survey:
    """Every question that applies now, in order, and the answers that they give."""

    asked: tuple[Asked, ...]
    answers: Answers

    def open(self, asking: str = "") -> Asked | None:
        """What to ask now: what shall be asked again, else the first unsettled; nothing when all is said."""
        typed = (one for one in self.asked if not one.question.carried)
        again = next((one for one in typed if one.question.name == asking), None)
        return again or next((one for one in self.asked if not one.settled), None)

    def place(self, name: str) -> int:
        """The place of a question among those that apply, from 0."""
        return next((n for n, one in enumerate(self.asked) if one.question.name == name), len(self.asked))


def survey(dialog: Dialog, texts: Mapping[str, str], scene: Scene) -> Survey:
    """Reads all texts anew, in order, so that a later question sees the answers before it."""
    asked: list[Asked] = []
    answers: dict[str, Any] = {}
    for question in dialog.questions:
        answers[question.name] = None
        missing = question.carried and not texts.get(question.name)
        if missing or not question.only_if(scene, answers):
            continue
        one = _read(question, texts.get(question.name), scene, answers)
        answers[question.name] = one.value
        asked.append(one)
    return Survey(tuple(asked), answers)


def _read(question: Question, text: str | None, scene: Scene, answers: Answers) -> Asked:
    required = question.required or question.needed(scene, answers)
    value, misread = None, None
    if text is not None and not text.strip():
        misread = Misread("dialog.missing") if required else None
    elif text is not None:
        try:
            value = question.read(text, scene, answers)
        except Misread as found:
            misread = found
    return Asked(question, text, value, misread, required)


def may_keep(draft: Draft, question: Question) -> bool:
    """Whether what a person sends may be kept: nothing carried, and what is personal only after the purpose text."""
    return not question.carried and (bool(draft.notice) or not question.personal)


def digest(dialog: Dialog, survey_: Survey) -> str:
    """A fingerprint of what was submitted, to tell a repeated submission from another one."""
    given = {one.question.name: one.text for one in survey_.asked if not one.question.carried}
    return hashlib.sha256(json.dumps([dialog.name, given], sort_keys=True).encode()).hexdigest()[:24]
