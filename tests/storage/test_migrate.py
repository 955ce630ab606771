"""Migrations: the migrated shape is the declared one, down and up loses nothing that it should keep."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.database import Database
from storage.migrate import is_current, migrate, retreat
from storage.tables import metadata


def test_the_migrated_shape_is_the_declared_one(database: Database) -> None:
    """Nobody changed a table and forgot its migration."""
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_down_and_up_again(database: Database) -> None:
    """Each step can be taken back."""
    retreat(database)
    assert not is_current(database)
    migrate(database)
    assert is_current(database)
