"""What dialogs put into the queue of staff: a case, or more on one that is open."""

from intents.desk.case_merge import last
from intents.desk.case_records import NewCase
from intents.desk.case_talk import heard, open_case
from intents.desk.consultation_books import Wanted
from intents.dialog import Scene


def file_case(scene: Scene, new: NewCase, wanted: Wanted | None = None) -> str:
    """Opens a case, with what a consultation asks for, and gives its receipt number."""
    case = open_case(scene.work, scene.room.practice, new)
    if wanted:
        scene.work.consultations.open(case.number, wanted)
    return case.number


def add_to(scene: Scene, number: str, text: str) -> str:
    """Adds what was said to an open case, or to the one that it was merged into; gives that one's number."""
    case = last(scene.work.cases, number)
    return heard(scene.work, scene.room.practice, case, text).number if case else number
