"""`jdesk audit`: the record of changes, and whether it is as it was written."""

import dataclasses
import json
from datetime import datetime
from typing import Annotated

import typer

from bot.settings import Settings
from bot.verbs.office_desk import say
from bot.verbs.seminar_desk import In, Json, tokyo
from knowledge.model import Lang
from storage import audit
from storage.database import Database

SUBJECT = "audit"
app = typer.Typer(no_args_is_help=True, help="The record of changes.")


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="audit")


@app.command()
def verify(
    noted: Annotated[str, typer.Option(help="a digest noted earlier, which the record must hold")] = "",
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """Whether every line is the one that was written; exit 1 names the first that is not."""
    verdict = audit.verify(Database(Settings().url), noted.strip().lower())
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(verdict) | {"ok": verdict.ok}))
    elif verdict.ok:
        typer.echo(say(SUBJECT, "fine", lang, lines=verdict.lines, digest=verdict.digest))
        typer.echo(say(SUBJECT, "note_it", lang))
    else:
        typer.echo(say(SUBJECT, str(verdict.fault), lang, line=verdict.line, lines=verdict.lines), err=True)
        typer.echo(say(SUBJECT, "restore", lang), err=True)
    if not verdict.ok:
        raise typer.Exit(1)


@app.command("list")
def list_(
    subject: Annotated[str, typer.Option(help="only what is about this, such as seminar:S-0001")] = "",
    limit: Annotated[int, typer.Option(min=1, help="the newest so many lines")] = 200,
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """The newest lines, oldest of them first; times in Tokyo, UTC in JSON."""
    found = audit.lines(Database(Settings().url), subject, limit)
    if as_json:
        rows = [dataclasses.asdict(one) for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, default=_iso))
        return
    for one in found:
        changed = json.dumps({"before": one.before, "after": one.after}, ensure_ascii=False)
        told = f"{one.id}  {tokyo(one.at)}  {one.actor}  {one.subject}  {one.action}"
        typer.echo(f"{told}  {changed}  {one.reason}  {one.trace}")
    if not found:
        typer.echo(say(SUBJECT, "nothing", lang))


def _iso(value: datetime) -> str:
    return value.isoformat()
