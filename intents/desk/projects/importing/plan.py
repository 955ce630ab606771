"""What a row would do to the register: its project, or what belongs to one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from difflib import get_close_matches
from typing import Any

from intents.desk.projects.checks import FIELDS, faults
from intents.desk.projects.doubts import doubts, marked
from intents.desk.projects.importing.belongings import plan_belonging
from intents.desk.projects.importing.cells import Erased, Fault, Read, key_of
from intents.desk.projects.importing.people import Staffing, staffing
from intents.desk.projects.importing.plans import (
    Change,
    Known,
    Planned,
    Verdict,
    Whole,
    doubted,
    fault_of,
    set_aside,
)
from intents.desk.projects.importing.sheets import SheetKind
from intents.desk.projects.records import NewProject, Project
from intents.desk.projects.register import differing

NEEDED = ("title", "organisation")
_NOTHING: Mapping[str, Any] = {
    one.name: one.default for one in fields(NewProject) if one.default is not MISSING
}


def plan(reads: Sequence[Read], known: Known, whole: Whole) -> tuple[Planned, ...]:
    """What comes of each of these rows, in their order."""
    return tuple(_plan_row(read, known, whole) for read in reads)


def _plan_row(read: Read, known: Known, whole: Whole) -> Planned:
    first = whole.firsts.get(key_of(read))
    if not read.faults and first is not None and first != read.row:
        read = replace(read, faults=(_twice(read, first.number),))
    is_project = read.row.sheet is SheetKind.PROJECTS
    missing = tuple(_missing(read, known)) if is_project else ()
    if read.faults or missing:
        return set_aside(read, (*read.faults, *missing))
    if is_project:
        return _plan_project(read, known, whole)
    return plan_belonging(read, known, whole)


def _twice(read: Read, first: int) -> Fault:
    return Fault("project_id", "row_twice", {"value": read.project_id, "row": first})


# ------------------------------------------------ a project


def _plan_project(read: Read, known: Known, whole: Whole) -> Planned:
    before = known.projects.get(read.project_id)
    wanted = _wanted(read, before)
    people = staffing(read, before, known, whole)
    if wrong := (*map(fault_of, faults(wanted)), *people.faults):
        return set_aside(read, wrong)
    changed = differing(before, wanted) if before else FIELDS
    # Who lists what is not confirmed, or that nothing is, has looked at it.
    after = wanted if read.values.get("unverified") is Erased.ERASED else marked(wanted, changed)
    changes = (*_changes(before, after), *people.changes)
    verdict = Verdict.NEW if before is None else Verdict.CHANGED if changes or people.people else Verdict.SAME
    return Planned(
        read.row,
        verdict,
        read.project_id,
        changes=changes,
        warnings=tuple(_warnings(read, before, after, people, whole)),
        wanted=after,
        people=people.people,
    )


def _missing(read: Read, known: Known) -> Iterator[Fault]:
    """What a new project cannot do without, besides what could not be read."""
    if read.project_id not in known.projects:
        wrong = {fault.column for fault in read.faults}
        yield from (
            Fault(name, "field_missing")
            for name in NEEDED
            if name not in wrong and not read.given(name, "", "")
        )


def _wanted(read: Read, before: Project | None) -> NewProject:
    given = {name: value for name, value in read.values.items() if name in FIELDS}
    values = {
        name: _NOTHING.get(name, "") if value is Erased.ERASED else value for name, value in given.items()
    }
    changes: dict[str, Any] = values
    return replace(before, **changes) if before else NewProject(**changes)


def _changes(before: Project | None, after: NewProject) -> Iterator[Change]:
    for name in FIELDS if before is None else differing(before, after):
        old, new = getattr(before, name, None), getattr(after, name)
        if before is not None or new != _NOTHING.get(name):
            yield Change(name, old, new)


def _warnings(
    read: Read, before: Project | None, after: NewProject, people: Staffing, whole: Whole
) -> Iterator[Fault]:
    if "methodology" in read.values and after.methodology and after.methodology not in whole.codes:
        near = get_close_matches(after.methodology, whole.codes, 1)
        problem = "methodology_nearest" if near else "methodology_unknown"
        yield Fault("methodology", problem, {"value": after.methodology, "nearest": near[0] if near else ""})
    for doubt in doubts(after, differing(before, after) if before else FIELDS):
        yield doubted(doubt)
    yield from people.warnings
