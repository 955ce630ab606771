"""What a row would do to what belongs to a project: its certifications, periods, instruments, and what it measures."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intents.desk.projects.checks import (
    certification_faults,
    instrument_faults,
    item_faults,
    period_faults,
)
from intents.desk.projects.doubts import Belonging, doubts, with_belonging
from intents.desk.projects.importing.cells import Fault, Read
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
from intents.desk.projects.importing.sheets import COLUMNS, SheetKind
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import Certification, Instrument, Period, Project
from intents.desk.projects.register import overlapping
from intents.desk.refused import Refused


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of belonging: its record, its key, what it needs, what may be wrong, and where the known ones are."""

    shape: Callable[..., Belonging]
    key: str
    needed: tuple[str, ...]
    faults: Callable[[Any], Iterable[Refused]]
    known: Callable[[Project, Known], Iterable[Belonging]]


_KINDS: Mapping[SheetKind, _Kind] = {
    SheetKind.CERTIFICATIONS: _Kind(
        Certification, "applied_on", (), certification_faults, lambda one, _: one.certifications
    ),
    SheetKind.PERIODS: _Kind(Period, "begins_on", ("ends_on",), period_faults, lambda one, _: one.periods),
    SheetKind.INSTRUMENTS: _Kind(
        Instrument, "name", ("valid_until",), instrument_faults, lambda one, _: one.instruments
    ),
    SheetKind.ITEMS: _Kind(
        MonitoringItem,
        "name",
        ("kind", "since"),
        item_faults,
        lambda one, known: known.items.get(one.id, ()),
    ),
}
# A unit may be left open; a text that is not there is empty.
_EMPTY = {"unit": ""}


def plan_belonging(read: Read, known: Known, whole: Whole) -> Planned:
    """What comes of a row of one of those tables."""
    kind = _KINDS[read.row.sheet]
    project = known.projects.get(read.project_id)
    if project is None and read.project_id not in whole.coming:
        return set_aside(read, [Fault("project_id", "project_unknown", {"value": read.project_id})])
    before = _before(read, kind, project, known)
    values = {
        name: read.given(name, getattr(before, name, _EMPTY.get(name)), _EMPTY.get(name))
        for name in COLUMNS[read.row.sheet][1:]
    }
    if missing := [Fault(name, "field_missing") for name in kind.needed if values[name] is None]:
        return set_aside(read, missing)
    wanted = kind.shape(**values)
    if wrong := [fault_of(one) for one in kind.faults(wanted)]:
        return set_aside(read, wrong)
    changes = tuple(_changes(before, values))
    return Planned(
        read.row,
        Verdict.NEW if before is None else Verdict.CHANGED if changes else Verdict.SAME,
        read.project_id,
        about=str(values[kind.key]),
        changes=changes,
        warnings=tuple(_warnings(project, wanted)) if changes else (),
        wanted=wanted,
    )


def _before(read: Read, kind: _Kind, project: Project | None, known: Known) -> Belonging | None:
    if project is None:
        return None
    key = read.values[kind.key]
    return next((one for one in kind.known(project, known) if getattr(one, kind.key) == key), None)


def _changes(before: Belonging | None, values: Mapping[str, object]) -> Iterator[Change]:
    for name, new in values.items():
        old = getattr(before, name, None)
        if new != old and (before is not None or new != _EMPTY.get(name)):
            yield Change(name, old, new)


def _warnings(project: Project | None, wanted: Belonging) -> Iterator[Fault]:
    if project is None:
        return
    if isinstance(wanted, Period) and (other := overlapping(project, wanted)):
        yield Fault("begins_on", "period_overlaps", {"begins": other.begins_on, "ends": other.ends_on})
    whole, kind = with_belonging(project, wanted)
    yield from map(doubted, doubts(whole, [kind]))
