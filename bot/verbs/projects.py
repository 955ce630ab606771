"""`jdesk projects`: the register from a terminal."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.project_export import packed, shelf
from bot.project_tables import template as template_tables
from bot.project_tables import written_out
from bot.tables import Kind, book, written
from bot.verbs.project_import import import_
from bot.verbs.project_people import Id, contact, person, show_staff, staff_of
from bot.verbs.register_desk import database, desk, shelves, words
from bot.verbs.seminar_desk import In, Json
from intents.desk.projects import register
from intents.desk.projects.doubts import Belonging
from intents.desk.projects.importing.sheets import SheetKind
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.views_projects import ProjectFilter, ProjectLine, project_lines

app = typer.Typer(
    no_args_is_help=True, help="The register of projects: import, export, and who looks after them."
)
Out = Annotated[Path | None, typer.Option(help="an .xlsx or .csv file; else CSV to standard output")]
Which = Annotated[SheetKind, typer.Option(help="which table, where the file is CSV")]
ALL = 1_000_000


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="projects")


app.command("import")(import_)
app.command("contact")(contact)
app.command("person")(person)


@app.command()
def template(out: Out = None, sheet: Which = SheetKind.PROJECTS, lang: In = Lang.JA) -> None:
    """An empty table to fill in: Excel with every sheet and what each column means, or CSV with one table."""
    tables = template_tables(load_wording(), lang)
    kind = _kind(out, lang)
    _write(book(tables) if kind is Kind.XLSX else written(tables[sheet.value], kind), out)


def _kind(out: Path | None, lang: Lang) -> Kind:
    ending = out.suffix.lower().removeprefix(".") if out else Kind.CSV
    if ending not in list(Kind):
        typer.echo(words(lang).tell("file_kind", file=out), err=True)
        raise typer.Exit(2)
    return Kind(ending)


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(content.decode("utf-8-sig").replace("\r\n", "\n"))
    else:
        out.write_bytes(content)


@app.command()
def export(out: Out = None, sheet: Which = SheetKind.PROJECTS, lang: In = Lang.JA) -> None:
    """The register as `import` reads it again; the audit keeps who took out how much."""
    kind = _kind(out, lang)
    with shelves(database()) as opened:
        tables = written_out(shelf(opened))
    content, rows = packed(tables, kind, sheet)
    with desk(lang) as opened:
        opened.audit.note("export:projects", "exported", after={"rows": rows, "format": kind.value})
    _write(content, out)


# ------------------------------------------------ looking


@app.command("list")
def list_(
    text: Annotated[str, typer.Option(help="words that all have to be found")] = "",
    prefecture: Annotated[str, typer.Option()] = "",
    methodology: Annotated[str, typer.Option()] = "",
    never_certified: Annotated[bool, typer.Option("--never-certified")] = False,
    without_contact: Annotated[bool, typer.Option("--no-contact", help="nobody is in charge")] = False,
    unverified: Annotated[bool, typer.Option("--unverified", help="something is not confirmed")] = False,
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """The projects of the register, by id."""
    which = ProjectFilter(
        text=text,
        prefecture=prefecture,
        methodology=methodology,
        never_certified=never_certified,
        without_contact=without_contact,
        unverified=unverified,
    )
    where = database()
    with where.look() as connection:
        found = project_lines(connection, which, limit=ALL).lines
    with desk(lang) as opened:
        opened.audit.note("project:all", "read", reason="jdesk projects list")
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return
    for one in found:
        typer.echo(_row(one, lang))
    typer.echo(words(lang).say("count", count=len(found)))


def _row(one: ProjectLine, lang: Lang) -> str:
    told = words(lang)
    marks = [told.say("never_certified")] if not one.certified else []
    marks += [told.say("unverified")] if one.unverified else []
    marks += [told.value(one.state)] if one.state != "active" else []
    facts = (
        one.project_id,
        one.prefecture,
        one.methodology,
        one.title,
        one.organisation,
        one.owner,
        " ".join(marks),
    )
    return "  ".join(filter(None, facts))


@app.command()
def show(id_: Id, as_json: Json = False, lang: In = Lang.JA) -> None:
    """One project: its facts, who looks after it, its periods, certifications and instruments."""
    with desk(lang) as opened:
        found = register.find(opened, id_)
        staff = staff_of(opened, found)
        items = opened.projects.items([found.id]).get(found.id, ())
        opened.audit.note(found.subject, "read", reason="jdesk projects show")
    if as_json:
        whole = asdict(found) | {
            "unverified": sorted(found.unverified),
            "people": [asdict(one) | asdict(who) for one, who in staff],
            "items": [asdict(one) for one in items],
        }
        typer.echo(json.dumps(whole, ensure_ascii=False, default=str))
        return
    told = words(lang)
    for name, value in register.own(found).items():
        mark = f" ({told.say('unverified')})" if name in found.unverified else ""
        typer.echo(f"{told.field(name)}: {told.value(value)}{mark}")
    show_staff(staff, lang)
    belongings: Sequence[Belonging] = (*found.periods, *found.certifications, *found.instruments, *items)
    for each in belongings:
        facts = (
            f"{told.field(name)} {told.value(value)}"
            for name, value in asdict(each).items()
            if value is not None
        )
        typer.echo(f"{told.say(f'a_{type(each).__name__.lower()}')}: {', '.join(facts)}")
