"""`jdesk projects import`: first what would change, then the change; bad rows are named and set aside."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bot.clock import now
from bot.project_file import read_path
from bot.project_tables import set_aside
from bot.project_words import Words
from bot.tables import Kind, written
from bot.verbs.editions import edition_at
from bot.verbs.register_desk import database, refusals, shelves, words
from bot.verbs.seminar_desk import STAFF, DryRun, In, Json, Yes
from intents.desk.projects.importing.plans import Planned, Verdict, counted
from intents.desk.projects.importing.sheets import SheetKind, Tables, Unread, tables_of
from intents.desk.projects.importing.take import Import, prepared, preview, take
from knowledge.model import Lang
from storage.books import books
from storage.database import Database

# Of a long list so many rows are shown; `--all` and `--json` show the rest.
SHOWN = 40
# Who imports less sees no bar: it would be gone before anybody could read it.
BAR_FROM = 500


@dataclass(frozen=True, slots=True)
class _Job:
    """One import: its tables, its rows as they were read, and how it is talked about."""

    tables: Tables
    wanted: Import
    where: Database
    words: Words


def import_(
    files: Annotated[
        list[Path], typer.Argument(help="CSV (UTF-8, Shift_JIS) or Excel, as `template` writes it")
    ],
    sheet: Annotated[
        SheetKind | None, typer.Option(help="what a CSV file holds; else seen by its headings")
    ] = None,
    aside: Annotated[
        Path | None, typer.Option(help="where rows go that are not taken; else beside the file")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: Annotated[bool, typer.Option("--all", help="show every row, not the first ones")] = False,
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """Projects and what belongs to them: new ones are added, known ones changed; an empty cell leaves what is there."""
    told = words(lang)
    if as_json and not (yes or dry_run):
        typer.echo(told.tell("json_cannot_ask"), err=True)
        raise typer.Exit(2)
    with refusals(lang):
        tables = tables_of([raw for file in files for raw in read_path(file)], sheet)
        job = _Job(tables, prepared(tables, edition_at(None).methodologies), database(), told)
        with shelves(job.where) as opened:
            planned = preview(opened, job.wanted)
    if not as_json:
        _show(job, planned, everything=show_all)
    work = [one for one in planned if one.verdict in (Verdict.NEW, Verdict.CHANGED)]
    if work and not dry_run:
        if not yes and not typer.confirm(told.tell("ask", count=len(work))):
            raise typer.Exit(1)
        with refusals(lang):
            planned = _take(job)
    put = (
        {} if dry_run else _put_aside(job, planned, aside or files[0].with_name(f"{files[0].stem}-aside.csv"))
    )
    _finish(job, planned, put, taken=not dry_run, as_json=as_json)


def _take(job: _Job) -> tuple[Planned, ...]:
    """Some hundred rows a transaction; what comes of each is looked at anew, as it may have changed meanwhile."""
    done: list[Planned] = []
    chunks = list(job.wanted.chunks())
    console = Console(stderr=True)
    silent = not console.is_terminal or len(job.wanted.reads) < BAR_FROM
    for chunk in track(chunks, job.words.tell("taking"), console=console, disable=silent, transient=True):
        with books(job.where, now(), STAFF) as opened:
            done += take(opened, chunk, job.wanted.whole)
    return tuple(done)


# ------------------------------------------------ telling


def _show(job: _Job, planned: Sequence[Planned], *, everything: bool) -> None:
    for sheet in job.tables.sheets:
        for unread in sheet.unread:
            _warn(_unread(job.words, unread))
    for name in job.tables.left_out:
        _warn(job.words.tell("sheet_left_out", sheet=name))
    for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.ASIDE):
        mine = [one for one in planned if one.verdict is verdict]
        shown = mine if everything else mine[:SHOWN]
        for one in shown:
            typer.echo(_line(job.words, one))
        if len(shown) < len(mine):
            typer.echo(job.words.tell("more_rows", count=len(mine) - len(shown)))
    typer.echo(_counts(job.words, planned))


def _unread(told: Words, one: Unread) -> str:
    if not one.nearest:
        return told.tell("column_unknown", heading=one.heading)
    return told.tell("column_like", heading=one.heading, nearest=told.field(one.nearest), column=one.nearest)


def _warn(text: str) -> None:
    typer.echo(text, err=True)


def _line(told: Words, one: Planned) -> str:
    about = " ".join(filter(None, (one.project_id, one.about)))
    head = told.tell(
        "row",
        verdict=told.tell(one.verdict.value),
        sheet=told.tell(f"sheet_{one.row.sheet}"),
        row=one.row.number,
        about=about,
    )
    new = one.verdict is Verdict.NEW
    lines = [_named(told, one)] if new else [told.change(each) for each in one.changes]
    lines += [told.fault(each) for each in one.faults]
    lines += [told.tell("look", what=told.fault(each)) for each in one.warnings]
    return "\n    ".join((head, *lines))


def _named(told: Words, one: Planned) -> str:
    """What a new row holds, in one line."""
    given = (each for each in one.changes if each.field != "project_id" and told.value(each.new) != one.about)
    return " / ".join(
        told.tell("given", field=told.field(each.field), value=told.value(each.new)) for each in given
    )


def _counts(told: Words, planned: Iterable[Planned]) -> str:
    found = counted(planned)
    return told.tell("counts", **{verdict.value: found[verdict] for verdict in Verdict})


def _reason(told: Words, one: Planned) -> str:
    return " / ".join(map(told.fault, one.faults))


def _put_aside(job: _Job, planned: Sequence[Planned], to: Path) -> dict[str, int]:
    """Writes the rows that were not taken, a file for each table; gives the files with their numbers of rows."""
    found = set_aside(job.tables, planned, {id(one): _reason(job.words, one) for one in planned})
    put: dict[str, int] = {}
    for place, (sheet, table) in enumerate(found):
        path = to if place == 0 else to.with_name(f"{to.stem}-{sheet.kind}-{place}{to.suffix}")
        path.write_bytes(written(table, Kind.CSV))
        put[str(path)] = len(table.rows)
    return put


def _finish(
    job: _Job, planned: Sequence[Planned], put: dict[str, int], *, taken: bool, as_json: bool
) -> None:
    if as_json:
        json.dump(_as_json(job, planned, put, taken=taken), sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    elif taken:
        typer.echo(job.words.tell("done", counts=_counts(job.words, planned)))
        for path, count in put.items():
            _warn(job.words.tell("put_aside", count=count, file=path))
    if all(one.verdict is Verdict.ASIDE for one in planned):
        raise typer.Exit(1)


def _as_json(job: _Job, planned: Sequence[Planned], put: dict[str, int], *, taken: bool) -> dict[str, object]:
    told = job.words
    return {
        "taken": taken,
        "counts": {verdict.value: count for verdict, count in counted(planned).items()},
        "aside": put,
        "unread": [
            {"file": sheet.file, "heading": one.heading, "nearest": one.nearest}
            for sheet in job.tables.sheets
            for one in sheet.unread
        ],
        "sheets_left_out": list(job.tables.left_out),
        "rows": [_row_as_json(told, one) for one in planned],
    }


def _row_as_json(told: Words, one: Planned) -> dict[str, object]:
    return {
        "file": one.row.file,
        "sheet": one.row.sheet,
        "row": one.row.number,
        "project": one.project_id,
        "about": one.about,
        "verdict": one.verdict,
        "changes": [
            {"field": each.field, "old": _plain(each.old), "new": _plain(each.new)} for each in one.changes
        ],
        "problems": [
            {"column": each.column, "code": each.problem, "text": told.fault(each)} for each in one.faults
        ],
        "warnings": [
            {"column": each.column, "code": each.problem, "text": told.fault(each)} for each in one.warnings
        ],
    }


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return value if value is None or isinstance(value, bool | int) else str(value)
