"""Signs of life on both engines: one row a name, and the newest stays."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, Table, insert
from sqlalchemy.exc import IntegrityError

from storage import heartbeats
from storage.database import Database
from tests.kit import NOON

SECOND = timedelta(seconds=1)


def test_the_newest_sign_is_kept(database: Database) -> None:
    """Each name has its own; one that comes late does not take the place of a newer one."""
    assert heartbeats.last(database) == {}
    for at in (0, 2, 1):
        heartbeats.beat(database, "scheduler", NOON + at * SECOND)
    heartbeats.beat(database, "other", NOON)
    assert heartbeats.last(database) == {"scheduler": NOON + 2 * SECOND, "other": NOON}


def test_many_processes_beat_at_once(database: Database) -> None:
    """The first beat of all is no fault, and the newest stays, whoever is quicker."""
    start = threading.Barrier(4)

    def run(at: int) -> None:
        start.wait()
        heartbeats.beat(database, "scheduler", NOON + at * SECOND)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert heartbeats.last(database) == {"scheduler": NOON + 3 * SECOND}


class Unguarded(Database):
    """The guard taken out: a row that is there already is no reason not to write it."""

    def insert_new(self, table: Table, rows: Sequence[dict[str, Any]]) -> Executable:
        """A plain INSERT."""
        return insert(table).values(list(rows))


def test_many_processes_beat_at_once_without_the_guard(database: Database) -> None:
    """The twin: whoever comes second breaks."""
    bare = Unguarded(database.engine.url.render_as_string(hide_password=False))
    heartbeats.beat(bare, "scheduler", NOON)
    with pytest.raises(IntegrityError):
        heartbeats.beat(bare, "scheduler", NOON + SECOND)
    bare.close()
