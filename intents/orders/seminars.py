"""Seminars in one turn: what there is, what I have, and an offered seat taken or left."""

from collections.abc import Iterator, Mapping

from intents.desk import seminars
from intents.desk.refused import Refused
from intents.desk.seats import SeatState
from intents.desk.seminar_letters import PURPOSE, appointment, refusal_text, why_text
from intents.desk.seminar_records import Registration, Seats, Seminar
from intents.dialog import Scene
from intents.dialogs.seminar_words import letters_of, open_seminars, seminar_text
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Heading,
    Line,
    Paragraph,
    Part,
    RunCommand,
    Text,
)

SHOWN = 5
Given = Mapping[str, str]


def list_seminars(scene: Scene, _: Given) -> Iterator[Part]:
    """The seminars that can be joined, each with its seats and a button."""
    found = open_seminars(scene)[:SHOWN]
    if not found:
        yield _say(scene, "none_open")
        return
    counted = scene.work.seminars.seats([one.id for one in found])
    for seminar in found:
        yield Heading(seminar.title)
        yield Facts(tuple(_rows(seminar, counted[seminar.id], scene)))
    options = tuple(
        _button(scene, "seminar.register", seminar_text(one, scene), seminar=one.number) for one in found
    )
    yield Choices(scene.say("seminar.join_prompt"), options, ChoiceStyle.OFFER)


def _rows(seminar: Seminar, counted: Seats, scene: Scene) -> Iterator[tuple[str, Line]]:
    wording, lang = scene.room.wording, scene.lang
    when = appointment_when(seminar, scene)
    yield scene.say("seminar.when"), (Text(when),)
    yield (
        scene.say("seminar.place"),
        (Text(seminar.venue or wording.say(f"seminars.ways_{seminar.ways}", lang)),),
    )
    if seminar.programme:
        yield scene.say("seminar.programme"), (Text(seminar.programme),)
    yield scene.say("seminar.seats"), (Text(_seats(seminar, counted, scene)),)


def appointment_when(seminar: Seminar, scene: Scene) -> str:
    """When a seminar takes place, in words."""
    return seminar_text(seminar, scene).removeprefix(f"{seminar.title} (").removesuffix(")")


def _seats(seminar: Seminar, counted: Seats, scene: Scene) -> str:
    left = max(0, seminar.capacity - counted.taken)
    key = "seats_full" if counted.waiting or not left else "seats_free"
    return scene.say(f"seminar.{key}", capacity=seminar.capacity, free=left)


def my_registrations(scene: Scene, given: Given) -> Iterator[Part]:
    """What I am registered for and how it stands; a letter's link brings its registration here."""
    if scene.work.overheard:
        yield Paragraph((Text(scene.say("mine.in_private")),))
        return
    store = scene.work.seminars
    if number := given.get("registration", ""):
        _bring(number, scene)
    found = [one for one in store.of_person(scene.work.person) if one.active][:SHOWN]
    if not found:
        yield _say(scene, "none_mine")
        yield Choices(
            scene.say("seminar.what_else"),
            (_button(scene, "seminar.list", scene.say("seminar.see_list")),),
            ChoiceStyle.OFFER,
        )
        return
    for one in found:
        yield from _mine(one, scene)


def _bring(number: str, scene: Scene) -> None:
    one = scene.work.seminars.registration(number)
    if one and one.person != scene.work.person:
        scene.work.seminars.bring(number, scene.work.recipient("", scene.lang))
        # What was agreed to there holds here, so that it can be withdrawn here.
        scene.work.people.inherit(one.person, PURPOSE)


def _mine(one: Registration, scene: Scene) -> Iterator[Part]:
    seminar = scene.work.seminars.seminar_of(one)
    yield Heading(seminar.title)
    yield Facts(
        (
            (scene.say("seminar.number"), (Text(one.number),)),
            (scene.say("seminar.when"), (Text(appointment_when(seminar, scene)),)),
            (scene.say("seminar.party"), (Text(scene.say("seminar.people", count=one.party)),)),
            (scene.say("seminar.state"), (Text(scene.say(f"seminars.state_{one.state}")),)),
        )
    )
    if one.state is SeatState.WAITING:
        why = seminars.why(scene.work, one.number)
        yield Paragraph((Text(why_text(scene.room.wording, why, scene.lang)),))
    if one.state is SeatState.CONFIRMED:
        yield appointment(scene.room.wording, seminar, one)
    if seminar.ahead(scene.now):
        yield Choices(scene.say("seminar.mine_prompt"), tuple(_steps(one, scene)), ChoiceStyle.OFFER)


def _steps(one: Registration, scene: Scene) -> Iterator[Choice]:
    if one.state is SeatState.OFFERED:
        yield _button(scene, "seminar.accept", scene.say("seminar.accept"), registration=one.number)
        yield _button(scene, "seminar.decline", scene.say("seminar.decline"), registration=one.number)
        return
    yield _button(scene, "seminar.change", scene.say("seminar.change"), registration=one.number)
    yield _button(scene, "seminar.cancel", scene.say("seminar.cancel"), registration=one.number)


def accept(scene: Scene, given: Given) -> Iterator[Part]:
    """Takes the seats that are held."""
    try:
        one = seminars.accept(scene.work, letters_of(scene), given.get("registration", ""))
    except Refused as refused:
        yield _refusal(refused, scene)
        return
    seminar = scene.work.seminars.seminar_of(one)
    yield _say(scene, "accepted", number=one.number, title=seminar.title)
    yield appointment(scene.room.wording, seminar, one)


def decline(scene: Scene, given: Given) -> Iterator[Part]:
    """Leaves the seats that are held to the next in line."""
    try:
        one = seminars.decline(scene.work, letters_of(scene), given.get("registration", ""))
    except Refused as refused:
        yield _refusal(refused, scene)
        return
    yield _say(scene, "declined", number=one.number)


def _refusal(refused: Refused, scene: Scene) -> Paragraph:
    return Paragraph((Text(refusal_text(scene.room.wording, refused, scene.lang)),))


def _button(scene: Scene, command: str, label: str, **given: str) -> Choice:
    return Choice(
        label, scene.work.tokens.issue(RunCommand(command, given=given, own="registration" in given))
    )


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"seminar.{name}", **places)),))
