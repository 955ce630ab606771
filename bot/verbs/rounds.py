"""`jdesk rounds`: committee rounds, when each meets and the last day to apply. Days are Tokyo's."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from bot.verbs.register_desk import database, desk, shelves, words
from bot.verbs.seminar_desk import In, Json
from intents.desk.projects import rounds as dates
from intents.desk.projects.entered import day
from intents.desk.projects.records import Round
from knowledge.model import Lang

app = typer.Typer(no_args_is_help=True, help="Committee rounds: when each meets, and the last day to apply.")
Day = Annotated[str | None, typer.Option(help="such as 2026-12-08; - takes it back")]


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="rounds")


@app.command("list")
def list_rounds(as_json: Json = False, lang: In = Lang.JA) -> None:
    """Every round that was entered, by number."""
    with shelves(database()) as opened:
        found = opened.calendars.rounds()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], default=str))
        return
    for one in found:
        typer.echo(_line(one, lang))
    if not found:
        typer.echo(words(lang).say("no_rounds"))


@app.command("put")
def put_round(
    number: Annotated[int, typer.Argument(help="which round")],
    cutoff: Day = None,
    held: Day = None,
    lang: In = Lang.JA,
) -> None:
    """Enters a round, or what is known of it since."""
    with desk(lang) as opened:
        opened.calendars.hold()
        before = next((one for one in opened.calendars.rounds() if one.number == number), Round(number))
        wanted = Round(number, day("held_on", held, before.held_on), day("cutoff", cutoff, before.cutoff))
        one = dates.put_round(opened, wanted)
    typer.echo(_line(one, lang))


def _line(one: Round, lang: Lang) -> str:
    told = words(lang)
    return told.say(
        "round_line", number=one.number, cutoff=told.value(one.cutoff), held=told.value(one.held_on)
    )
