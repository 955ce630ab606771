"""`jdesk case`: what waits for staff."""

import dataclasses
import json
from typing import Annotated

import typer

from bot.clock import TOKYO
from bot.settings import Settings
from storage import cases as stored
from storage.database import Database

cases = typer.Typer(no_args_is_help=True, help="What waits for staff.")


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(cases, name="case")


@cases.callback()
def _cases() -> None:
    """Keeps `list` a verb of its own while it is the only one."""


@cases.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False) -> None:
    """The newest cases, newest first; times in Tokyo."""
    found = stored.listing(Database(Settings().url))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(case) for case in found], default=str, ensure_ascii=False))
        return
    if not found:
        typer.echo("No cases.")
    for case in found:
        when = case.opened_at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")
        typer.echo(
            f"{case.number}  {when}  {case.channel:<8}  {case.kind:<9}  {case.state:<6}  {case.summary[:60]}"
        )
