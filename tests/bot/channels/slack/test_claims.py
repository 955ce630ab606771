"""Two of staff press take at once: one owns the case, all others read who does."""

from collections.abc import Iterator

import pytest

from storage.database import Database
from tests.bot.channels.slack.claims import STAFF, Unguarded, claims


def test_claim_once(database: Database) -> None:
    """Twenty at once, on both engines: one owner, one line in the audit, nineteen who are told."""
    for found in claims(database, rounds=2):
        assert (len(found.takers), found.told) == (1, STAFF - 1)
        assert found.takers[0] == f"staff:{found.owner}"


@pytest.fixture
def unguarded(postgres_database: Database) -> Iterator[Database]:
    """The same database without the lock on cases."""
    url = postgres_database.engine.url.render_as_string(hide_password=False)
    database = Unguarded(url)
    yield database
    database.close()


def test_claim_once_without_the_lock(unguarded: Database) -> None:
    """The guard taken out: several believe that the case is theirs."""
    assert any(len(found.takers) > 1 for found in claims(unguarded, rounds=4, staff=8))
