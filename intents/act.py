"""Step five: carry a decision out and say what happened, by a dialog, an order, or from what the office knows."""

from dataclasses import replace

from intents.conversation import Conversation
from intents.decide import decide
from intents.decisions import (
    ActOnCase,
    Admit,
    AnswerNudge,
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
    TellPerson,
    Welcome,
    WriteOnCase,
)
from intents.desk.nudges.records import Answer
from intents.dialog import Scene
from intents.dialog_acts import Aside, beside, take
from intents.dialog_turn import Acted, begin, dialog_of, in_hand
from intents.dialogs.seminar_words import seminar_named, waits
from intents.handover import leave_open, pass_on, to_person, worth_a_person
from intents.messages import Part, RunCommand, numbered
from intents.orders import ORDERS
from intents.orders.home import home, way_home
from intents.orders.nudge_words import in_words
from intents.readers.steering import asks_for_turn
from intents.room import HANDOFF, Room
from intents.speak import spoken
from intents.staff_turn import at_home, for_staff, staff_home
from knowledge.model import EntryKind


def act(decision: Decision, scene: Scene, memory: Conversation) -> Acted:
    """Does what was decided and gives what to say and what to remember."""
    acted = _acted(decision, scene, memory)
    match decision:
        case Welcome() | Obey(command="my.home"):
            return acted
        case _ if in_hand(acted.memory):
            return acted
        case _:
            return replace(acted, parts=(*acted.parts, *way_home(scene)))


def _acted(decision: Decision, scene: Scene, memory: Conversation) -> Acted:
    if (acted := _with_people(decision, scene, memory)) is not None:
        return acted
    match decision:
        case TakeText() | TakeForm() | TakeStep() | TakeCode():
            taken = take(decision, scene, memory)
            if isinstance(taken, Aside):
                return _acted(decide(taken.reading, scene.room.edition, memory), scene, memory)
            return _remembering(taken.parts, taken.memory, scene)
        case Admit(asked) | AskBack(asked=asked) | Direct(asked=asked) if asks_for_turn(asked) and waits(
            scene
        ):
            return _acted(Obey("my.registrations", asked), scene, memory)
        case Admit(asked) | AskBack(asked=asked) | Direct(asked=asked) if named := seminar_named(
            asked, scene
        ):
            return _acted(Obey("seminar.register", asked, given={"seminar": named}), scene, memory)
        case AnswerWith(entry) if _is_order(entry, scene.room):
            return _acted(Obey(entry), scene, memory)
        case Obey(command, _, _, given) if dialog := dialog_of(command):
            begun = begin(dialog, given, scene, memory)
            return _remembering(begun.parts, replace(begun.memory, topic="", misses=0), scene)
        case Obey(command, _, _, given) if order := ORDERS.get(command):
            parts = beside(tuple(order(scene, given)), scene, memory, ordered=True)
            return _remembering(parts, _after(memory, decision), scene)
        case TellPerson() | ActOnCase() | WriteOnCase() | AnswerNudge():
            raise AssertionError("dealt with above")
        case _:
            parts = beside(tuple(spoken(decision, scene.room, scene.work)), scene, memory)
            return _remembering(parts, _after(memory, decision), scene)


def _with_people(decision: Decision, scene: Scene, memory: Conversation) -> Acted | None:
    """What has a person of the office at its other end, or answers what the office sent."""
    match decision:
        case TellPerson(text, case, files):
            # Nothing else changes: the desk's own talk rests where it was.
            return Acted(tuple(to_person(scene, case, text, files)), memory)
        case AnswerNudge(said, text):
            return _to_nudge(said, text, scene, memory)
        case ActOnCase() | WriteOnCase():
            return Acted(tuple(for_staff(decision, scene)), memory)
        case Welcome() if at_home(scene):
            return _remembering(tuple(staff_home(scene)), memory, scene)
        case Welcome() if scene.work.alone_at_home:
            parts = beside(tuple(home(scene, {})), scene, memory, ordered=True)
            return _remembering(parts, memory, scene)
        case Obey(command) if command == HANDOFF:
            parts = beside(tuple(pass_on(scene, decision)), scene, memory, ordered=True)
            return _remembering(parts, _after(memory, decision), scene)
        case Admit(asked, again) if worth_a_person(asked) and not memory.draft:
            # In a dialog, what is not understood may be an answer to it, and no person is called for that.
            return _remembering(tuple(leave_open(scene, asked, again=again)), _after(memory, decision), scene)
        case _:
            return None


def _to_nudge(said: Answer, text: str, scene: Scene, memory: Conversation) -> Acted:
    """An answer in words; where more has to be asked, the dialog that a button would begin."""
    found = in_words(scene, said, text)
    if isinstance(found, RunCommand):
        return _acted(Obey(found.command, text, given=found.given), scene, memory)
    return _remembering(tuple(found), replace(memory, topic="", misses=0), scene)


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
