"""The register's rules of editing: every change is checked, written once and told to the audit with what was before.

Raises Refused before anything is written; its place `field` names the field at fault. `seen` is the version of the
project that somebody looked at: Refused changed_meanwhile when it has changed since, unless what they want stands
there already, so that a form pressed twice does its work once and says so twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.checks import (
    FIELDS,
    certification_faults,
    check,
    instrument_faults,
    item_faults,
    period_faults,
)
from intents.desk.projects.doubts import Belonging, marked, with_belonging
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectState,
)
from intents.desk.refused import Refused

Child = TypeVar("Child", Certification, Period, Instrument, MonitoringItem)


def find(books: ProjectBooks, project_id: str) -> Project:
    """The project that the office calls so. Refused: no_such_project."""
    if found := books.projects.find(project_id):
        return found
    raise Refused("no_such_project", value=project_id)


def held(books: ProjectBooks, project_id: str) -> Project:
    """The same, held until the transaction ends. Refused: no_such_project."""
    if found := books.projects.lock(find(books, project_id).id):
        return found
    raise Refused("no_such_project", value=project_id)


def check_version(project: Project, seen: int | None) -> None:
    """Nothing when it is the version that was seen, or nobody says which. Refused: changed_meanwhile."""
    if seen is not None and seen != project.version:
        raise Refused("changed_meanwhile")


# ------------------------------------------------ its own fields


def add(books: ProjectBooks, new: NewProject, reason: str = "") -> Project:
    """Writes a new project down, with its contradictions marked. Refused: project_exists, and as `checks.faults`."""
    check(new)
    wanted = marked(new, FIELDS)
    known = books.projects.find(new.project_id)
    if known and own(known) == own(wanted):
        return known
    if known:
        raise Refused("project_exists", field="project_id", value=new.project_id)
    added = books.projects.add(wanted)
    books.audit.note(added.subject, "added", after=told(own(added)), reason=reason)
    return added


def change(
    books: ProjectBooks, project_id: str, seen: int | None = None, reason: str = "", **changes: Any
) -> Project:
    """Changes what is given of a project, by the names of its fields. Refused as `checks.faults`."""
    return put(books, replace(held(books, project_id), **changes), seen, reason)


def put(
    books: ProjectBooks, wanted: Project, seen: int | None = None, reason: str = "", action: str = "changed"
) -> Project:
    """Writes a project down as it is wanted, which somebody holds; nothing changed leaves no line."""
    before = held(books, wanted.project_id)
    if own(before) == own(wanted):
        return before
    check_version(before, seen)
    check(wanted)
    after = marked(wanted, differing(before, wanted))
    saved = books.projects.save(after)
    names = differing(before, after)
    old, new = ({name: own(one)[name] for name in names} for one in (before, after))
    books.audit.note(after.subject, action, before=told(old), after=told(new), reason=reason)
    return saved


def choose_round(
    books: ProjectBooks, project_id: str, number: int | None, seen: int | None = None
) -> Project:
    """The committee round that a project wants to reach; None for no round. Refused: round_unknown."""
    known = [one.number for one in books.calendars.rounds()]
    if number is not None and number not in known:
        raise Refused(
            "round_unknown", field="target_round", value=number, known=", ".join(map(str, known)) or "-"
        )
    wanted = replace(held(books, project_id), target_round=number)
    return put(books, wanted, seen, action="round_chosen")


def set_state(
    books: ProjectBooks, project_id: str, state: ProjectState, reason: str = "", seen: int | None = None
) -> Project:
    """Whether anything is still to be done; a project that is paused, ended or withdrawn has no deadlines."""
    wanted = replace(held(books, project_id), state=state)
    return put(books, wanted, seen, reason, "state_set")


# ------------------------------------------------ what belongs to it


def certify(
    books: ProjectBooks, project_id: str, one: Certification, seen: int | None = None
) -> Certification:
    """Enters an application for certification, or what is known of it since. Refused as `certification_faults`."""
    project = held(books, project_id)
    known = {each.applied_on: each for each in project.certifications}
    write = books.projects.put_certifications
    return _enter(
        books, project, seen, one, known.get(one.applied_on), certification_faults(one), write, "certified"
    )


def add_period(books: ProjectBooks, project_id: str, one: Period, seen: int | None = None) -> Period:
    """Enters a monitoring period, or what is known of it since. Refused as `period_faults`."""
    project = held(books, project_id)
    known = {each.begins_on: each for each in project.periods}
    write = books.projects.put_periods
    return _enter(
        books, project, seen, one, known.get(one.begins_on), period_faults(one), write, "period_entered"
    )


def add_instrument(
    books: ProjectBooks, project_id: str, one: Instrument, seen: int | None = None
) -> Instrument:
    """Enters an instrument, or how long it is valid now. Refused as `instrument_faults`."""
    project = held(books, project_id)
    known = {each.name: each for each in project.instruments}
    write = books.projects.put_instruments
    return _enter(
        books, project, seen, one, known.get(one.name), instrument_faults(one), write, "instrument_entered"
    )


def add_item(
    books: ProjectBooks, project_id: str, one: MonitoringItem, seen: int | None = None
) -> MonitoringItem:
    """Enters what a project measures every month. Refused as `item_faults`."""
    project = held(books, project_id)
    known = {each.name: each for each in books.projects.items([project.id]).get(project.id, ())}
    write = books.projects.put_items
    return _enter(books, project, seen, one, known.get(one.name), item_faults(one), write, "item_entered")


def _enter(
    books: ProjectBooks,
    project: Project,
    seen: int | None,
    one: Child,
    before: Child | None,
    faults: Iterable[Refused],
    write: Callable[[int, Collection[Child]], None],
    action: str,
) -> Child:
    if one == before:
        return one
    check_version(project, seen)
    for fault in faults:
        raise fault
    write(project.id, [one])
    mark_doubts(books, project, one)
    books.audit.note(
        project.subject, action, before=told(asdict(before)) if before else None, after=told(asdict(one))
    )
    return one


def mark_doubts(books: ProjectBooks, project: Project, one: Belonging) -> None:
    """Marks the project's own fields that contradict what was entered for it."""
    whole, kind = with_belonging(project, one)
    after = marked(whole, [kind])
    if after.unverified != project.unverified:
        books.projects.save(after)
        before, now = ({"unverified": sorted(each.unverified)} for each in (project, after))
        books.audit.note(project.subject, "marked", before=before, after=now)


def overlapping(project: Project, one: Period) -> Period | None:
    """Another monitoring period of the project that shares days with this one."""
    others = (each for each in project.periods if each.begins_on != one.begins_on)
    return next(
        (each for each in others if each.begins_on <= one.ends_on and one.begins_on <= each.ends_on), None
    )


# ------------------------------------------------ values for the audit


def own(project: NewProject) -> dict[str, object]:
    """A project's own fields."""
    return {name: getattr(project, name) for name in FIELDS}


def differing(before: NewProject, after: NewProject) -> tuple[str, ...]:
    """The fields in which two states of a project differ."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def told(values: Mapping[str, object]) -> dict[str, object]:
    """Values as the record keeps them: days and decimals as texts, sets as sorted lists."""
    return {name: _told(value) for name, value in values.items()}


def _told(value: object) -> object:
    match value:
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case _:
            return value
