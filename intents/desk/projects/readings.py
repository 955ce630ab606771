"""The figures and documents of each month: how they are recorded and corrected, and which of them look odd.

Raises Refused before anything is written. Months are texts YYYY-MM; days are Tokyo's.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from statistics import median

from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.items import Doubt, ItemKind, MonitoringItem, Reading
from intents.desk.projects.months import following, last_full
from intents.desk.projects.records import Project
from intents.desk.projects.register import held
from intents.desk.refused import Refused
from intents.readers.choice import free_text
from intents.readers.figure import figure

# A figure is looked at beside those of so many months before it; so many times more or less than usual is odd.
EARLIER, TIMES = 12, 3
# What a document is called has to fit.
NAME_LIMIT = 60
NONE = Reading(item="", month="", value="")


def find_item(project: Project, name: str) -> MonitoringItem:
    """What a project measures under that name. Refused: no_such_item."""
    if found := next((one for one in project.items if one.name == name), None):
        return found
    known = ", ".join(one.name for one in project.items) or "-"
    raise Refused("no_such_item", value=name, known=known)


def value_of(item: MonitoringItem, typed: str) -> str:
    """What was typed for an item, as it is kept; raises Misread when it is no value of that kind."""
    if item.kind is ItemKind.DOCUMENT:
        return free_text(typed, NAME_LIMIT)
    return plain(figure(typed, item.unit))


def plain(value: Decimal) -> str:
    """A figure as it is kept: without an exponent and without zeros at the end."""
    # Nothing is minus nothing.
    return format((value + 0).normalize(), "f")


# ------------------------------------------------ what looks odd


def earlier(found: Collection[Reading], item: MonitoringItem, month: str) -> tuple[Reading, ...]:
    """What came in for an item in the months before one, the newest first, as many as are compared."""
    before = [one for one in found if one.item == item.name and one.month < month]
    return tuple(sorted(before, key=lambda one: one.month, reverse=True)[:EARLIER])


def doubt_of(item: MonitoringItem, value: str, month: str, before: Sequence[Reading]) -> Doubt:
    """Why a value looks odd beside the months before it; a document never does."""
    if item.kind is ItemKind.DOCUMENT:
        return Doubt.NONE
    number, numbers = Decimal(value), [one for one in map(_number, before) if one is not None]
    if number < 0:
        return Doubt.NEGATIVE
    if not numbers:
        return Doubt.NONE
    if number == 0:
        return Doubt.NONE if 0 in numbers else Doubt.ZERO
    usual = median(numbers)
    if number > usual * TIMES > 0:
        return Doubt.HIGH
    if number * TIMES < usual:
        return Doubt.LOW
    same = (before[0].month, before[0].value) == (following(month, -1), value)
    return Doubt.SAME if same else Doubt.NONE


def _number(one: Reading) -> Decimal | None:
    """The figure; None for what was called something while the item was a document."""
    try:
        return Decimal(one.value)
    except InvalidOperation:
        return None


# ------------------------------------------------ recording


def record(books: ProjectBooks, project_id: str, wanted: Reading, on: date, *, sure: bool = False) -> Reading:
    """Writes down what came in for a month that is over; the same twice is once.

    `sure`: somebody looked at an odd value and stands by it, and it is kept with its doubt. Refused: no_such_project,
    no_such_item, month_early, month_not_over, recorded_already, reading_odd.
    """
    project = held(books, project_id)
    found = books.readings.of(project.id)
    before = _known(found, wanted)
    if before is not NONE and before.value == wanted.value:
        return before
    if before is not NONE:
        raise Refused("recorded_already", field="value", value=before.value, month=wanted.month)
    return _write(books, project, _checked(project, found, wanted, on, sure=sure), before)


def correct(
    books: ProjectBooks, project_id: str, wanted: Reading, on: date, *, sure: bool = False, reason: str = ""
) -> Reading:
    """Writes another value over what stands for a month, or records it where nothing does; the audit keeps both.

    Refused: as `record`, but for recorded_already.
    """
    project = held(books, project_id)
    found = books.readings.of(project.id)
    before = _known(found, wanted)
    if before.value == wanted.value and before is not NONE:
        return before
    return _write(books, project, _checked(project, found, wanted, on, sure=sure), before, reason)


def _known(found: Collection[Reading], wanted: Reading) -> Reading:
    alike = (one for one in found if (one.item, one.month) == (wanted.item, wanted.month))
    return next(alike, NONE)


def _checked(
    project: Project, found: Collection[Reading], wanted: Reading, on: date, *, sure: bool
) -> Reading:
    item = find_item(project, wanted.item)
    if wanted.month < item.since:
        raise Refused("month_early", field="month", value=wanted.month, since=item.since)
    if wanted.month > last_full(on):
        raise Refused("month_not_over", field="month", value=wanted.month)
    doubt = doubt_of(item, wanted.value, wanted.month, earlier(found, item, wanted.month))
    if doubt and not sure:
        raise Refused("reading_odd", field="value", value=wanted.value, doubt=doubt)
    return replace(wanted, doubt=doubt)


def _write(
    books: ProjectBooks, project: Project, reading: Reading, before: Reading, reason: str = ""
) -> Reading:
    books.readings.put(project.id, reading)
    books.audit.note(
        project.subject,
        "reading_recorded" if before is NONE else "reading_corrected",
        before=None if before is NONE else {"value": before.value, "doubt": before.doubt.value},
        after={
            "item": reading.item,
            "month": reading.month,
            "value": reading.value,
            "doubt": reading.doubt.value,
        },
        reason=reason,
    )
    return replace(reading, at=books.now)
