"""`jdesk windows`: times in which support, calls or auctions are open, and how much of the money is gone."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from bot.clock import now, tokyo_day
from bot.verbs.register_desk import database, desk, shelves, words
from bot.verbs.seminar_desk import In, Json, tokyo
from intents.desk.projects import rounds as dates
from intents.desk.projects.entered import closing, day
from intents.desk.projects.entered import levels as shares
from intents.desk.projects.records import Window, WindowKind
from knowledge.model import Lang

app = typer.Typer(no_args_is_help=True, help="Times in which support, calls or auctions are open.")
Day = Annotated[str | None, typer.Option(help="such as 2026-12-08")]
Percent = Annotated[int, typer.Argument(help="per cent of the money that is gone", min=0, max=100)]
WindowId = Annotated[int, typer.Argument(metavar="ID", help="the window's number in `list`")]
# The fiscal year begins in April.
APRIL = 4


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="windows")


@app.command("list")
def list_windows(as_json: Json = False, lang: In = Lang.JA) -> None:
    """Every window, the newest year first."""
    with shelves(database()) as opened:
        found = opened.calendars.windows()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return
    for one in found:
        _show_window(one, lang)
    if not found:
        typer.echo(words(lang).say("no_windows"))


def _show_window(one: Window, lang: Lang) -> None:
    told = words(lang)
    used = (
        told.say("used_as_of", used=one.used, day=told.value(one.used_as_of)) if one.used is not None else ""
    )
    closes = tokyo(one.closes_at) if one.closes_at else told.value(None)
    over = told.say("closed_at", day=tokyo(one.closed_at)) if one.closed_at else ""
    head = f"{one.id}  {one.year}  {told.say(f'window_{one.kind}')}  {one.name}"
    typer.echo("  ".join(filter(None, (head, f"{told.value(one.opens_on)} - {closes}", used, over))))


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="what it is called")],
    kind: Annotated[WindowKind, typer.Option()] = WindowKind.SUPPORT,
    year: Annotated[int | None, typer.Option(help="fiscal year; else the running one")] = None,
    opens: Day = None,
    closes: Annotated[
        str, typer.Option(help="the last moment, such as 2026-10-30 14:00; a day alone ends at 17:00")
    ] = "",
    announced: Day = None,
    levels: Annotated[str, typer.Option(help="shares at which people are warned, in per cent")] = "50,70",
    source: Annotated[str, typer.Option(help="where this stands")] = "",
    lang: In = Lang.JA,
) -> None:
    """A window that opens, or has opened."""
    with desk(lang) as opened:
        new = Window(
            id=0,
            kind=kind,
            name=name.strip(),
            year=year or _fiscal_year(),
            opens_on=day("opens_on", opens),
            closes_at=closing("closes_at", closes),
            announced_on=day("announced_on", announced),
            levels=shares("levels", levels),
            source=source.strip(),
        )
        added = dates.add_window(opened, new)
    _show_window(added, lang)


def _fiscal_year() -> int:
    today = tokyo_day(now())
    return today.year if today.month >= APRIL else today.year - 1


@app.command()
def used(id_: WindowId, percent: Percent, as_of: Day = None, lang: In = Lang.JA) -> None:
    """How much of the money is gone, as of a day (today); at 100 the window closes."""
    with desk(lang) as opened:
        found = dates.use(opened, id_, percent, day("used_as_of", as_of) or tokyo_day(now()))
    _show_window(found, lang)


@app.command()
def close(
    id_: WindowId, reason: Annotated[str, typer.Option(help="for the audit")] = "", lang: In = Lang.JA
) -> None:
    """Closes a window before its end."""
    with desk(lang) as opened:
        found = dates.close(opened, id_, reason)
    _show_window(found, lang)
