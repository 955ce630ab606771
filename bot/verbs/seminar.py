"""`jdesk seminar`: the office's seminars from a terminal."""

from collections.abc import Callable

import typer

from bot.verbs import seminar_office, seminar_seats

app = typer.Typer(no_args_is_help=True, help="Seminars: seats, waiting list, attendance.")


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="seminar")


COMMANDS: dict[str, Callable[..., None]] = {**seminar_seats.COMMANDS, **seminar_office.COMMANDS}
for name, verb in COMMANDS.items():
    app.command(name)(verb)
