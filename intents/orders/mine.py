"""What a person has with the office: open requests, booked times, consents, and how to end those."""

from collections.abc import Iterator, Mapping

from intents.appointments import TOKYO
from intents.compose import day_text
from intents.desk.consultation_books import Booking
from intents.desk.consultations import PURPOSE, when
from intents.desk.nudges.muting import PURPOSE as OF_PROJECTS
from intents.desk.nudges.muting import withdrawn
from intents.dialog import Scene
from intents.messages import Choice, Choices, ChoiceStyle, Facts, Heading, Paragraph, Part, RunCommand, Text

WITHDRAW = "reminder.stop"
SHOWN = 5
Given = Mapping[str, str]


def my_cases(scene: Scene, given: Given) -> Iterator[Part]:
    """What I asked the office, how it stands, and the times that I booked; a letter's link brings its booking here."""
    if scene.work.overheard:
        yield Paragraph((Text(scene.say("mine.in_private")),))
        return
    if number := given.get("booking", ""):
        _bring(number, scene)
    cases = scene.work.consultations.cases_of(scene.work.person)[:SHOWN]
    booked = scene.work.consultations.bookings(scene.work.person)
    known = {case.number for case in cases}
    yield from _booked([one for one in booked if one.case not in known], scene)
    if not cases and not booked:
        yield _say(scene, "none")
        yield Choices(
            scene.say("seminar.what_else"),
            (_button(scene, "consultation.start", scene.say("seminar.consult_instead")), _projects(scene)),
            ChoiceStyle.OFFER,
        )
        return
    for case in cases:
        day = day_text(case.opened_at.astimezone(TOKYO).date(), scene.lang, scene.room.wording)
        yield Heading(case.number)
        yield Facts(
            (
                (scene.say("mine.about"), (Text(case.summary or scene.say("dialog.no_answer")),)),
                (scene.say("mine.opened"), (Text(day),)),
                (scene.say("mine.state"), (Text(scene.say(f"mine.state_{case.state}")),)),
            )
        )
        yield from _booked([one for one in booked if one.case == case.number], scene)
    yield Choices("", (_projects(scene),), ChoiceStyle.OFFER)


def _projects(scene: Scene) -> Choice:
    """Who looks after projects finds their dates beside their requests."""
    return _button(scene, "my.projects", scene.say("nudges.see_projects"))


def _bring(number: str, scene: Scene) -> None:
    one = scene.work.consultations.find(number)
    if one and one.to.person != scene.work.person:
        scene.work.consultations.bring(number, scene.work.recipient("", scene.lang))
        # What was agreed to there holds here, so that it can be withdrawn here.
        scene.work.people.inherit(one.to.person, PURPOSE)


def _booked(bookings: list[Booking], scene: Scene) -> Iterator[Part]:
    for one in bookings:
        time = when(one.slot, scene.lang, scene.room.wording)
        options = (
            _button(scene, "consultation.move", scene.say("mine.move"), booking=one.number),
            _button(scene, "consultation.cancel", scene.say("mine.give_up"), booking=one.number),
        )
        yield Choices(scene.say("mine.booked", when=time), options, ChoiceStyle.OFFER)


def withdraw(scene: Scene, given: Given) -> Iterator[Part]:
    """Ends the consent to one purpose: its letters stop at once, the others go on."""
    purpose = given.get("purpose", "")
    if purpose:
        person, mail = given.get("person", "") or scene.work.person, given.get("mail", "")
        scene.work.people.withdraw(purpose, person, mail)
        if purpose == OF_PROJECTS:
            withdrawn(scene.work, person, mail)
        yield _say(scene, "withdrawn", purpose=scene.say(f"purposes.{purpose}"))
        return
    held = dict.fromkeys((*scene.work.people.agreed(), *_nudged(scene)))
    if not held:
        yield _say(scene, "nothing_agreed")
        return
    options = tuple(_button(scene, WITHDRAW, scene.say(f"purposes.{one}"), purpose=one) for one in held)
    yield Choices(scene.say("mine.which_consent"), options)


def _nudged(scene: Scene) -> tuple[str, ...]:
    """Whoever looks after projects gets notices without ever having been asked here, and can end them all the same."""
    contact = scene.work.contacts.by_person(scene.work.person)
    return (OF_PROJECTS,) if contact and not contact.muted else ()


def erase(scene: Scene, given: Given) -> Iterator[Part]:
    """Consents can be withdrawn here at once; what is stored is deleted by a person."""
    yield from withdraw(scene, given)
    yield _say(scene, "erase_by_person")
    yield scene.room.person(scene.work)


def _button(scene: Scene, command: str, label: str, **given: str) -> Choice:
    return Choice(label, scene.work.tokens.issue(RunCommand(command, given=given, own=bool(given))))


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"mine.{name}", **places)),))
