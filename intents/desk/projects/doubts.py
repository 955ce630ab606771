"""Dates of a project that contradict each other: named and marked as not confirmed, never put right by guessing."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from intents.desk.deadlines.contradictions import (
    CERTIFICATIONS,
    DATES,
    INSTRUMENTS,
    PERIODS,
    Contradiction,
    contradictions,
)
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import Certification, Instrument, NewProject, Period, Project

P = TypeVar("P", bound=NewProject)
Belonging = Certification | Period | Instrument | MonitoringItem


def doubts(project: NewProject, changed: Collection[str]) -> tuple[Contradiction, ...]:
    """The contradictions of a project in which something that a change has touched takes part."""
    return tuple(one for one in contradictions(project) if set(one.fields) & set(changed))


def marked(project: P, changed: Collection[str]) -> P:
    """The project with its own fields marked that a change has brought into contradiction.

    What somebody has confirmed meanwhile stays confirmed until something of it changes again.
    """
    found = {name for one in doubts(project, changed) for name in one.fields if name in DATES}
    return replace(project, unverified=project.unverified | found) if found else project


def with_belonging(project: Project, one: Belonging) -> tuple[Project, str]:
    """The project with something that belongs to it, new or changed, and what contradictions call such things."""
    match one:
        case Certification():
            others = tuple(each for each in project.certifications if each.applied_on != one.applied_on)
            return replace(project, certifications=(*others, one)), CERTIFICATIONS
        case Period():
            rest = tuple(each for each in project.periods if each.begins_on != one.begins_on)
            return replace(project, periods=(*rest, one)), PERIODS
        case Instrument():
            known = tuple(each for each in project.instruments if each.name != one.name)
            return replace(project, instruments=(*known, one)), INSTRUMENTS
        case MonitoringItem():
            return project, ""
