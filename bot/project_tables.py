"""The register as tables that `import` reads again, the empty template, and the rows that an import set aside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.tables import Cell, Table
from intents.desk.deadlines.contradictions import DATES, contradictions
from intents.desk.projects.importing.people import COLUMNS as PEOPLE
from intents.desk.projects.importing.plans import Planned, Verdict
from intents.desk.projects.importing.sheets import COLUMNS, FURTHER, KEYS, TEMPLATE, Sheet, SheetKind, Tables
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import Contact, Project, Role
from knowledge.model import Lang
from knowledge.wording import Wording

EXPLAINS = "columns"
NOTHING = "-"
# What a new project cannot do without.
NEEDED = frozenset({"title", "organisation", "ends_on", "valid_until", "kind", "since"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is written out: projects, their owners and second contacts, and what they measure every month."""

    projects: Sequence[Project]
    holders: Mapping[tuple[int, Role], Contact]
    items: Mapping[int, tuple[MonitoringItem, ...]]


def written_out(shelf: Shelf) -> dict[SheetKind, Table]:
    """Every table with every column that `import` reads."""
    rows: dict[SheetKind, list[list[Cell]]] = {kind: [] for kind in SheetKind}
    for one in shelf.projects:
        rows[SheetKind.PROJECTS].append(_project(one, shelf))
        belongings: Mapping[SheetKind, Iterable[object]] = {
            SheetKind.CERTIFICATIONS: one.certifications,
            SheetKind.PERIODS: one.periods,
            SheetKind.INSTRUMENTS: one.instruments,
            SheetKind.ITEMS: shelf.items.get(one.id, ()),
        }
        for kind, found in belongings.items():
            names = COLUMNS[kind][1:]
            rows[kind] += [
                [one.project_id, *(_cell(getattr(each, name)) for name in names)] for each in found
            ]
    return {kind: Table(COLUMNS[kind], found) for kind, found in rows.items()}


def _project(one: Project, shelf: Shelf) -> list[Cell]:
    people: dict[str, str] = {}
    for role, (name, mail) in PEOPLE.items():
        contact = shelf.holders.get((one.id, role))
        people |= {name: contact.name if contact else "", mail: contact.mail if contact else ""}
    values = {name: people.get(name, getattr(one, name, None)) for name in COLUMNS[SheetKind.PROJECTS]}
    return [_cell(value) for value in (values | {"unverified": _unverified(one)}).values()]


def _unverified(one: Project) -> str:
    """The fields that are not confirmed; a dash where somebody has confirmed what looks contradictory."""
    doubted = {name for found in contradictions(one) for name in found.fields if name in DATES}
    return ", ".join(sorted(one.unverified)) or (NOTHING if doubted else "")


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case int() | Decimal():
            return value
        case _:
            return str(value)


# ------------------------------------------------ the template


def template(wording: Wording, lang: Lang) -> dict[str, Table]:
    """The empty tables, and one that tells what each column is."""
    empty = {kind.value: Table(names, ()) for kind, names in TEMPLATE.items()}
    return empty | {EXPLAINS: _explained(wording, lang)}


def _explained(wording: Wording, lang: Lang) -> Table:
    head = [
        wording.say(f"project_import.head_{name}", lang)
        for name in ("sheet", "column", "called", "needed", "about")
    ]
    rows = [
        [
            kind.value,
            name,
            field_name(wording, name, lang),
            _needed(wording, kind, name, lang),
            _about(wording, kind, name, lang),
        ]
        for kind, names in COLUMNS.items()
        for name in names
    ]
    return Table(head, rows)


def field_name(wording: Wording, name: str, lang: Lang) -> str:
    """What a field is called."""
    return wording.say(f"projects.field_{name}", lang)


def _needed(wording: Wording, kind: SheetKind, name: str, lang: Lang) -> str:
    which = (
        "always"
        if name in KEYS[kind]
        else "needed"
        if name in NEEDED
        else "further"
        if name in FURTHER
        else "free"
    )
    return wording.say(f"project_import.need_{which}", lang)


def _about(wording: Wording, kind: SheetKind, name: str, lang: Lang) -> str:
    own = f"project_import.about_{kind.value}_{name}"
    return wording.say(own if own in wording.texts else f"project_import.about_{name}", lang)


# ------------------------------------------------ what was set aside


def set_aside(
    tables: Tables, planned: Iterable[Planned], why: Mapping[int, str]
) -> tuple[tuple[Sheet, Table], ...]:
    """For each table the rows that were not taken, as they stood there, with their number and the reason.

    `why` is the reason of each row by its `id()`; headings are those of the file, so that mended rows can be imported.
    """
    aside = [one for one in planned if one.verdict is Verdict.ASIDE]
    found = [
        (sheet, [one for one in aside if (one.row.file, one.row.sheet) == (sheet.file, sheet.kind)])
        for sheet in tables.sheets
    ]
    return tuple(
        (
            sheet,
            Table(
                ["row", "reason", *sheet.headings],
                [[str(one.row.number), why[id(one)], *one.row.raw] for one in mine],
            ),
        )
        for sheet, mine in found
        if mine
    )
