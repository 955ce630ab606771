"""Moving a booked consultation to another time, and giving it up."""

from collections.abc import Mapping
from dataclasses import dataclass

from intents.desk import consultations as desk
from intents.desk.consultation_books import Booking, Slot
from intents.desk.refused import Refused
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import choose
from intents.dialogs.consultation import SLOTS_SHOWN
from intents.dialogs.slot_words import read_slot, slot_id, slot_options, slot_text
from intents.messages import FieldKind, Heading, Option, Paragraph, Part, Text


@dataclass(frozen=True, slots=True)
class Move:
    """Which booking moves to which slot."""

    booking: str
    slot: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Which booking is given up."""

    booking: str


def _mine(scene: Scene) -> tuple[Booking, ...]:
    return scene.once("bookings", lambda: scene.work.consultations.bookings(scene.work.person))


def _bookings(scene: Scene, _: Answers) -> tuple[Option, ...]:
    return tuple(Option(one.number, f"{one.case} {slot_text(one.slot, scene)}") for one in _mine(scene))


def _free(scene: Scene, answers: Answers) -> tuple[Slot, ...]:
    moving = next((one for one in _mine(scene) if one.number == answers["booking"]), None)
    free = scene.once("slots", scene.work.consultations.free)
    return tuple(slot for slot in free if moving is None or slot.way is moving.slot.way)[:SLOTS_SHOWN]


def _slots(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    return slot_options(_free(scene, answers), scene)


def _slot(typed: str, scene: Scene, answers: Answers) -> str:
    return read_slot(typed, _free(scene, answers), _slots(scene, answers), scene)


def _ready_to_move(scene: Scene, given: Mapping[str, str]) -> tuple[Part, ...]:
    if nothing := _ready(scene, given):
        return nothing
    return () if scene.work.consultations.free() else (_say(scene, "no_slots"),)


def _ready(scene: Scene, _: Mapping[str, str]) -> tuple[Part, ...]:
    return () if _mine(scene) else (_say(scene, "no_bookings"),)


def _move(wanted: Move, scene: Scene) -> Filed | Sorry:
    try:
        moved = desk.move(scene.work, _pen(scene), wanted.booking, slot_id(wanted.slot))
    except Refused as refused:
        return _sorry(refused, scene)
    return _done(moved, "moved", scene)


def _give_up(wanted: GiveUp, scene: Scene) -> Filed | Sorry:
    try:
        gone = desk.cancel(scene.work, _pen(scene), wanted.booking)
    except Refused as refused:
        return _sorry(refused, scene)
    return _done(gone, "given_up", scene)


def _pen(scene: Scene) -> desk.Pen:
    return desk.Pen(scene.room.notices, scene.room.wording)


def _done(booking: Booking, said: str, scene: Scene) -> Filed:
    shown = desk.appointment(booking, scene.lang, scene.room.wording)
    return Filed((Heading(scene.say("dialog.done")), _say(scene, said, number=booking.case), shown))


def _sorry(refused: Refused, scene: Scene) -> Sorry:
    if refused.problem == "slot_gone":
        return Sorry(
            "slot", (Paragraph((Text(scene.say("dialog.slot_gone", field=scene.say("booking_move.slot"))),)),)
        )
    return Sorry("", (_say(scene, "no_bookings"),))


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"consultation.{name}", **places)),))


_BOOKING = Question("booking", choose(_bookings), FieldKind.ONE, options=_bookings, keep=str)
MOVE = Dialog(
    "consultation.move",
    "booking_move",
    "",
    Move,
    (_BOOKING, Question("slot", _slot, FieldKind.ONE, options=_slots, keep=str)),
    _move,
    _ready_to_move,
)
GIVE_UP = Dialog("consultation.cancel", "booking_cancel", "", GiveUp, (_BOOKING,), _give_up, _ready)
