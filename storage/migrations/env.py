"""Alembic's entry: runs the migrations on the engine that it is handed."""

from alembic import context
from sqlalchemy import Connection

from storage.tables import metadata


def _check_links(connection: Connection, on_sqlite: bool) -> None:
    """Raises ValueError when a row points nowhere: what SQLite does not watch meanwhile is looked at in the end."""
    lost = connection.exec_driver_sql("pragma foreign_key_check").all() if on_sqlite else ()
    if lost:
        raise ValueError(f"rows that point nowhere: {lost[:5]}")


# Whoever reads a table just now is waited for, longer than by any turn.
PATIENCE = "SET LOCAL lock_timeout = '30s'"

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    on_sqlite = engine.dialect.name == "sqlite"
    raw = connection.connection.driver_connection
    if on_sqlite:
        # A table is changed by building it anew; rows that point at the old one would forbid to drop it. The pragma
        # does nothing within a transaction, so it comes before the first statement.
        raw.execute("pragma foreign_keys=off")
    try:
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE" if on_sqlite else PATIENCE)
            context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
            context.run_migrations()
            _check_links(connection, on_sqlite)
    finally:
        if on_sqlite:
            raw.execute("pragma foreign_keys=on")
