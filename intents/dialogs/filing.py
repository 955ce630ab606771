"""What dialogs put into the queue of staff: a case, or more on one that is open."""

from intents.desk.case_merge import last
from intents.desk.case_records import NewCase, NoteKind
from intents.desk.case_talk import heard, open_case
from intents.desk.consultation_books import Wanted
from intents.desk.seminar_records import mail_key
from intents.dialog import Scene
from knowledge.model import Lang


def file_case(scene: Scene, new: NewCase, wanted: Wanted | None = None, beside: str = "") -> str:
    """Opens a case, with what a consultation asks for, and gives its receipt number.

    `beside` is somebody else's case to which the person wanted to add: staff are told of it.
    """
    case = open_case(scene.work, scene.room.practice, new)
    if wanted:
        scene.work.consultations.open(case.number, wanted)
    if beside:
        words = scene.room.wording.say("consultation.wants_to_add", Lang.JA, number=beside)
        scene.work.cases.write(case, NoteKind.NOTE, words)
    return case.number


def add_to(scene: Scene, number: str, text: str, mail: str) -> str:
    """Adds what was said to a person's own open case, or to the one that it was merged into; gives that one's number.

    It is theirs from the same place, or with the same mail address. Empty when it is somebody else's: to name an
    organisation is no proof of belonging to it, so whoever does gets a case of their own, and staff, who see both side
    by side, may merge them.
    """
    case = last(scene.work.cases, number) if number else None
    if case is None:
        return ""
    same_mail = bool(case.to.mail) and mail_key(case.to.mail) == mail_key(mail)
    if case.to.person != scene.work.person and not same_mail:
        return ""
    return heard(scene.work, scene.room.practice, case, text).number
