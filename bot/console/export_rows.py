"""What stands in each table to take out, in the language of whoever takes it; times in Tokyo."""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter

from bot.clock import TOKYO
from bot.console.visit import Visit
from bot.seminar_csv import COLUMNS
from bot.tables import Cell, Table
from intents.desk.case_records import Case, case_number
from intents.desk.offset_records import Application
from intents.desk.offsets import missing, tonnes_to_retire
from intents.desk.seminar_seating import find_seminar
from storage.database import Database
from storage.offsets import StoredOffsets
from storage.views_exports import RegistrationRow, all_cases, all_registrations
from storage.views_organisations import Organisation
from storage.views_organisations import organisations as all_organisations


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M}" if moment else ""


def _table(visit: Visit, names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table([visit.say(f"col_{name}") for name in names], rows)


# ------------------------------------------------ cases

_CASE = ("number", "kind", "state", "desk", "owner", "about", "organisation", "name", "mail", "prefecture")
_CASE_MORE = ("topic", "methodology", "promise", "next", "outcome", "opened", "closed", "merged_into")


def cases(visit: Visit, database: Database) -> Table:
    """Every case, the oldest first."""
    with visit.staff() as staff:
        called = visit.called(staff)
    with database.look() as connection:
        rows = [_case(visit, one, called) for one in all_cases(connection)]
    return _table(visit, (*_CASE, *_CASE_MORE), rows)


def _case(visit: Visit, one: Case, called: Callable[[str], str]) -> list[Cell]:
    return [
        one.number,
        visit.word(f"cases.kind_{one.kind}"),
        visit.word(f"cases.state_{one.state}"),
        visit.word(f"cases.desk_{one.desk}"),
        called(one.owner),
        one.summary,
        one.organisation,
        one.name,
        one.to.mail,
        one.prefecture,
        one.topic,
        one.methodology,
        _moment(one.promised_by),
        _moment(one.next_at),
        visit.word(f"cases.outcome_{one.outcome}") if one.outcome else "",
        _moment(one.opened_at),
        _moment(one.closed_at),
        case_number(one.merged_into) if one.merged_into else "",
    ]


# ------------------------------------------------ registrations


def registrations(visit: Visit, database: Database) -> Table:
    """Every registration, or those of the seminar that the form names; the headings are those of the terminal's."""
    wanted = visit.sent.one("seminar")
    only = 0
    if wanted:
        with visit.books() as opened:
            only = find_seminar(opened, wanted).id
    with database.look() as connection:
        rows = [_registration(visit, one) for one in all_registrations(connection, only)]
    head = [visit.word(f"seminars.column_{name}") for name in COLUMNS]
    return Table([visit.say("col_seminar"), visit.say("col_title"), *head, visit.say("col_extras")], rows)


def _registration(visit: Visit, one: RegistrationRow) -> list[Cell]:
    def yes_no(value: bool | None) -> str:
        return "" if value is None else visit.word("seminars.yes" if value else "seminars.no")

    return [
        one.seminar,
        one.title,
        one.number,
        visit.word(f"seminars.state_{one.state}"),
        one.name,
        one.organisation,
        one.mail,
        one.phone,
        one.prefecture,
        one.party,
        visit.word(f"seminars.way_{one.way}"),
        one.question,
        yes_no(one.wants_consultation),
        _moment(one.signed_up_at),
        yes_no(one.attended),
        one.extras,
    ]


# ------------------------------------------------ organisations and offsets


def organisations(visit: Visit, database: Database) -> Table:
    """Every organisation that somebody named."""
    with database.look() as connection:
        rows = [_organisation(one) for one in all_organisations(connection)]
    return _table(visit, ("organisation", "also", "cases", "registrations", "offsets"), rows)


def _organisation(one: Organisation) -> list[Cell]:
    return [one.name, "\n".join(one.also), one.cases, one.registrations, one.offsets]


_OFFSET = attrgetter("case", "supplier", "prefecture", "portals", "name", "mail", "phone")


def offsets(visit: Visit, database: Database) -> Table:
    """Every application for the offset of return gifts; tonnes once every item's emissions are known."""
    with database.look() as connection:
        found = StoredOffsets(connection, database, visit.now).listing()
    names = (
        "number",
        "supplier",
        "prefecture",
        "portals",
        "name",
        "mail",
        "phone",
        "items",
        "units",
        "tonnes",
    )
    return _table(visit, (*names, "credit", "applied", "retired"), [_offset(one) for one in found])


def _offset(one: Application) -> list[Cell]:
    items = "\n".join(f"{item.name} × {item.units}" for item in one.items)
    tonnes: Cell = "" if missing(one.items) else tonnes_to_retire(one.items)
    retired = one.retired_on.isoformat() if one.retired_on else ""
    units = sum(item.units for item in one.items)
    return [*_OFFSET(one), items, units, tonnes, one.credit, _moment(one.applied_at), retired]
