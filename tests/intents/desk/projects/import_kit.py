"""What the tests of imports share: tables written as lists of cells, planned and taken on a database."""

from collections.abc import Sequence

from intents.desk.projects.importing.plans import Planned, Verdict
from intents.desk.projects.importing.sheets import RawSheet, SheetKind, Tables, tables_of
from intents.desk.projects.importing.take import Import, prepared, preview, take
from storage.books import books
from storage.database import Database
from tests.kit import NOON

CODES = ("EN-S-001", "EN-S-006", "FO-001")
NEW, CHANGED, SAME, ASIDE = Verdict


def raw(*rows: Sequence[str], name: str = "", file: str = "list.csv") -> RawSheet:
    """A table with its first row of headings in line 1."""
    return RawSheet(file, name, tuple((number, tuple(row)) for number, row in enumerate(rows, 1) if any(row)))


def wanted(*sheets: RawSheet, forced: SheetKind | None = None) -> Import:
    """The import of these tables."""
    return prepared(tables(*sheets, forced=forced), CODES)


def tables(*sheets: RawSheet, forced: SheetKind | None = None) -> Tables:
    """The tables that are understood in these."""
    return tables_of(sheets, forced)


def seen(database: Database, *sheets: RawSheet) -> tuple[Planned, ...]:
    """What the import would do."""
    with books(database, NOON, "staff:x") as opened:
        return preview(opened, wanted(*sheets))


def done(database: Database, *sheets: RawSheet) -> tuple[Planned, ...]:
    """What the import did, a transaction for each chunk."""
    found: list[Planned] = []
    whole = wanted(*sheets)
    for chunk in whole.chunks():
        with books(database, NOON, "staff:x") as opened:
            found += take(opened, chunk, whole.whole)
    return tuple(found)


def verdicts(planned: Sequence[Planned]) -> list[Verdict]:
    """What came of each row."""
    return [one.verdict for one in planned]


def problems(planned: Sequence[Planned]) -> list[tuple[str, str]]:
    """What is wrong with the rows, by column."""
    return [(fault.column, fault.problem) for one in planned for fault in one.faults]


def warnings(planned: Sequence[Planned]) -> list[tuple[str, str]]:
    """What is worth a look, by column."""
    return [(fault.column, fault.problem) for one in planned for fault in one.warnings]
