"""`jdesk check`: validates all knowledge and names every defect by file and field."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.clock import now, tokyo_day
from bot.index_cache import understanding
from bot.settings import Settings
from bot.verbs.reporting import show_report
from intents.understanding.build import searchable, short_texts
from intents.understanding.phrasing_check import near_duplicates, strays
from knowledge.checks import check as check_links
from knowledge.complaints import Complaint
from knowledge.finder import finder_complaints, load_finder
from knowledge.model import Edition, Lang
from knowledge.promises import FILE, promise_complaints
from knowledge.reader import FOLDER, files_in, read
from knowledge.reminders import reminder_complaints, reminder_files
from knowledge.wording import load_wording


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("check")(check)


def check(
    knowledge: Annotated[Path, typer.Option(help="a folder in the shape of knowledge/")] = FOLDER,
    lang: Annotated[Lang, typer.Option(help="language of the complaints")] = Lang.JA,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="do not ask every phrasing of the desk")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="advice counts as a defect")] = False,
    report: Annotated[
        list[Path] | None, typer.Option(help="a file of questions: how well they are understood")
    ] = None,
) -> None:
    """Validates all knowledge; exit 1 when something is wrong. With --report, measures how it understands.

    A phrasing that the desk would surely take for another entry if it did not stand in its own is advice: some of
    them are right where they are, and the author decides.
    """
    if report:
        show_report(report, knowledge, as_json=as_json)
        return
    wording = load_wording()
    files = files_in(knowledge)
    today = tokyo_day(now())
    complaints = complaints_about(files, today)
    advice = (
        _strays(read(files).edition, wording.say("check.asking", lang)) if not (complaints or quick) else []
    )
    complaints += advice if strict else []
    if as_json:
        rows = [
            {"file": c.file, "field": c.field, "text": c.text(wording, lang), "advice": c in advice}
            for c in (*complaints, *(() if strict else advice))
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    for complaint in () if as_json else complaints:
        typer.echo(complaint.text(wording, lang))
    for note in () if as_json or strict else advice:
        typer.echo(wording.say("check.advice", lang, text=note.text(wording, lang)))
    if complaints:
        typer.echo(wording.say("check.found", lang, count=len(complaints)), err=True)
        raise typer.Exit(1)
    if not as_json:
        edition = read(files).edition
        sizes = {
            "entries": len(edition.entries),
            "facts": len(edition.facts),
            "sources": len(edition.sources),
        }
        typer.echo(wording.say("check.all_good", lang, **sizes))


def complaints_about(files: Mapping[str, str], day: date) -> list[Complaint]:
    """Everything that is wrong with these files on that day."""
    reading = read(files)
    return [
        *reading.complaints,
        *check_links(reading.edition, day),
        *near_duplicates(reading.edition),
        *_unnamed_categories(reading.edition),
        # Not part of an edition, but text that staff edit like one.
        *promise_complaints(FILE.read_text("utf-8")),
        *reminder_complaints(reminder_files()),
        # The finder speaks of methodologies; an edition without any has no use for it.
        *(finder_complaints(load_finder(), reading.edition) if reading.edition.methodologies else ()),
    ]


def _strays(edition: Edition, title: str) -> list[Complaint]:
    """Asks the desk every phrasing, which takes seconds, so a person at a terminal sees how far it is."""
    mind = understanding(edition, Settings().cache_dir)
    count = sum(1 for entry in searchable(edition) for _ in short_texts(entry))
    asked = strays(mind)
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar:
        return [found for found in bar.track(asked, total=count, description=title) if found]


def _unnamed_categories(edition: Edition) -> list[Complaint]:
    named = load_wording().texts
    return [
        Complaint(entry.file, "category", "no_category_name", {"word": entry.category})
        for entry in edition.entries.values()
        if entry.category and f"categories.{entry.category}" not in named
    ]
