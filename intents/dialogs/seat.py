"""Changing a registration, and giving it up."""

from collections.abc import Mapping
from dataclasses import dataclass

from intents.desk import seminars
from intents.desk.refused import Refused
from intents.desk.seats import SeatState
from intents.desk.seminar_letters import appointment, refusal_text
from intents.desk.seminar_records import PARTY_LIMIT, Registration, Way, Ways
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import choose, listed, text
from intents.dialogs.seminar_words import letters_of, seminar_text
from intents.messages import FieldKind, Heading, Option, Paragraph, Part, Text
from intents.readers.numbers import count


@dataclass(frozen=True, slots=True)
class ChangeSeat:
    """What shall be different about a registration; nothing stays as it is."""

    registration: str
    party: int | None
    way: str | None
    question: str | None


@dataclass(frozen=True, slots=True)
class GiveUpSeat:
    """Which registration is given up."""

    registration: str


def mine(scene: Scene) -> tuple[Registration, ...]:
    """This person's registrations that still count."""
    return scene.once("registrations", lambda: tuple(_active(scene)))


def _active(scene: Scene) -> list[Registration]:
    store = scene.work.seminars
    found = [one for one in store.of_person(scene.work.person) if one.active]
    return [one for one in found if store.seminar_of(one).ahead(scene.now)]


def _registrations(scene: Scene, _: Answers) -> tuple[Option, ...]:
    return tuple(Option(one.number, _text(one, scene)) for one in mine(scene))


def _text(one: Registration, scene: Scene) -> str:
    return f"{one.number} {seminar_text(scene.work.seminars.seminar_of(one), scene)}"


def _chosen(scene: Scene, answers: Answers) -> Registration | None:
    return next((one for one in mine(scene) if one.number == answers["registration"]), None)


def _both_ways(scene: Scene, answers: Answers) -> bool:
    chosen = _chosen(scene, answers)
    return chosen is not None and scene.work.seminars.seminar_of(chosen).ways is Ways.BOTH


def _party(typed: str, _: Scene, __: Answers) -> int:
    return count(typed, 1, PARTY_LIMIT)


def _ready(scene: Scene, _: Mapping[str, str]) -> tuple[Part, ...]:
    return () if mine(scene) else (Paragraph((Text(scene.say("seminar.none_mine")),)),)


def _change(wanted: ChangeSeat, scene: Scene) -> Filed | Sorry:
    new = seminars.Change(
        party=wanted.party,
        way=Way(wanted.way.removeprefix("way_")) if wanted.way else None,
        question=wanted.question or None,
    )
    try:
        one = seminars.change(scene.work, letters_of(scene), wanted.registration, new)
    except Refused as refused:
        return _sorry(refused, "party", scene)
    return _done(one, "changed", scene)


def _give_up(wanted: GiveUpSeat, scene: Scene) -> Filed | Sorry:
    try:
        one = seminars.cancel(scene.work, letters_of(scene), wanted.registration)
    except Refused as refused:
        return _sorry(refused, "", scene)
    return _done(one, "given_up", scene)


def _sorry(refused: Refused, question: str, scene: Scene) -> Sorry:
    return Sorry(question, (Paragraph((Text(refusal_text(scene.room.wording, refused, scene.lang)),)),))


def _done(one: Registration, said: str, scene: Scene) -> Filed:
    seminar = scene.work.seminars.seminar_of(one)
    state = scene.say(f"seminars.state_{one.state}")
    line = scene.say(f"seminar.{said}", number=one.number, title=seminar.title, party=one.party, state=state)
    gone = one.state is SeatState.CANCELLED
    shown = one.state is SeatState.CONFIRMED or gone
    date = (appointment(scene.room.wording, seminar, one, cancelled=gone),) if shown else ()
    return Filed((Heading(scene.say("dialog.done")), Paragraph((Text(line),)), *date))


_WAYS = listed("options", "way_online", "way_venue")
_REGISTRATION = Question(
    "registration", choose(_registrations), FieldKind.ONE, options=_registrations, keep=str
)
CHANGE = Dialog(
    "seminar.change",
    "seat_change",
    "",
    ChangeSeat,
    (
        _REGISTRATION,
        Question("party", _party, FieldKind.NUMBER, required=False),
        Question("way", choose(_WAYS), FieldKind.ONE, required=False, options=_WAYS, only_if=_both_ways),
        Question("question", text(), FieldKind.TEXT, required=False, open=True),
    ),
    _change,
    _ready,
)
GIVE_UP = Dialog("seminar.cancel", "seat_cancel", "", GiveUpSeat, (_REGISTRATION,), _give_up, _ready)
