"""The answers to "who has taken over?": I did, nobody changed, or: this is not mine."""

from collections.abc import Iterator, Mapping

from intents.desk.consultations import Pen
from intents.desk.nudges import succession
from intents.desk.nudges.project_case import bring_in_staff
from intents.desk.nudges.records import SuccessionState
from intents.desk.nudges.setting import setting_of
from intents.desk.projects.records import Contact, Project
from intents.desk.refused import Refused
from intents.dialog import Scene
from intents.messages import Paragraph, Part, Text
from knowledge.model import Lang

SETTLE = "succession.settle"
Given = Mapping[str, str]


def settle(scene: Scene, given: Given) -> Iterator[Part]:
    """Settles it by a button of the letter that asked; `contact` is whom the letter was to."""
    contact = scene.work.contacts.by_id(int(given["contact"]))
    project = next(iter(scene.work.projects.of([int(given["project"])])), None)
    if contact is None or project is None:
        yield scene.room.say("stale_button")
    elif given["answer"] == "not_mine":
        yield _declined(scene, project, contact)
    else:
        yield _answered(scene, given, project, contact)


def _answered(scene: Scene, given: Given, project: Project, contact: Contact) -> Paragraph:
    one = scene.work.successions.find(int(given["succession"]))
    leaving = scene.work.contacts.by_id(one.contact) if one else None
    if one is None or leaving is None or one.state is not SuccessionState.OPEN:
        return _say(scene, "succession_over")
    if given["answer"] == "stays":
        succession.stays(scene.work, project, contact.subject)
        return _say(scene, "thanks_stays")
    pen = Pen(scene.room.notices, scene.room.wording)
    try:
        succession.hand_over(
            setting_of(scene.room.edition), scene.work, pen, project, leaving, contact, contact.subject
        )
    except Refused:
        return _say(scene, "thanks_stays")
    return _say(scene, "thanks_took_over", project=project.title)


def _declined(scene: Scene, project: Project, contact: Contact) -> Paragraph:
    """Named by mistake: staff find out, and nothing is sent to them meanwhile that they did not ask for."""
    wording = scene.room.wording
    places = {"project": project.project_id, "title": project.title, "name": contact.name}
    text = wording.say("nudges.staff_declined", Lang.JA, **places)
    to = scene.work.recipient(contact.mail, scene.lang)
    case = bring_in_staff(scene.work, scene.room.practice, project, text, to)
    succession.decline(scene.work, project, contact)
    return _say(scene, "thanks_declined", number=case.number)


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"nudges.{name}", **places)),))
