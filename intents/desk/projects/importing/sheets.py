"""The tables of an import: which table it is, where its headings stand, and which column is which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intents.desk.refused import Refused
from intents.readers.register_headings import column_of, nearest, passed_over, sheet_of

# Above the headings stand a title and who made the table, never more.
HEADINGS_WITHIN = 15
MOST_ROWS = 50_000
# The sheet of the template that tells what the columns of the others mean.
EXPLAINS = "columns"


class SheetKind(StrEnum):
    """What a table holds; the names of the template's sheets."""

    PROJECTS = "projects"
    CERTIFICATIONS = "certifications"
    PERIODS = "periods"
    INSTRUMENTS = "instruments"
    ITEMS = "items"


# The columns of the template, in their order.
TEMPLATE: Mapping[SheetKind, tuple[str, ...]] = {
    SheetKind.PROJECTS: (
        "project_id",
        "title",
        "organisation",
        "prefecture",
        "methodology",
        "scheme",
        "is_forest",
        "implementation_date",
        "registration_application_date",
        "registration_date",
        "monitoring_ready_date",
        "cp_start",
        "cp_end",
        "expected_t",
        "contact_name",
        "contact_email",
        "second_contact_name",
        "second_contact_email",
    ),
    SheetKind.CERTIFICATIONS: ("project_id", "round", "applied_on", "tonnes", "listed_on"),
    SheetKind.PERIODS: ("project_id", "begins_on", "ends_on", "applied_on", "round"),
    SheetKind.INSTRUMENTS: ("project_id", "name", "valid_until"),
    SheetKind.ITEMS: ("project_id", "name", "kind", "unit", "since"),
}
# Further columns that are read and that an export writes.
FURTHER = ("target_round", "report_received_on", "plan_changed_on", "state", "unverified")
COLUMNS = {
    kind: (*names, *(FURTHER if kind is SheetKind.PROJECTS else ())) for kind, names in TEMPLATE.items()
}
# What tells one row from the others of its table.
KEYS: Mapping[SheetKind, tuple[str, ...]] = {
    SheetKind.PROJECTS: ("project_id",),
    SheetKind.CERTIFICATIONS: ("project_id", "applied_on"),
    SheetKind.PERIODS: ("project_id", "begins_on"),
    SheetKind.INSTRUMENTS: ("project_id", "name"),
    SheetKind.ITEMS: ("project_id", "name"),
}


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A table as a file holds it: the file, the sheet's name (empty in CSV), and each row that is not empty with its number."""

    file: str
    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, its cells by column, and the cells as they stood there."""

    sheet: SheetKind
    file: str
    number: int
    cells: Mapping[str, str]
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A heading that names no column, and the column that it is most like (empty: none)."""

    heading: str
    nearest: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was understood; `headings` are those of the file, by which rows that are set aside are written."""

    kind: SheetKind
    file: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """What was found in files: the tables, projects first, and the names of the sheets that hold none."""

    sheets: tuple[Sheet, ...]
    left_out: tuple[str, ...]


def tables_of(raw: Sequence[RawSheet], forced: SheetKind | None = None) -> Tables:
    """The tables in these sheets; `forced` says what those are whose names say nothing.

    Refused: file_empty, no_table, no_rows, columns_missing, column_twice, too_many_rows.
    """
    files = ", ".join(dict.fromkeys(one.file for one in raw))
    filled = [one for one in raw if one.rows and sheet_of(one.name) != EXPLAINS]
    if not filled:
        raise Refused("file_empty", file=files)
    read = [(one.name, _sheet(one, forced)) for one in filled]
    found = [sheet for _, sheet in read if sheet]
    if not found:
        raise Refused("no_table", file=files, columns=", ".join(TEMPLATE[SheetKind.PROJECTS][:3]))
    rows = sum(len(one.rows) for one in found)
    if not rows:
        raise Refused("no_rows", file=files)
    if rows > MOST_ROWS:
        raise Refused("too_many_rows", limit=MOST_ROWS)
    order = list(SheetKind)
    ordered = sorted(found, key=lambda one: order.index(one.kind))
    return Tables(tuple(ordered), tuple(name for name, sheet in read if not sheet))


def _sheet(raw: RawSheet, forced: SheetKind | None) -> Sheet | None:
    named = sheet_of(raw.name)
    wanted = SheetKind(named) if named else forced
    at = _headings(raw, wanted)
    if at is None:
        if wanted:
            raise _no_headings(raw, wanted)
        return None
    place, kind = at
    headings = raw.rows[place][1]
    columns = _columns(raw, kind, headings)
    rows = tuple(_row(raw, kind, columns, *row) for row in raw.rows[place + 1 :])
    unread = tuple(
        Unread(heading, nearest(heading, COLUMNS[kind]))
        for heading, column in zip(headings, columns, strict=True)
        if not column and not passed_over(heading)
    )
    return Sheet(kind, raw.file, headings, rows, unread)


def _headings(raw: RawSheet, wanted: SheetKind | None) -> tuple[int, SheetKind] | None:
    """Where the headings stand, and of what: the kind of table of which most columns are named."""
    for place, (_, cells) in enumerate(raw.rows[:HEADINGS_WITHIN]):
        able = [
            kind for kind in ([wanted] if wanted else SheetKind) if set(KEYS[kind]) <= _named(cells, kind)
        ]
        if able:
            return place, max(able, key=lambda kind: len(_named(cells, kind)))
    return None


def _named(cells: Sequence[str], kind: SheetKind) -> set[str]:
    return {column_of(cell, COLUMNS[kind]) for cell in cells} - {""}


def _no_headings(raw: RawSheet, wanted: SheetKind) -> Refused:
    known = set().union(*(_named(cells, wanted) for _, cells in raw.rows[:HEADINGS_WITHIN]))
    missing = ", ".join(name for name in KEYS[wanted] if name not in known)
    columns = missing or ", ".join(KEYS[wanted])
    return Refused("columns_missing", file=raw.file, sheet=wanted.value, columns=columns)


def _columns(raw: RawSheet, kind: SheetKind, headings: Sequence[str]) -> tuple[str, ...]:
    found = tuple(column_of(heading, COLUMNS[kind]) for heading in headings)
    for name, heading in zip(found, headings, strict=True):
        if name and found.count(name) > 1:
            raise Refused("column_twice", file=raw.file, column=name, heading=heading)
    return found


def _row(raw: RawSheet, kind: SheetKind, columns: Sequence[str], number: int, cells: tuple[str, ...]) -> Row:
    given = dict(_given(columns, cells))
    return Row(kind, raw.file, number, given, cells)


def _given(columns: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((name, cell) for name, cell in zip(columns, cells, strict=False) if name and cell.strip())
