"""Step five: carry a decision out and say what happened, by a dialog, an order, or from what the office knows."""

from dataclasses import replace

from intents.conversation import Conversation
from intents.decide import decide
from intents.decisions import (
    Admit,
    AnswerWith,
    AskBack,
    Decision,
    Define,
    Direct,
    Obey,
    TakeCode,
    TakeForm,
    TakeStep,
    TakeText,
)
from intents.dialog import Scene
from intents.dialog_acts import Aside, beside, take
from intents.dialog_turn import Acted, begin, dialog_of
from intents.dialogs.seminar_words import seminar_named, waits
from intents.messages import (
    Part,
    numbered,
)
from intents.orders import ORDERS
from intents.readers.steering import asks_for_turn
from intents.room import Room
from intents.speak import spoken
from knowledge.model import EntryKind


def act(decision: Decision, scene: Scene, memory: Conversation) -> Acted:
    """Does what was decided and gives what to say and what to remember."""
    match decision:
        case TakeText() | TakeForm() | TakeStep() | TakeCode():
            taken = take(decision, scene, memory)
            if isinstance(taken, Aside):
                return act(decide(taken.reading, scene.room.edition, memory), scene, memory)
            return _remembering(taken.parts, taken.memory, scene)
        case Admit(asked) | AskBack(asked=asked) | Direct(asked=asked) if asks_for_turn(asked) and waits(
            scene
        ):
            return act(Obey("my.registrations", asked), scene, memory)
        case Admit(asked) | AskBack(asked=asked) | Direct(asked=asked) if named := seminar_named(
            asked, scene
        ):
            return act(Obey("seminar.register", asked, given={"seminar": named}), scene, memory)
        case AnswerWith(entry) if _is_order(entry, scene.room):
            return act(Obey(entry), scene, memory)
        case Obey(command, _, _, given) if dialog := dialog_of(command):
            begun = begin(dialog, given, scene, memory)
            return _remembering(begun.parts, replace(begun.memory, topic="", misses=0), scene)
        case Obey(command, _, _, given) if order := ORDERS.get(command):
            parts = beside(tuple(order(scene, given)), scene, memory, ordered=True)
            return _remembering(parts, _after(memory, decision), scene)
        case _:
            parts = beside(tuple(spoken(decision, scene.room, scene.work)), scene, memory)
            return _remembering(parts, _after(memory, decision), scene)


def _is_order(id_: str, room: Room) -> bool:
    entry = room.edition.entries.get(id_)
    return entry is not None and entry.kind is EntryKind.COMMAND


def _remembering(parts: tuple[Part, ...], memory: Conversation, scene: Scene) -> Acted:
    # A typed number presses what plain text shows under that number.
    shown = tuple(choice for part in parts for choice in numbered(part))
    tokens, labels = tuple(one.token for one in shown), tuple(one.label for one in shown)
    return Acted(parts, replace(memory, lang=scene.lang, options=tokens, labels=labels))


def _after(memory: Conversation, decision: Decision) -> Conversation:
    """The topic, and how often in a row we did not know."""
    missed = isinstance(decision, Admit)
    topic = memory.topic
    if isinstance(decision, AnswerWith):
        topic = decision.entry
    elif isinstance(decision, Define | Direct | Obey):
        # Something else was talked about: a follow-up does not mean the old topic.
        topic = ""
    return replace(memory, topic=topic, misses=memory.misses + 1 if missed else 0)
