"""What an import would do, row by row, as values: new, changed, the same, or set aside with the reason."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from intents.desk.deadlines.contradictions import Contradiction
from intents.desk.projects.importing.cells import Fault, Read
from intents.desk.projects.importing.sheets import Row
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Contact,
    Duty,
    Instrument,
    NewProject,
    Period,
    Project,
    Role,
)
from intents.desk.refused import Refused


class Verdict(StrEnum):
    """What comes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ASIDE = "aside"


Wanted = NewProject | Certification | Period | Instrument | MonitoringItem


@dataclass(frozen=True, slots=True)
class Change:
    """One field that becomes another one; None where there was nothing or will be nothing."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to have a role; no name and no address: nobody."""

    role: Role
    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class Planned:
    """One row with what comes of it; `about` is what it speaks of within the project, such as a day or a name."""

    row: Row
    verdict: Verdict
    project_id: str
    about: str = ""
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    wanted: Wanted | None = None
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds of the projects that some rows speak of.

    `holders` are the owner and the second contact, by project and role; `duties` is everybody, by project; `mails` are
    contacts by the key of their address.
    """

    projects: Mapping[str, Project] = field(default_factory=dict)
    holders: Mapping[tuple[int, Role], Contact] = field(default_factory=dict)
    duties: Mapping[int, Sequence[Duty]] = field(default_factory=dict)
    mails: Mapping[str, Contact] = field(default_factory=dict)
    items: Mapping[int, tuple[MonitoringItem, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whole:
    """What has to be known of the whole import to read one row.

    `codes` are the methodologies of the cards. `names` is the first name that the import gives to each address, by its
    key; `firsts` the number of the first row of each key; `coming` the projects that rows before will bring.
    """

    codes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    firsts: Mapping[tuple[object, ...], Row] = field(default_factory=dict)
    coming: frozenset[str] = frozenset()


def counted(planned: Iterable[Planned]) -> Mapping[Verdict, int]:
    """How many rows there are of each verdict."""
    found = Counter(one.verdict for one in planned)
    return {verdict: found[verdict] for verdict in Verdict}


def set_aside(read: Read, found: Iterable[Fault]) -> Planned:
    """A row that is not taken, with the reasons."""
    return Planned(read.row, Verdict.ASIDE, read.project_id, faults=tuple(found))


def fault_of(refused: Refused) -> Fault:
    """A refusal of the register as the fault of a cell."""
    places = dict(refused.places)
    return Fault(str(places.pop("field")), refused.problem, places)


def doubted(doubt: Contradiction) -> Fault:
    """A contradiction as something worth a look, at the first of its fields."""
    return Fault(doubt.fields[0], "doubted", {"doubt": doubt.problem, "fields": doubt.fields})
