"""What a project recorded month by month as a table: months × items, with what is missing and what looked odd."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intents.desk.deadlines.formulas_month import missing_of
from intents.desk.deadlines.records import Almanac
from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.items import MonitoringItem, Reading
from intents.desk.projects.months import last_full, months
from intents.desk.projects.records import Project
from knowledge.model import Lang
from knowledge.wording import Wording


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in words; `mark` is missing, odd, or nothing."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A project's record: the months from the first one asked for to the last that is over, and the values."""

    project: Project
    readings: Mapping[tuple[str, str], Reading]
    missing: Mapping[str, tuple[MonitoringItem, ...]]
    months: tuple[str, ...]

    def head(self) -> list[str]:
        """What its items are called, with their units."""
        return [f"{one.name} ({one.unit})" if one.unit else one.name for one in self.project.items]

    def rows(self, wording: Wording, lang: Lang) -> Iterator[tuple[str, Sequence[Cell]]]:
        """Each month with a cell for each item; an empty one where nothing was asked for."""
        for month in self.months:
            yield month, [self._cell(one, month, wording, lang) for one in self.project.items]

    def _cell(self, item: MonitoringItem, month: str, wording: Wording, lang: Lang) -> Cell:
        one = self.readings.get((item.name, month))
        if one is None:
            asked = item in self.missing.get(month, ())
            return Cell(wording.say("project_reading.missing", lang), "missing") if asked else Cell("")
        if one.doubt:
            return Cell(f"{one.value} {wording.say('project_reading.odd', lang)}", "odd")
        return Cell(one.value)


def sheet_of(books: ProjectBooks, project: Project, almanac: Almanac, on: date) -> Sheet:
    """The record of a project as things stand on a day; raises CalendarFault as the engine does."""
    missing = missing_of(project, almanac, on)
    kept = {(one.item, one.month): one for one in books.readings.of(project.id)}
    first = min([*missing, *(month for _, month in kept)], default=last_full(on))
    return Sheet(project, kept, missing, tuple(months(first, last_full(on))))
