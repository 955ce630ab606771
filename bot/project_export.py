"""The whole register gathered to be written out; read in pages, so that nobody waits for it."""

from collections.abc import Mapping

from bot.project_tables import Shelf
from bot.tables import Kind, Table, book, written
from intents.desk.projects.importing.sheets import SheetKind
from intents.desk.projects.importing.take import Shelves
from intents.desk.projects.records import Contact, Project, Role

PAGE = 1000


def shelf(shelves: Shelves) -> Shelf:
    """Every project with its owner, its second contact and what it measures."""
    projects: list[Project] = []
    while page := shelves.projects.page(projects[-1].id if projects else 0, PAGE):
        projects += page
    ids = [one.id for one in projects]
    current = shelves.contacts.duties(ids)
    known = {one.id: one for one in shelves.contacts.of({one.contact for one in current})}
    holders: dict[tuple[int, Role], Contact] = {
        (one.project, one.role): known[one.contact] for one in reversed(current)
    }
    return Shelf(projects, holders, shelves.projects.items(ids))


def packed(
    tables: Mapping[SheetKind, Table], kind: Kind, sheet: SheetKind = SheetKind.PROJECTS
) -> tuple[bytes, dict[str, int]]:
    """The file, all tables in a book or one of them as CSV; and how many rows of each went into it."""
    chosen = tables if kind is Kind.XLSX else {sheet: tables[sheet]}
    rows = {name.value: len(table.rows) for name, table in chosen.items()}
    if kind is Kind.XLSX:
        return book({name.value: table for name, table in tables.items()}), rows
    return written(tables[sheet], kind), rows
