"""`jdesk readings`: what a project recorded month by month, as a table with what is missing; and entering a value."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from bot.clock import now, tokyo_day
from bot.reading_sheet import Sheet, sheet_of
from bot.settings import Settings
from bot.verbs.office_desk import csv_text, write
from bot.verbs.register_desk import refusals, words
from bot.verbs.seminar_desk import STAFF, In, Json
from intents.desk.deadlines.almanac import almanac_of, hours_of
from intents.desk.nudges.monthly import take
from intents.desk.projects.items import Reading
from intents.desk.projects.months import spans
from intents.desk.projects.readings import find_item, value_of
from intents.desk.projects.records import Project
from intents.desk.projects.register import find
from intents.desk.refused import Refused
from intents.readers.misread import Misread
from intents.readers.register import register_month
from knowledge.model import Lang
from knowledge.reader import files_in, read
from knowledge.wording import load_wording
from storage import knowledge_files
from storage.books import StoredBooks, books
from storage.database import Database

SUBJECT = "readings"


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command(SUBJECT)(show)


def show(
    project: Annotated[str, typer.Argument(help="the project's id")],
    put: Annotated[
        tuple[str, str, str] | None, typer.Option("--put", help="ITEM MONTH VALUE: enters a value first")
    ] = None,
    correct: Annotated[bool, typer.Option("--correct", help="--put may replace what stands there")] = False,
    sure: Annotated[bool, typer.Option("--sure", help="--put keeps a value that looks odd")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="as CSV")] = False,
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """Months × items with what is missing; exit 1 for an unknown project, and for a value that is refused."""
    database = Database(Settings().url)
    with refusals(lang), books(database, now(), STAFF) as opened:
        found = find(opened, project)
        if put:
            _enter(opened, found, put, correct=correct, sure=sure)
        opened.audit.note(found.subject, "read", reason="jdesk readings")
        sheet = _sheet(opened, database, project)
    if as_json:
        typer.echo(json.dumps(_whole(sheet), ensure_ascii=False, default=str))
    elif as_csv:
        write(csv_text(_table(sheet, lang)), None)
    else:
        typer.echo("\n".join(_lines(sheet, lang)))


def _enter(
    opened: StoredBooks, project: Project, put: tuple[str, str, str], *, correct: bool, sure: bool
) -> None:
    item, today = find_item(project, put[0]), tokyo_day(now())
    try:
        month, value = register_month(put[1]), value_of(item, put[2])
    except Misread as misread:
        raise Refused(misread.problem, **{"field": item.name, **misread.places}) from misread
    wanted = Reading(item=item.name, month=month, value=value, by=STAFF)
    take(opened, project, wanted, today, mend=correct, sure=sure)


def _sheet(opened: StoredBooks, database: Database, id_: str) -> Sheet:
    project = find(opened, id_)
    if not project.items:
        raise Refused("no_items")
    files = knowledge_files.load(database) or files_in()
    edition = read({"calendar.toml": files["calendar.toml"]}).edition
    return sheet_of(opened, project, almanac_of(opened, hours_of(edition)), tokyo_day(now()))


# ------------------------------------------------ as JSON, as a table


def _whole(sheet: Sheet) -> dict[str, object]:
    return {
        "project": sheet.project.project_id,
        "items": [asdict(one) for one in sheet.project.items],
        "readings": [asdict(one) for one in sheet.readings.values()],
        "missing": {month: [one.name for one in items] for month, items in sheet.missing.items()},
    }


def _table(sheet: Sheet, lang: Lang) -> Iterator[Sequence[str]]:
    wording = load_wording()
    yield [wording.say("project_reading.column_month", lang), *sheet.head()]
    for month, cells in sheet.rows(wording, lang):
        yield [month, *(cell.text for cell in cells)]


def _lines(sheet: Sheet, lang: Lang) -> Iterator[str]:
    yield f"{sheet.project.project_id} {sheet.project.title}"
    for cells in _table(sheet, lang):
        yield "  ".join(cell or words(lang).value(None) for cell in cells)
    wording = load_wording()
    if sheet.missing:
        yield wording.say("project_reading.still_missing", lang, months=spans(sheet.missing))
    else:
        yield wording.say("project_reading.nothing_missing", lang)
