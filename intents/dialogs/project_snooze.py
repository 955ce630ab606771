"""A nudge shall come again later: which one, and when. The last one before a deadline comes whatever is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from intents.compose import day_text
from intents.desk.nudges import answers as desk
from intents.desk.nudges.context import Nudged, label_of, nudged
from intents.desk.nudges.setting import setting_of
from intents.desk.refused import Refused
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import choose, plain
from intents.messages import FieldKind, Heading, Option, Paragraph, Part, Text
from intents.readers.misread import Misread
from intents.readers.nudge_reply import later_day


@dataclass(frozen=True, slots=True)
class Snooze:
    """Which obligation rests until which day; `obligation` comes from a button only."""

    obligation: str | None
    which: str | None
    until: date


def _told(scene: Scene) -> Nudged | None:
    return scene.once("nudged", lambda: nudged(scene.work, scene.work.person))


def _options(scene: Scene, _: Answers) -> tuple[Option, ...]:
    found = _told(scene)
    if found is None:
        return ()
    setting, wording = setting_of(scene.room.edition), scene.room.wording
    labels = ((one.id, label_of(setting, wording, scene.lang, one, found)) for one in found.open)
    return tuple(Option(str(id_), label) for id_, label in labels)


def _asks_which(_: Scene, answers: Answers) -> bool:
    return not answers["obligation"]


def _until(typed: str, scene: Scene, _: Answers) -> date:
    days = {one.value: int(one.value.removeprefix("in_")) for one in _when(scene, {})}
    chosen = choose(_when)
    try:
        return date.fromordinal(scene.today.toordinal() + days[chosen(typed, scene, {})])
    except Misread:
        day = later_day(typed, scene.today)
    if day is None:
        raise Misread("day_unclear")
    return day


def _when(scene: Scene, _: Answers) -> tuple[Option, ...]:
    return scene.options("project_snooze", ("in_3", "in_7", "in_14", "in_30"))


QUESTIONS = (
    Question("obligation", plain(str), carried=True),
    Question("which", choose(_options), FieldKind.ONE, options=_options, only_if=_asks_which),
    Question(
        "until",
        _until,
        FieldKind.ONE,
        options=_when,
        keep=date.isoformat,
        show=lambda day, scene: day_text(day, scene.lang, scene.room.wording),
    ),
)


def _ready(scene: Scene, given: Mapping[str, str]) -> tuple[Part, ...]:
    return () if given.get("obligation") or _told(scene) else (_say(scene, "nothing_told"),)


def submit(said: Snooze, scene: Scene) -> Filed | Sorry:
    """Puts it off as far as it may be, and says if that is sooner than was asked for."""
    setting = setting_of(scene.room.edition)
    contact = scene.work.contacts.by_person(scene.work.person)
    by = contact.subject if contact else scene.work.actor
    try:
        _, to = desk.snooze(setting, scene.work, int(said.obligation or said.which or 0), said.until, by)
    except Refused as refused:
        places = {name: _place(value, scene) for name, value in refused.places.items()}
        return Sorry(
            "until" if refused.problem == "snooze_past" else "", (_say(scene, refused.problem, **places),)
        )
    day = day_text(to.day, scene.lang, scene.room.wording)
    why = (_say(scene, f"why_{to.why}"),) if to.why else ()
    return Filed((Heading(scene.say("dialog.done")), _say(scene, "put_off", day=day), *why))


def _place(value: object, scene: Scene) -> object:
    return day_text(value, scene.lang, scene.room.wording) if isinstance(value, date) else value


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"project_snooze.{name}", **places)),))


SNOOZE = Dialog("reminder.snooze", "project_snooze", "", Snooze, QUESTIONS, submit, _ready)
