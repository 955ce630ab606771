"""What is said about the record of a month: what was kept, what comes next, and which months are still missing."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from intents.desk.deadlines.formulas_month import missing_of
from intents.desk.nudges.monthly import about, begins, missing_in, month_text
from intents.desk.projects.items import Doubt, ItemKind, MonitoringItem, Reading
from intents.desk.projects.months import spans
from intents.desk.projects.readings import TIMES
from intents.desk.projects.records import Project
from intents.dialog import Scene
from intents.dialogs.planned import almanac_here
from intents.messages import Choice, Choices, ChoiceStyle, Heading, Paragraph, Part, RunCommand, Text

READING = "project.reading"
# So many earlier months are shown beside a value that looks odd.
SHOWN = 3


def say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    """A sentence about records, as a paragraph."""
    return Paragraph((Text(scene.say(f"project_reading.{name}", **places)),))


def shown_value(value: str, item: MonitoringItem) -> str:
    """A value as people read it: a figure in groups and with its unit, a document as it is called."""
    if item.kind is ItemKind.DOCUMENT:
        return value
    try:
        return f"{Decimal(value):,f} {item.unit}".strip()
    except InvalidOperation:
        return value


def why_text(scene: Scene, doubt: Doubt) -> str:
    """Why a value looks odd; empty when it does not."""
    if not doubt:
        return ""
    places = {"times": TIMES} if doubt in (Doubt.HIGH, Doubt.LOW) else {}
    return scene.say(f"project_reading.doubt_{doubt}", **places)


def earlier_text(before: Sequence[Reading]) -> str:
    """The newest months before, each with its value."""
    return ", ".join(f"{one.month} {one.value}" for one in before[:SHOWN])


# ------------------------------------------------ what was kept


def receipt(
    scene: Scene, project: Project, item: MonitoringItem, kept: Reading, *, mended: bool
) -> tuple[Part, ...]:
    """What was recorded of a project as it stands now, the next item, and the months that are missing."""
    month = month_text(kept.month, scene.room.wording, scene.lang)
    places = {"month": month, "item": item.name, "value": shown_value(kept.value, item)}
    odd = (say(scene, "recorded_odd", why=why_text(scene, kept.doubt)),) if kept.doubt else ()
    return (
        Heading(scene.say("dialog.done")),
        say(scene, "corrected" if mended else "recorded", **places),
        *odd,
        *_what_next(scene, project, kept.month),
        _offers(scene, project, item, kept),
    )


def _what_next(scene: Scene, project: Project, month: str) -> Iterator[Part]:
    wording, lang = scene.room.wording, scene.lang
    if rest := missing_in(project, month):
        yield say(scene, "next_item", asked=about("wanted", rest[0], month, wording, lang))
    else:
        yield say(scene, "month_complete", month=month_text(month, wording, lang))
    found = missing_of(project, almanac_here(scene), scene.today)
    yield say(scene, "still_missing", months=spans(found)) if found else say(scene, "nothing_missing")


def _offers(scene: Scene, project: Project, item: MonitoringItem, kept: Reading) -> Choices:
    """The next item of the month, else the newest month of which something is missing; and how to mend this one."""
    mend = begins(project, item, kept.month) | {"correct": "yes"}
    options = (*_next(scene, project, kept.month), _button(scene, scene.say("project_reading.mend"), mend))
    return Choices("", options, ChoiceStyle.OFFER)


def _next(scene: Scene, project: Project, month: str) -> tuple[Choice, ...]:
    found = missing_of(project, almanac_here(scene), scene.today)
    wanted = month if month in found else max(found, default="")
    if not wanted:
        return ()
    one = found[wanted][0]
    places = {"month": month_text(wanted, scene.room.wording, scene.lang), "item": one.name}
    label = scene.say("project_reading.go_on", **places)
    return (_button(scene, label, begins(project, one, wanted)),)


def already(scene: Scene, project: Project, item: MonitoringItem, now: Reading) -> tuple[Part, ...]:
    """What stands there: to go on with what is missing, or to correct it."""
    month = month_text(now.month, scene.room.wording, scene.lang)
    mend = begins(project, item, now.month) | {"correct": "yes"}
    label = scene.say("project_reading.mend_item", item=item.name)
    options = (*_next(scene, project, now.month), _button(scene, label, mend))
    return (
        say(scene, "already", month=month, item=item.name, value=shown_value(now.value, item)),
        Choices("", options, ChoiceStyle.OFFER),
    )


def _button(scene: Scene, label: str, given: dict[str, str]) -> Choice:
    return Choice(label, scene.work.tokens.issue(RunCommand(READING, given=given, own=True)))
