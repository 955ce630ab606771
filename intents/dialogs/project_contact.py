"""Somebody else looks after a project now: who, so that nothing that has to be done gets lost with the desk that was left."""

from dataclasses import dataclass

from intents.desk.case_records import CaseKind, NewCase
from intents.desk.consultations import Pen
from intents.desk.nudges import succession
from intents.desk.nudges.project_case import bring_in_staff
from intents.desk.nudges.reach import PURPOSE
from intents.desk.nudges.records import SuccessionWhy
from intents.desk.nudges.setting import setting_of
from intents.desk.projects.records import Contact, Project, Role
from intents.desk.refused import Refused
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import CONSENT, choose, listed, plain, text
from intents.dialogs.filing import file_case
from intents.messages import FieldKind, Heading, Option, Paragraph, Text
from intents.readers.contact import mail_address, person_name
from knowledge.model import Lang

KNOWN, UNKNOWN = "known", "unknown"


@dataclass(frozen=True, slots=True)
class ContactChange:
    """Who takes over what. `contact` and `place` come from a letter's or a page's button only."""

    contact: str | None
    place: str | None
    project: str | None
    about: str | None
    who: str
    consent: bool | None
    name: str | None
    mail: str | None
    note: str | None


def _leaving(scene: Scene, answers: Answers) -> Contact | None:
    """Whoever looked after it so far: the one whom the letter was to, or this conversation's own."""

    def look() -> Contact | None:
        if named := answers["contact"]:
            return scene.work.contacts.by_id(int(named))
        return scene.work.contacts.by_person(scene.work.person)

    return scene.once(f"leaving:{answers['contact']}", look)


def _mine(scene: Scene, answers: Answers) -> tuple[Project, ...]:
    contact = _leaving(scene, answers)
    if contact is None:
        return ()
    owned = [duty.project for duty in scene.work.contacts.duties_of(contact.id) if duty.role is Role.OWNER]
    return scene.once(f"owned:{contact.id}", lambda: scene.work.projects.of(owned))


def _projects(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    return tuple(Option(str(one.id), f"{one.project_id} {one.title}") for one in _mine(scene, answers))


def _asks_which(scene: Scene, answers: Answers) -> bool:
    return not answers["place"] and len(_mine(scene, answers)) > 1


def _asks_about(scene: Scene, answers: Answers) -> bool:
    return not answers["place"] and not _mine(scene, answers)


def _named(_: Scene, answers: Answers) -> bool:
    return bool(answers["who"] == KNOWN)


def _not_named(_: Scene, answers: Answers) -> bool:
    return bool(answers["who"] == UNKNOWN)


_WHO = listed("project_contact", "who_known", "who_unknown")


def _who(typed: str, scene: Scene, answers: Answers) -> str:
    return choose(_WHO)(typed, scene, answers).removeprefix("who_")


QUESTIONS = (
    Question("contact", plain(str), carried=True),
    Question("place", plain(str), carried=True),
    Question("project", choose(_projects), FieldKind.ONE, options=_projects, only_if=_asks_which),
    Question("about", text(200), only_if=_asks_about, open=True),
    Question(
        "who",
        _who,
        FieldKind.ONE,
        options=_WHO,
        keep=lambda value: f"who_{value}",
        show=lambda value, scene: scene.say(f"project_contact.who_{value}"),
    ),
    Question("consent", CONSENT.read, FieldKind.CHECK, only_if=_named),
    Question("name", plain(person_name), personal=True, only_if=_named),
    Question("mail", plain(mail_address), FieldKind.MAIL, personal=True, only_if=_named),
    Question("note", text(500), FieldKind.TEXT, required=False, open=True, only_if=_not_named),
)


def submit(said: ContactChange, scene: Scene) -> Filed | Sorry:
    """Hands the duty over, or asks whoever may know; for somebody whom the desk does not know, staff look at it first."""
    answers = {"contact": said.contact, "place": said.place}
    leaving = _leaving(scene, answers)
    project = _project(said, leaving, scene)
    if leaving is None or project is None:
        return _for_staff(said, scene)
    if said.who == UNKNOWN:
        return _ask_on(project, leaving, said, scene)
    successor = scene.work.contacts.put(said.name or "", said.mail or "", project.organisation)
    try:
        setting = setting_of(scene.room.edition)
        succession.hand_over(setting, scene.work, _pen(scene), project, leaving, successor, _presser(scene))
    except Refused:
        return Sorry("mail", (_say(scene, "same_person"),))
    return Filed(
        (
            Heading(scene.say("dialog.done")),
            _say(scene, "handed_over", project=project.project_id, title=project.title, name=successor.name),
        )
    )


def _project(said: ContactChange, leaving: Contact | None, scene: Scene) -> Project | None:
    mine = _mine(scene, {"contact": said.contact}) if leaving else ()
    wanted = said.place or said.project
    found = [one for one in mine if wanted in (None, str(one.id))]
    return found[0] if len(found) == 1 else None


def _ask_on(project: Project, leaving: Contact, said: ContactChange, scene: Scene) -> Filed:
    setting = setting_of(scene.room.edition)
    pen = _pen(scene)
    begun = succession.begin(setting, scene.work, pen, project, leaving, SuccessionWhy.SAID)
    # It was asked before, and whoever answers now does not know: the next ones are asked.
    begun = begun or succession.ask_on(setting, scene.work, pen, project)
    if said.note:
        text_ = scene.room.wording.say(
            "project_contact.case_note", Lang.JA, project=project.project_id, note=said.note
        )
        bring_in_staff(scene.work, scene.room.practice, project, text_)
    key = "asked_second" if begun and not begun.asked_staff_at else "asked_staff"
    return Filed((Heading(scene.say("dialog.done")), _say(scene, key, project=project.project_id)))


def _for_staff(said: ContactChange, scene: Scene) -> Filed:
    """A stranger cannot hand a project over by saying so: staff call back."""
    from_whom = {
        "about": said.about or "-",
        "name": said.name or "-",
        "mail": said.mail or "-",
        "note": said.note or "-",
    }
    summary = scene.room.wording.say("project_contact.case_summary", Lang.JA, **from_whom)
    new = NewCase(kind=CaseKind.PROJECT, summary=summary, to=scene.work.recipient("", scene.lang))
    return Filed((Heading(scene.say("dialog.done")), _say(scene, "passed_on", number=file_case(scene, new))))


def _presser(scene: Scene) -> str:
    """Who says so, as the record names them."""
    contact = scene.work.contacts.by_person(scene.work.person)
    return contact.subject if contact else scene.work.actor


def _pen(scene: Scene) -> Pen:
    return Pen(scene.room.notices, scene.room.wording)


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"project_contact.{name}", **places)),))


CONTACT_CHANGE = Dialog(
    "project.contact_change", "project_contact", PURPOSE, ContactChange, QUESTIONS, submit
)
