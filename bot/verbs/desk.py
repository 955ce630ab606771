"""`jdesk case`: what waits for staff."""

import dataclasses
import json
from typing import Annotated

import typer

from bot.clock import TOKYO, now
from bot.settings import Settings
from storage import cases as stored
from storage import outbox
from storage.database import Database

cases = typer.Typer(no_args_is_help=True, help="What waits for staff.")


letters = typer.Typer(no_args_is_help=True, help="Messages that could not be delivered.")


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(cases, name="case")
    tool.add_typer(letters, name="outbox")


@letters.command("parked")
def parked(as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False) -> None:
    """What was taken aside because it could not be delivered, and why."""
    found = outbox.parked(Database(Settings().url))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one.key}  {one.channel:<8}  {one.failures} failures  {one.last_error[:80]}")
    if not found:
        typer.echo("Nothing is parked.")


@letters.command("retry")
def retry(keys: Annotated[list[str], typer.Argument(help="keys as `parked` lists them")]) -> None:
    """Sends parked messages again; exit 1 when none of the keys is parked."""
    count = outbox.retry(Database(Settings().url), keys, now())
    typer.echo(f"{count} messages will be sent again.")
    if not count:
        raise typer.Exit(1)


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
