"""`jdesk knowledge`: the live edition in and out of files, what is due, what is missing."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import now, tokyo_day
from bot.settings import Settings
from bot.verbs.check import complaints_about
from bot.verbs.editions import edition_at
from bot.verbs.gaps import show_gaps
from bot.verbs.seminar_desk import STAFF
from knowledge.model import Entry, Lang
from knowledge.reader import FOLDER, files_in
from knowledge.wording import load_wording
from storage import knowledge_files
from storage.books import books
from storage.database import Database

app = typer.Typer(no_args_is_help=True, help="The live edition: import, export, due, gaps.")


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="knowledge")


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="a folder in the shape of knowledge/")] = FOLDER,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would change")] = False,
) -> None:
    """Makes the files of a folder the live edition, if `jdesk check` has nothing against them."""
    files = files_in(folder)
    complaints = complaints_about(files, tokyo_day(now()))
    if complaints:
        for complaint in complaints:
            typer.echo(complaint.text(load_wording(), Lang.JA), err=True)
        raise typer.Exit(1)
    database = Database(Settings().url)
    before = knowledge_files.load(database)
    _show_difference(before, files)
    if not dry_run:
        with books(database, now(), STAFF) as opened:
            name = opened.publish_edition(files)
            after = {"edition": name, "files": len(files)}
            opened.audit.note("knowledge", "imported", before={"files": len(before)}, after=after)
        typer.echo(f"live edition: {name}")


def _show_difference(before: dict[str, str], files: dict[str, str]) -> None:
    for path in sorted(before.keys() | files.keys()):
        if path not in before:
            typer.echo(f"new      {path}")
        elif path not in files:
            typer.echo(f"removed  {path}")
        elif before[path] != files[path]:
            typer.echo(f"changed  {path}")


@app.command("due")
def due(
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as of this day")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """What staff must look at: answers that are withheld, and answers whose review is due."""
    day = on.date() if on else tokyo_day(now())
    rows = [
        {"entry": entry.id, "owner": entry.owner, "why": why, "since": since.isoformat()}
        for entry in edition_at(None).entries.values()
        for why, since in _reasons(entry, day)
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['why']:<9}  {row['since']}  {row['owner']:<8}  {row['entry']}")
    if not rows:
        typer.echo("Nothing is due.")


def _reasons(entry: Entry, day: date) -> Iterator[tuple[str, date]]:
    if entry.valid.last and entry.valid.last < day:
        yield "expired", entry.valid.last
    elif entry.review_by and entry.review_by <= day:
        yield "review", entry.review_by


@app.command("gaps")
def gaps(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    lang: Annotated[Lang, typer.Option("--lang", help="language of the sentences")] = Lang.JA,
) -> None:
    """What people asked in the last year and nothing answered, grouped by meaning, the most asked for first."""
    show_gaps(lang, as_json=as_json)


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="where to write; files there are overwritten")],
) -> None:
    """Writes the live edition as files, byte for byte as they were imported."""
    files = knowledge_files.load(Database(Settings().url))
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8", newline="")
    typer.echo(f"{len(files)} files written to {folder}")
