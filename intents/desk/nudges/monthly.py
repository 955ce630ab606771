"""What is asked every month: which item comes next, what a letter says about it, and what follows when it came in.

Months are texts YYYY-MM; days are Tokyo's.
"""

from collections.abc import Mapping
from datetime import date

from intents.desk.consultations import Pen
from intents.desk.deadlines.formulas_month import FOR_MONTH, ITEM, MISSING
from intents.desk.deadlines.records import Deadline
from intents.desk.nudges import answers
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.context import nudged
from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.nudges.stages import apart_of
from intents.desk.projects import readings
from intents.desk.projects.items import ItemKind, MonitoringItem, Reading
from intents.desk.projects.months import first_day
from intents.desk.projects.records import Project
from intents.messages import RunCommand
from intents.readers.figure import figure
from intents.readers.misread import Misread
from knowledge.model import Lang
from knowledge.reminders import load_rules
from knowledge.wording import Wording

FORMULA, ENTER = "month_recorded", "project.reading"


def is_monthly(rule: str) -> bool:
    """Whether a rule asks for what is recorded every month."""
    found = load_rules().get(rule)
    return found is not None and found.versions[-1].formula == FORMULA


def missing_in(project: Project, month: str) -> tuple[MonitoringItem, ...]:
    """What is asked for in a month and has not come in."""
    have = frozenset(project.recorded)
    return tuple(one for one in project.items if one.since <= month and (one.name, month) not in have)


# ------------------------------------------------ words


def month_text(month: str, wording: Wording, lang: Lang) -> str:
    """A month in words."""
    day = first_day(month)
    return wording.say("project_reading.month_text", lang, year=day.year, month=day.month)


def about(key: str, item: MonitoringItem, month: str, wording: Wording, lang: Lang) -> str:
    """A sentence about an item and a month; which one, depends on the kind of the item and on its unit."""
    kind = "figure" if item.unit else "number"
    kind = "document" if item.kind is ItemKind.DOCUMENT else kind
    places = {"month": month_text(month, wording, lang), "item": item.name}
    unit = {"unit": item.unit} if kind == "figure" else {}
    return wording.say(f"project_reading.{key}_{kind}", lang, **places, **unit)


def asked_text(pen: Pen, dated: Deadline, project: Project, lang: Lang) -> str:
    """What a letter asks for: one item, and the months of which something is missing; empty for other rules."""
    given = dict(dated.inputs)
    item = next((one for one in project.items if one.name == given.get(ITEM)), None)
    if item is None or not is_monthly(dated.rule.id):
        return ""
    wanted = about("wanted", item, given[FOR_MONTH], pen.wording, lang)
    months = given.get(MISSING, "")
    others = pen.wording.say("project_reading.wanted_months", lang, months=months) if months else ""
    return " ".join(filter(None, (wanted, others)))


def entry(dated: Deadline, project: Project) -> tuple[str, Mapping[str, str]] | None:
    """The button that records what a date asks for: its label, and what it brings along; None for other rules."""
    given = dict(dated.inputs)
    item = next((one for one in project.items if one.name == given.get(ITEM)), None)
    if item is None or not is_monthly(dated.rule.id):
        return None
    return label_of(item), begins(project, item, given[FOR_MONTH])


def label_of(item: MonitoringItem) -> str:
    """The key of what the button is called that records an item."""
    return f"project_reading.enter_{item.kind}"


def begins(project: Project, item: MonitoringItem, month: str) -> dict[str, str]:
    """What the dialog has to know to begin."""
    return {"place": str(project.id), "month": month, "item": item.name}


# ------------------------------------------------ what comes in


def take(
    books: NudgeBooks,
    project: Project,
    wanted: Reading,
    on: date,
    *,
    mend: bool = False,
    sure: bool = False,
) -> Reading:
    """Records what came in, and ends the month's notices when nothing of it is missing any more.

    Refused: as `readings.record`, or `readings.correct` where it mends.
    """
    put = readings.correct if mend else readings.record
    kept = put(books, project.project_id, wanted, on, sure=sure)
    books.projects.in_touch(project.id)
    now = next(iter(books.projects.of([project.id])))
    if not missing_in(now, wanted.month):
        for one in open_for(books, project, wanted.month):
            answers.done(books, one.id, wanted.by)
    return kept


def open_for(books: NudgeBooks, project: Project, month: str) -> tuple[Obligation, ...]:
    """What is still open of a project's month."""
    found = books.obligations.of_projects([project.id])
    return tuple(
        one
        for one in found
        if one.state is ObligationState.OPEN and is_monthly(one.rule) and apart_of(one.key) == month
    )


def figure_in_reply(books: NudgeBooks, person: str, text: str) -> RunCommand | None:
    """The order that records a number typed after a letter that asked for one; None where that is not sure."""
    found = nudged(books, person)
    asked = [one for one in found.open if is_monthly(one.rule)] if found else []
    if found is None or len(asked) != 1:
        return None
    project = next(one for one in found.projects if one.id == asked[0].project)
    month = apart_of(asked[0].key)
    item = next(iter(missing_in(project, month)), None)
    if item is None or item.kind is ItemKind.DOCUMENT:
        return None
    try:
        figure(text, item.unit)
    except Misread:
        return None
    given = begins(project, item, month) | {"contact": str(found.contact.id), "value": text}
    return RunCommand(ENTER, given=given)
