"""The line and the doors: who may import whom, and which room has the door to which package."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("knowledge", "intents", "storage", "bot")
DOORS = {
    "slack_bolt": ("bot/channels/slack/",),
    "slack_sdk": ("bot/channels/slack/",),
    "starlette": (
        "bot/server.py",
        "bot/connect.py",
        "bot/health.py",
        "bot/channels/web/",
        "bot/channels/slack/",
        "bot/channels/teams/",
        "bot/console/",
    ),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "rapidfuzz": ("intents/understanding/",),
    "sudachipy": ("intents/understanding/words.py",),
    "Stemmer": ("intents/understanding/words.py",),
    "jinja2": ("knowledge/render.py",),
    "apscheduler": ("bot/schedule.py",),
    "icalendar": ("bot/calendar_file.py",),
    "microsoft_teams": ("bot/channels/teams/",),
    "jwt": ("bot/channels/teams/",),
    "openpyxl": ("bot/tables.py",),
    "smtplib": ("bot/channels/mail/send.py",),
    "email": ("bot/channels/mail/",),
    "itsdangerous": ("bot/channels/web/session.py",),
    "pydantic_settings": ("bot/settings.py",),
    "urllib.request": ("bot/heartbeat.py",),
}
CALLS = {"datetime.now": ("bot/clock.py",), "date.today": (), "os.environ": (), "os.getenv": ()}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_line_holds() -> None:
    """A room imports itself and what stands to its left."""
    for path, tree in _modules():
        right = ROOMS[ROOMS.index(path.split("/")[0]) + 1 :]
        crossing = [name for name in _imports(tree) if name.split(".")[0] in right]
        assert not crossing, f"{path} imports {crossing}"


@pytest.mark.parametrize("package", DOORS)
def test_each_package_has_one_door(package: str) -> None:
    """A third-party package is imported in its own place only."""
    for path, tree in _modules():
        if any(f"{name}.".startswith(f"{package}.") for name in _imports(tree)):
            assert path.startswith(DOORS[package]), f"{path} opens the door of {package}"


def test_the_clock_and_the_environment_have_one_reader() -> None:
    """Time is passed in; settings come from one module."""
    for path, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and (called := ast.unparse(node)) in CALLS:
                assert path in CALLS[called], f"{path} uses {called}"


def test_broad_excepts_stand_in_two_places() -> None:
    """Only the pipeline and delivery may catch everything."""
    allowed = {"bot/pipeline.py", "bot/delivery.py"}
    broad = {
        path
        for path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type and ast.unparse(node.type) == "Exception"
    }
    assert broad <= allowed
