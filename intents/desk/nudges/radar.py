"""Registered projects that never came to certification: which of them are about to die quietly, and why.

The score is the office's own weighing, not a rule of the scheme: it orders a list of calls. Months and days are
counted on Tokyo's calendar.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from intents.appointments import TOKYO
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.looks import OfProjects
from intents.desk.nudges.radar_books import RadarBooks
from intents.desk.nudges.radar_records import RadarNote, Standing
from intents.desk.nudges.setting import Setting
from intents.desk.nudges.timing import monday
from intents.desk.office_hours import is_open

BATCH = 500
MONTH = 30
# What each reason weighs, per month, letter, seat and question, and how much of it counts at most.
AGE, AGE_MOST = 1, 60
SILENT, SILENT_MOST = 2, 24
UNANSWERED, UNANSWERED_MOST = 6, 5
NOBODY, MUTED, ENDING = 20, 10, 10
ENGAGED, ENGAGED_MOST = 4, 3
# A period that ends within so many months leaves little time for a first certification.
ENDS_SOON = 24


def weigh(one: Standing, today: date) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The score of a project, higher is more urgent, and the reasons with their numbers, the weightiest first."""
    found = sorted(_reasons(one, today), key=lambda reason: -abs(reason[2]))
    return sum(points for _, _, points in found), tuple((name, number) for name, number, _ in found)


def _reasons(one: Standing, today: date) -> Iterator[tuple[str, int, int]]:
    age = _months(one.registered_on, today)
    yield "age", age, AGE * min(age, AGE_MOST)
    since = one.last_contact.astimezone(TOKYO).date() if one.last_contact else one.registered_on
    silent = _months(since, today)
    yield ("silent" if one.last_contact else "never_in_touch"), silent, SILENT * min(silent, SILENT_MOST)
    if one.unanswered:
        yield "unanswered", one.unanswered, UNANSWERED * min(one.unanswered, UNANSWERED_MOST)
    if not one.looked_after:
        yield "nobody", 0, NOBODY
    if one.muted:
        yield "muted", 0, MUTED
    if one.ends_on and 0 <= (left := _months(today, one.ends_on)) < ENDS_SOON:
        yield "ending", left, ENDING
    for name, number in (("attended", one.attended), ("asked", one.asked)):
        if number:
            yield name, number, -ENGAGED * min(number, ENGAGED_MOST)


def _months(first: date, last: date) -> int:
    whole = (last.year - first.year) * 12 + last.month - first.month
    return max(0, whole - (last.day < first.day))


def ranked(found: Sequence[Standing], week: date) -> tuple[RadarNote, ...]:
    """The week's list, the most urgent first; of equals the one registered longest."""
    weighed = [(weigh(one, week), one) for one in found]
    weighed.sort(key=lambda pair: (-pair[0][0], pair[1].registered_on, pair[1].project))
    return tuple(
        RadarNote(week, one.project, rank, score, reasons)
        for rank, ((score, reasons), one) in enumerate(weighed, 1)
    )


# ------------------------------------------------ by the clock


def subjects(
    setting: Setting, seen: Callable[[RadarBooks], OfProjects], books: RadarBooks
) -> Iterator[Subject[RadarBooks]]:
    """On the first open hours of a week, its list."""
    if is_open(setting.hours, books.now) and not seen(books).listed:
        yield _to_list


def _to_list(books: RadarBooks) -> Iterator[Unit[RadarBooks]]:
    week = monday(books.now)
    notes = ranked(books.radar.standings(), week)
    # The first of the list is written last: with it, the list is whole.
    for at in reversed(range(0, len(notes), BATCH)):
        yield partial(_write, notes[at : at + BATCH])


def _write(notes: Sequence[RadarNote], books: RadarBooks, _: Pen) -> None:
    books.radar.add(notes)
