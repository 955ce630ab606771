"""Moments in the database: UTC in and out on both engines, and what somebody else wrote there."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import literal, select, text

from storage.database import Database
from storage.tables.base import Moment

TOKYO = timezone(timedelta(hours=9))
MORNING = datetime(2026, 4, 1, 9, tzinfo=TOKYO)


def test_a_moment_comes_back_as_it_was_put_in(database: Database) -> None:
    with database.look() as connection:
        found = connection.scalar(select(literal(MORNING, Moment())))
    assert (found, found and found.utcoffset()) == (MORNING, timedelta())


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with database.look() as connection, pytest.raises(Exception, match="time zone"):
        connection.scalar(select(literal(MORNING.replace(tzinfo=None), Moment())))


def test_a_moment_that_stands_in_a_statement_is_utc(sqlite_database: Database) -> None:
    said = select(literal(MORNING, Moment()))
    words = str(said.compile(sqlite_database.engine, compile_kwargs={"literal_binds": True}))
    assert "2026-04-01 00:00:00" in words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-04-01 00:00:00.000001", datetime(2026, 4, 1, 0, 0, 0, 1, tzinfo=UTC)),
        ("2026-04-01 00:00:00", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-04-01 00:00:00+00:00", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-04-01T00:00:00Z", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-03-31 19:00:00-05:00", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-04-01", datetime(2026, 4, 1, tzinfo=UTC)),
    ],
)
def test_what_was_written_by_hand_is_read(sqlite_database: Database, written: str, meant: datetime) -> None:
    with sqlite_database.look() as connection:
        found = connection.scalar(text("SELECT :at AS at").columns(at=Moment()), {"at": written})
    assert found == meant
    assert found
    assert found.tzinfo
