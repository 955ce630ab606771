"""The README names every verb, every setting and every room."""

from pathlib import Path

import typer.main

from bot.settings import Settings
from bot.verbs import VERBS, app

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_every_verb_is_in_the_readme() -> None:
    """A verb that nobody can read about does not exist."""
    group = typer.main.get_group(app())
    assert sorted(group.commands) == sorted(verb for verbs in VERBS.values() for verb in verbs)
    assert not [name for name in group.commands if f"jdesk {name}" not in README]


def test_every_setting_is_in_the_readme() -> None:
    """A setting that nobody can read about cannot be set."""
    assert not [name for name in Settings.model_fields if f"JDESK_{name.upper()}" not in README]
