"""One figure or one document of a month: typed, looked at beside earlier months, confirmed where it looks odd, kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from intents.desk.nudges.monthly import about as about_item
from intents.desk.nudges.monthly import month_text, take
from intents.desk.projects.items import Doubt, MonitoringItem, Reading
from intents.desk.projects.readings import doubt_of, earlier, value_of
from intents.desk.projects.records import Contact, Project
from intents.desk.refused import Refused
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import choose, listed, plain
from intents.dialogs.reading_words import (
    READING,
    already,
    earlier_text,
    receipt,
    say,
    shown_value,
    why_text,
)
from intents.messages import FieldKind, Part
from intents.readers.misread import Misread

SURE = "sure_yes"


@dataclass(frozen=True, slots=True)
class Record:
    """What came in for which item and month. All but `value` and `sure` come from a button only.

    `sure` is what was said when the value looked odd: that it is right, or another value.
    """

    place: str | None
    month: str | None
    item: str | None
    contact: str | None
    correct: str | None
    value: str
    sure: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a draft is about: the project, its item, the month, and everything that was recorded so far."""

    project: Project
    item: MonitoringItem
    month: str
    readings: tuple[Reading, ...]

    @property
    def now(self) -> Reading | None:
        """What stands there already."""
        alike = (self.item.name, self.month)
        return next((one for one in self.readings if (one.item, one.month) == alike), None)

    @property
    def before(self) -> tuple[Reading, ...]:
        """What came in before, the newest first."""
        return earlier(self.readings, self.item, self.month)


def _asked(scene: Scene, given: Mapping[str, Any]) -> Asked | None:
    """None when the item is no longer there."""
    place, month, name = (str(given.get(key) or "") for key in ("place", "month", "item"))

    def look() -> Asked | None:
        project = next(iter(scene.work.projects.of([int(place)])), None) if place else None
        item = next((one for one in project.items if one.name == name), None) if project else None
        if project is None or item is None or not month:
            return None
        return Asked(project, item, month, scene.work.readings.of(project.id))

    return scene.once(f"reading:{place}:{month}:{name}", look)


# ------------------------------------------------ the questions


def _value(typed: str, scene: Scene, answers: Answers) -> str:
    asked = _asked(scene, answers)
    if asked is None:
        raise Misread("project_reading.gone")
    return value_of(asked.item, typed)


def _sure(typed: str, scene: Scene, answers: Answers) -> str:
    try:
        return choose(_YES)(typed, scene, answers)
    except Misread as unclear:
        try:
            return _value(typed, scene, answers)
        except Misread:
            raise unclear from None


_YES = listed("project_reading", SURE)


def _doubt(scene: Scene, answers: Answers) -> Doubt:
    asked, value = _asked(scene, answers), answers["value"]
    if asked is None or value is None:
        return Doubt.NONE
    return doubt_of(asked.item, value, asked.month, asked.before)


def _is_odd(scene: Scene, answers: Answers) -> bool:
    return bool(_doubt(scene, answers))


def _value_label(scene: Scene, answers: Answers) -> str:
    asked = _asked(scene, answers)
    if asked is None:
        return scene.say("project_reading.item")
    label = about_item("ask", asked.item, asked.month, scene.room.wording, scene.lang)
    if asked.now is None:
        return label
    return scene.say("project_reading.now", label=label, value=shown_value(asked.now.value, asked.item))


def _sure_label(scene: Scene, answers: Answers) -> str:
    asked = _asked(scene, answers)
    why = why_text(scene, _doubt(scene, answers))
    if asked is None or not asked.before:
        return scene.say("project_reading.sure_label", why=why)
    return scene.say("project_reading.sure_beside", why=why, earlier=earlier_text(asked.before))


def _carried(name: str, show: Callable[[Any, Scene], str]) -> Question:
    return Question(name, plain(str), carried=True, show=show)


def _project_name(place: str, scene: Scene) -> str:
    project = next(iter(scene.work.projects.of([int(place)])), None)
    return f"{project.project_id} {project.title}" if project else place


def _contact_name(id_: str, scene: Scene) -> str:
    contact = scene.work.contacts.by_id(int(id_))
    return contact.name if contact else id_


QUESTIONS = (
    _carried("place", _project_name),
    _carried("month", lambda month, scene: month_text(month, scene.room.wording, scene.lang)),
    _carried("item", lambda item, _: str(item)),
    _carried("contact", _contact_name),
    _carried("correct", lambda _, scene: scene.say("dialog.yes")),
    Question("value", _value, label=_value_label),
    Question(
        "sure",
        _sure,
        FieldKind.ONE,
        options=_YES,
        only_if=_is_odd,
        label=_sure_label,
        show=lambda said, scene: scene.say(f"project_reading.{SURE}") if said == SURE else str(said),
    ),
)


def _ready(scene: Scene, given: Mapping[str, str]) -> tuple[Part, ...]:
    asked = _asked(scene, given)
    if asked is None:
        return (say(scene, "gone"),)
    if asked.now is None or given.get("correct"):
        return ()
    return already(scene, asked.project, asked.item, asked.now)


# ------------------------------------------------ what it does


def submit(said: Record, scene: Scene) -> Filed | Sorry:
    """Keeps the value, with its doubt where it looks odd, and asks for the next one of the month."""
    asked = _asked(scene, {"place": said.place, "month": said.month, "item": said.item})
    if asked is None:
        return Sorry("", (say(scene, "gone"),))
    value = said.value if said.sure in (None, SURE) else said.sure
    who = _contact(said, scene)
    wanted = Reading(
        item=asked.item.name, month=asked.month, value=value, by=who.subject if who else scene.work.actor
    )
    if who:
        scene.work.nudges.seen(who.id)
    try:
        kept = take(scene.work, asked.project, wanted, scene.today, mend=bool(said.correct), sure=True)
    except Refused as refused:
        return _sorry(refused, asked, scene)
    now = next(iter(scene.work.projects.of([asked.project.id])))
    return Filed(receipt(scene, now, asked.item, kept, mended=bool(said.correct)))


def _contact(said: Record, scene: Scene) -> Contact | None:
    if said.contact:
        return scene.work.contacts.by_id(int(said.contact))
    return scene.work.contacts.by_person(scene.work.person)


def _sorry(refused: Refused, asked: Asked, scene: Scene) -> Sorry:
    """Somebody else was quicker, or what was asked for has changed meanwhile."""
    if refused.problem == "recorded_already":
        now = Reading(item=asked.item.name, month=asked.month, value=str(refused.places["value"]))
        return Sorry("", already(scene, asked.project, asked.item, now))
    return Sorry("", (say(scene, refused.problem, **refused.places),))


RECORD = Dialog(READING, "project_reading", "", Record, QUESTIONS, submit, _ready)
