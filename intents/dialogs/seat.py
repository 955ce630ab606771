"""Changing a registration, all of it that was typed, and giving it up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from intents.desk import seminars
from intents.desk.refused import Refused
from intents.desk.seats import SeatState
from intents.desk.seminar_letters import PURPOSE, appointment, refusal_text
from intents.desk.seminar_records import PARTY_LIMIT, Registration, Way, Ways
from intents.desk.seminar_seating import check_ahead
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import MAIL, NAME, ORGANISATION, PHONE, YES_NO, choose, listed, plain, text
from intents.dialogs.seminar_words import letters_of, seminar_text
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    FieldKind,
    Heading,
    Option,
    Paragraph,
    Part,
    RunCommand,
    Text,
)
from intents.readers.numbers import count, yes_no

SHOWN_OF_QUESTION = 40
# Which answer a refusal is about; every other one ends the dialog.
_ABOUT = {
    "party_out_of_range": "party",
    "party_over_capacity": "party",
    "does_not_fit": "party",
    "others_wait": "party",
    "others_behind": "party",
    "way_not_offered": "way",
    "mail_taken": "mail",
}


@dataclass(frozen=True, slots=True)
class ChangeSeat:
    """What shall be different about a registration; nothing stays as it is."""

    registration: str
    party: int | None
    way: str | None
    question: str | None
    organisation: str | None
    name: str | None
    mail: str | None
    phone: str | None
    wants_consultation: bool | None


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


# ------------------------------------------------ whether there is anything to change


def _ready(scene: Scene, given: Mapping[str, str]) -> tuple[Part, ...]:
    meant = given.get("registration", "")
    if any(not meant or one.number == meant for one in mine(scene)):
        return ()
    why = next((_why_over(one, scene) for one in _gone(meant, scene)), "")
    return (Paragraph((Text(why or scene.say("seminar.none_mine")),)),)


def _gone(meant: str, scene: Scene) -> Iterator[Registration]:
    """The registration that is meant, else those that somebody may still think of, the newest first."""
    store = scene.work.seminars
    for one in store.of_person(scene.work.person):
        if one.number == meant or (not meant and store.seminar_of(one).ends_at > scene.now):
            yield one


def _why_over(one: Registration, scene: Scene) -> str:
    refused = Refused("registration_over", number=one.number, state=one.state)
    try:
        check_ahead(scene.work.seminars.seminar_of(one), scene.now)
    except Refused as begun_or_off:
        refused = begun_or_off
    return refusal_text(scene.room.wording, refused, scene.lang)


# ------------------------------------------------ what becomes of it


def _change(wanted: ChangeSeat, scene: Scene) -> Filed | Sorry:
    new = seminars.Change(
        party=wanted.party,
        way=Way(wanted.way.removeprefix("way_")) if wanted.way else None,
        question=wanted.question or None,
        organisation=wanted.organisation or None,
        name=wanted.name or None,
        mail=wanted.mail or None,
        phone=wanted.phone or None,
        wants_consultation=wanted.wants_consultation,
    )
    try:
        one = seminars.change(scene.work, letters_of(scene), wanted.registration, new)
    except Refused as refused:
        return _sorry(refused, _ABOUT.get(refused.problem, ""), scene)
    filed = _done(one, "changed", scene)
    return Filed((*filed.parts, *_consult(scene))) if wanted.wants_consultation else filed


def _consult(scene: Scene) -> Iterator[Part]:
    token = scene.work.tokens.issue(RunCommand("consultation.start"))
    option = Choice(scene.say("seminar.consult_instead"), token)
    yield Choices(scene.say("seat_change.consult_prompt"), (option,), ChoiceStyle.OFFER)


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


# ------------------------------------------------ the questions


def _stays(name: str, value: Callable[[Registration, Scene], str]) -> Callable[[Scene, Answers], str]:
    """What a question is called, with what stands there now; not where others read it."""

    def label(scene: Scene, answers: Answers) -> str:
        field, one = scene.say(f"seat_change.{name}"), _chosen(scene, answers)
        stands = value(one, scene) if one and not scene.work.overheard else ""
        return scene.say("seat_change.stays", field=field, value=stands) if stands else field

    return label


def _optional(question: Question, value: Callable[[Registration, Scene], str]) -> Question:
    """A question that nobody must answer: skipped, all stays as it is; nothing is proposed but what stands there."""
    return replace(question, required=False, known=False, label=_stays(question.name, value))


def _asked(one: Registration, _: Scene) -> str:
    long = len(one.question) > SHOWN_OF_QUESTION
    return f"{one.question[:SHOWN_OF_QUESTION]}..." if long else one.question


def _wish(one: Registration, scene: Scene) -> str:
    return scene.say("dialog.yes" if one.wants_consultation else "dialog.no")


_WAYS = listed("options", "way_online", "way_venue")
_REGISTRATION = Question(
    "registration", choose(_registrations), FieldKind.ONE, options=_registrations, keep=str
)
_WAY = Question("way", choose(_WAYS), FieldKind.ONE, options=_WAYS, only_if=_both_ways)
_WISH = Question("wants_consultation", plain(yes_no), FieldKind.ONE, options=YES_NO)
CHANGE = Dialog(
    "seminar.change",
    "seat_change",
    PURPOSE,
    ChangeSeat,
    (
        _REGISTRATION,
        _optional(Question("party", _party, FieldKind.NUMBER), lambda one, _: str(one.party)),
        _optional(_WAY, lambda one, scene: scene.say(f"seminars.way_{one.way}")),
        _optional(Question("question", text(), FieldKind.TEXT, open=True), _asked),
        _optional(ORGANISATION, lambda one, _: one.organisation),
        _optional(NAME, lambda one, _: one.name),
        _optional(MAIL, lambda one, _: one.mail),
        _optional(PHONE, lambda one, _: one.phone),
        _optional(_WISH, _wish),
    ),
    _change,
    _ready,
)
GIVE_UP = Dialog("seminar.cancel", "seat_cancel", "", GiveUpSeat, (_REGISTRATION,), _give_up, _ready)
