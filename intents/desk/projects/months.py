"""Months as texts YYYY-MM: which follow each other, and which of them a project has not recorded yet."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import Project

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days outside which nothing is measured; None where that is not known."""

    first: date | None = None
    last: date | None = None


def month_of(day: date) -> str:
    """The month of a day."""
    return f"{day:%Y-%m}"


def first_day(month: str) -> date:
    """The first day of a month."""
    return date.fromisoformat(f"{month}-01")


def following(month: str, by: int = 1) -> str:
    """The month so many months later, or earlier."""
    first = first_day(month)
    year, number = divmod(first.year * MONTHS_OF_YEAR + first.month - 1 + by, MONTHS_OF_YEAR)
    return f"{year:04}-{number + 1:02}"


def last_full(on: date) -> str:
    """The newest month that is over on a day."""
    return following(month_of(on), -1)


def months(first: str, last: str) -> Iterator[str]:
    """The months from one to another, both included."""
    while first <= last:
        yield first
        first = following(first)


def wanted(item: MonitoringItem, bounds: Bounds, last: str) -> Iterator[str]:
    """The months for which an item is asked for, up to one: each that shares a day with the bounds."""
    first = max(item.since, month_of(bounds.first)) if bounds.first else item.since
    yield from months(first, min(last, month_of(bounds.last)) if bounds.last else last)


def asked(project: Project, bounds: Bounds, last: str) -> Mapping[str, tuple[MonitoringItem, ...]]:
    """Every month up to one for which something is asked, the oldest first, each with the items still missing."""
    have = frozenset(project.recorded)
    found: dict[str, list[MonitoringItem]] = {}
    for item in project.items:
        for month in wanted(item, bounds, last):
            missing = found.setdefault(month, [])
            if (item.name, month) not in have:
                missing.append(item)
    return {month: tuple(found[month]) for month in sorted(found)}


def gaps(project: Project, bounds: Bounds, last: str) -> Mapping[str, tuple[MonitoringItem, ...]]:
    """Those of them for which something is missing."""
    return {month: items for month, items in asked(project, bounds, last).items() if items}


def spans(found: Collection[str]) -> str:
    """Months in few words: those that follow each other by the first and the last of them."""
    runs: list[list[str]] = []
    for month in sorted(found):
        if runs and following(runs[-1][-1]) == month:
            runs[-1] = [runs[-1][0], month]
        else:
            runs.append([month])
    return ", ".join(" \u2013 ".join(dict.fromkeys(run)) for run in runs)
