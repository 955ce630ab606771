"""An import from its tables to the register: what it would do as a whole, and some hundred rows after the other."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from intents.desk.projects import duties, people, register
from intents.desk.projects.books import Contacts, ProjectBooks, Projects
from intents.desk.projects.doubts import Belonging
from intents.desk.projects.importing.cells import Erased, Read, key_of, read_row
from intents.desk.projects.importing.people import COLUMNS
from intents.desk.projects.importing.plan import plan
from intents.desk.projects.importing.plans import Known, Person, Planned, Verdict, Whole
from intents.desk.projects.importing.sheets import Row, SheetKind, Tables
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.people import known_key
from intents.desk.projects.records import (
    Certification,
    Duty,
    Instrument,
    NewProject,
    Period,
    Project,
)
from intents.desk.refused import Refused

# Rows that are written in one transaction: nobody else waits longer for the register than they take.
CHUNK = 300
# The record cannot forget these, so it does not learn them.
PERSONAL = frozenset(name for names in COLUMNS.values() for name in names)


class Shelves(Protocol):
    """The part of the books that is read to see what an import would do."""

    @property
    def projects(self) -> Projects:
        """The projects."""
        ...

    @property
    def contacts(self) -> Contacts:
        """The people."""
        ...


@dataclass(frozen=True, slots=True)
class Import:
    """All rows, read, in the order in which they are taken; and what has to be known of the whole to read one."""

    reads: tuple[Read, ...]
    whole: Whole

    def chunks(self) -> Iterator[Sequence[Read]]:
        """Rows of one table each, some hundreds at a time."""
        for kind in SheetKind:
            mine = [read for read in self.reads if read.row.sheet is kind]
            yield from (mine[begin : begin + CHUNK] for begin in range(0, len(mine), CHUNK))


def prepared(tables: Tables, codes: Collection[str]) -> Import:
    """Reads every row; `codes` are the methodologies of the cards."""
    reads = tuple(read_row(row) for sheet in tables.sheets for row in sheet.rows)
    firsts: dict[tuple[object, ...], Row] = {}
    names: dict[str, str] = {}
    for read in reads:
        if not read.faults:
            firsts.setdefault(key_of(read), read.row)
            _keep_names(read, names)
    return Import(reads, Whole(tuple(sorted(codes)), names, firsts))


def _keep_names(read: Read, names: dict[str, str]) -> None:
    """The first name that is given to each address: everybody has one, however many rows name them."""
    for name, mail in COLUMNS.values():
        given = [read.values.get(one, Erased.ERASED) for one in (name, mail)]
        if Erased.ERASED not in given:
            names.setdefault(known_key(str(given[1])), str(given[0]))


def preview(shelves: Shelves, wanted: Import) -> tuple[Planned, ...]:
    """What comes of every row as things stand now; nothing is written."""
    found: list[Planned] = []
    coming: set[str] = set()
    for chunk in wanted.chunks():
        whole = replace(wanted.whole, coming=frozenset(coming))
        found += plan(chunk, known_for(shelves, chunk), whole)
        coming |= {
            one.project_id
            for one in found[-len(chunk) :]
            if one.verdict is Verdict.NEW and isinstance(one.wanted, NewProject)
        }
    return tuple(found)


def known_for(shelves: Shelves, reads: Sequence[Read], *, hold: bool = False) -> Known:
    """What the register holds of the projects of these rows, held until the transaction ends where that is asked for."""
    ids = {read.project_id for read in reads if read.project_id}
    found = shelves.projects.named(ids, hold=hold)
    rows = [one.id for one in found]
    current: dict[int, list[Duty]] = defaultdict(list)
    for one in shelves.contacts.duties(rows):
        current[one.project].append(one)
    held = [one for each in current.values() for one in each if one.role in duties.ROLES]
    contacts = {one.id: one for one in shelves.contacts.of({one.contact for one in held})}
    mails = {str(read.values[mail]) for read in reads for _, mail in COLUMNS.values() if mail in read.values}
    measured = any(read.row.sheet is SheetKind.ITEMS for read in reads)
    return Known(
        {one.project_id: one for one in found},
        {(one.project, one.role): contacts[one.contact] for one in reversed(held)},
        dict(current),
        shelves.contacts.by_mails(mails),
        shelves.projects.items(rows) if measured else {},
    )


# ------------------------------------------------ writing


def take(books: ProjectBooks, chunk: Sequence[Read], whole: Whole) -> tuple[Planned, ...]:
    """Writes what comes of some rows of one table, with a line in the audit for each; gives what came of them.

    Refused: import_again, when somebody else enters the same at the same moment; nothing of these rows is written.
    """
    known = known_for(books, chunk, hold=True)
    planned = plan(chunk, known, whole)
    try:
        _add([one for one in planned if one.verdict is Verdict.NEW], books)
    except ValueError as fault:
        raise Refused("import_again") from fault
    for one in planned:
        if project := known.projects.get(one.project_id):
            _write(books, one, project, known.duties.get(project.id, ()))
    return planned


def _add(new: Sequence[Planned], books: ProjectBooks) -> None:
    """New projects with their people, all at once: one after the other they would take ten times as long."""
    wanted = [one.wanted for one in new if isinstance(one.wanted, NewProject)]
    added = {one.project_id: one for one in books.projects.add_all(wanted)}
    posts = [
        (added[one.project_id], person) for one in new if one.project_id in added for person in one.people
    ]
    found = books.contacts.put_all([(who.name, who.mail, project.organisation) for project, who in posts])
    books.contacts.give_all(
        [(project.id, contact.id, who.role) for (project, who), contact in zip(posts, found, strict=True)]
    )
    staff: dict[int, dict[str, object]] = defaultdict(dict)
    for (project, who), contact in zip(posts, found, strict=True):
        if who.mail and who.name != contact.name:
            people.change(books, contact.id, name=who.name)
        staff[project.id][who.role.value] = [f"contact:{contact.id}"]
    for one in new:
        if project_ := added.get(one.project_id):
            _note(books, project_, one, has=staff[project_.id])


def _write(books: ProjectBooks, planned: Planned, project: Project, current: Sequence[Duty]) -> None:
    """What comes of a row about a project that was there."""
    match planned.wanted:
        case Project() as after if planned.verdict is Verdict.CHANGED:
            had, has = _staff(books, planned, after, current)
            books.projects.save(after)
            _note(books, after, planned, had, has)
        case Certification() | Period() | Instrument() | MonitoringItem() as one if (
            planned.verdict is not Verdict.SAME
        ):
            _put(books, project.id, one)
            _note(books, project, planned)
            register.mark_doubts(books, project, one)


def _put(books: ProjectBooks, project: int, one: Belonging) -> None:
    match one:
        case Certification():
            books.projects.put_certifications(project, [one])
        case Period():
            books.projects.put_periods(project, [one])
        case Instrument():
            books.projects.put_instruments(project, [one])
        case MonitoringItem():
            books.projects.put_items(project, [one])


def _staff(
    books: ProjectBooks, planned: Planned, project: Project, current: Sequence[Duty]
) -> tuple[dict[str, object], dict[str, object]]:
    """Gives and ends duties as the row says; the audit's words for what was before and after, people by number."""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for one in planned.people:
        before[one.role.value] = [f"contact:{duty.contact}" for duty in current if duty.role is one.role]
        after[one.role.value] = _give(books, one, project, current)
    return before, after


def _give(books: ProjectBooks, one: Person, project: Project, current: Sequence[Duty]) -> list[str]:
    if not (one.name or one.mail):
        duties.release(books, project, [duty for duty in current if duty.role is one.role], one.role)
        return []
    contact = duties.person(books, project, current, one.role, one.name, one.mail)
    if not any((duty.contact, duty.role) == (contact.id, one.role) for duty in current):
        duties.follow(books, project, current, contact.id, one.role, "")
    return [f"contact:{contact.id}"]


def _note(
    books: ProjectBooks,
    project: Project,
    planned: Planned,
    had: Mapping[str, object] | None = None,
    has: Mapping[str, object] | None = None,
) -> None:
    """One line: what the row changed, names and addresses left out, and where the row stood."""
    said = [one for one in planned.changes if one.field not in PERSONAL]
    about = {"sheet": planned.row.sheet.value} | ({"about": planned.about} if planned.about else {})
    books.audit.note(
        project.subject,
        "imported",
        before=register.told({one.field: one.old for one in said}) | dict(had or {}),
        after=register.told({one.field: one.new for one in said}) | dict(has or {}) | about,
        reason=f"{planned.row.file} {planned.row.number}",
    )
