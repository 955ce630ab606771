"""Brings a database to the newest shape, by Alembic, and tells whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from storage.database import Database, DatabaseDown

SCRIPTS = Path(__file__).parent / "migrations"


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = database.engine
    return config


def migrate(database: Database, revision: str = "head") -> None:
    """Moves the database up to a revision, the newest by default; raises DatabaseDown when somebody holds a table."""
    try:
        command.upgrade(_config(database), revision)
    except OperationalError as fault:
        raise DatabaseDown(str(fault.orig)) from fault


def retreat(database: Database, revision: str = "base") -> None:
    """Moves the database down to a revision."""
    command.downgrade(_config(database), revision)


def is_current(database: Database) -> bool:
    """Whether the database has the newest shape."""
    newest = ScriptDirectory.from_config(_config(database)).get_current_head()
    with database.look() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
