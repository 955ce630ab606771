"""What `jdesk` can do, one module per group of verbs. Exit 0 done, 1 refused with a reason, 2 wrong usage."""

from collections.abc import Mapping
from importlib import import_module

import typer

VERBS: Mapping[str, tuple[str, ...]] = {
    "serve": ("demo", "serve", "worker", "migrate", "doctor"),
    "ask": ("ask",),
    "talk": ("chat",),
    "check": ("check",),
    "knowledge": ("knowledge",),
    "draw": ("draw",),
    "desk": ("case", "outbox"),
    "seminar": ("seminar",),
    "survey": ("survey",),
    "meeting": ("meeting",),
    "offset": ("offset",),
    "outreach": ("outreach",),
    "projects": ("projects",),
    "rounds": ("rounds",),
    "windows": ("windows",),
    "rules": ("rules",),
    "slots": ("slots",),
    "deadlines": ("deadlines",),
    "plan": ("plan",),
    "simulate": ("simulate",),
    "readings": ("readings",),
    "staff": ("staff",),
    "audit": ("audit",),
    "teams_package": ("teams-package",),
}


def app(verb: str = "") -> typer.Typer:
    """The tool with the module of one verb, or with all of them when the verb is not known.

    Importing every channel to answer one question would cost half a second.
    """
    tool = typer.Typer(
        name="jdesk",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="The chat desk of a J-Credit support office.",
    )
    # A callback keeps the tool a group while it holds one verb only.
    tool.callback()(_nothing)
    for module in [name for name, verbs in VERBS.items() if verb in verbs] or VERBS:
        import_module(f"bot.verbs.{module}").add_to(tool)
    return tool


def _nothing() -> None:
    """The chat desk of a J-Credit support office."""
