"""From the cells of a row to values: an empty cell says nothing, `-` says that there is nothing any more."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from intents.desk.projects.checks import ERASE, MAY_BE_UNVERIFIED
from intents.desk.projects.importing.sheets import KEYS, Row
from intents.desk.projects.items import ItemKind
from intents.desk.projects.records import ProjectState, Scheme
from intents.readers import register
from intents.readers.misread import Misread
from intents.readers.plain import tidy
from intents.readers.register_headings import column_of, nearest

_LISTED = re.compile(r"[,;/\s\u3001\u30fb]+")


class Erased(Enum):
    """What a cell says that holds `-`."""

    ERASED = "-"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or worth a look: `problem` names a sentence of `wording/project_import.toml`."""

    column: str
    problem: str
    places: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """A row with its values by column; a column that is not there was left empty."""

    row: Row
    values: Mapping[str, object]
    faults: tuple[Fault, ...] = ()

    @property
    def project_id(self) -> str:
        """The project that it speaks of; empty where it names none."""
        return str(self.values.get("project_id", ""))

    def given(self, name: str, otherwise: object, nothing: object = None) -> object:
        """The value of a column: what stands there, `nothing` where it was erased, else what was before."""
        found = self.values.get(name, otherwise)
        return nothing if found is Erased.ERASED else found


def unverified(text: str) -> frozenset[str]:
    """The fields that a cell lists, by their names or as they are called in either language."""
    found: set[str] = set()
    for word in filter(None, _LISTED.split(tidy(text))):
        if not (column := column_of(word, MAY_BE_UNVERIFIED)):
            raise Misread("cell_unverified", value=word, nearest=nearest(word, MAY_BE_UNVERIFIED) or "cp_end")
        found.add(column)
    return frozenset(found)


READERS: Mapping[str, Callable[[str], object]] = {
    "project_id": register.project_id,
    "title": register.line,
    "organisation": register.line,
    "prefecture": register.prefecture,
    "methodology": register.methodology,
    "scheme": lambda text: Scheme(register.scheme(text)),
    "is_forest": register.register_yes_no,
    "implementation_date": register.register_day,
    "registration_application_date": register.register_day,
    "registration_date": register.register_day,
    "monitoring_ready_date": register.register_day,
    "cp_start": register.register_day,
    "cp_end": register.register_day,
    "expected_t": register.tonnes,
    "contact_name": register.name,
    "contact_email": register.mail,
    "second_contact_name": register.name,
    "second_contact_email": register.mail,
    "target_round": register.committee_round,
    "report_received_on": register.register_day,
    "plan_changed_on": register.register_day,
    "state": lambda text: ProjectState(register.state(text)),
    "unverified": unverified,
    "round": register.committee_round,
    "applied_on": register.register_day,
    "tonnes": register.tonnes,
    "listed_on": register.register_day,
    "begins_on": register.register_day,
    "ends_on": register.register_day,
    "name": register.line,
    "valid_until": register.register_day,
    "kind": lambda text: ItemKind(register.item_kind(text)),
    "unit": register.line,
    "since": register.register_month,
}


def read_row(row: Row) -> Read:
    """The values of a row, and what is wrong with its cells."""
    values: dict[str, object] = {}
    faults: list[Fault] = []
    for name, cell in row.cells.items():
        if tidy(cell) == ERASE:
            values[name] = Erased.ERASED
            continue
        try:
            values[name] = READERS[name](cell)
        except Misread as misread:
            faults.append(Fault(name, misread.problem, misread.places))
    missing = (Fault(name, "key_missing") for name in _missing(row, values) if name not in _at_fault(faults))
    return Read(row, values, (*faults, *missing))


def _missing(row: Row, values: Mapping[str, object]) -> Iterator[str]:
    return (name for name in KEYS[row.sheet] if values.get(name, Erased.ERASED) is Erased.ERASED)


def _at_fault(faults: list[Fault]) -> set[str]:
    return {one.column for one in faults}


def key_of(read: Read) -> tuple[object, ...]:
    """What tells a row from the others of its table."""
    return (read.row.sheet, *(read.values.get(name) for name in KEYS[read.row.sheet]))
