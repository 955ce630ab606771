"""Schedulers over simulated days on both engines: each thing once however many look, and nothing missed after a stop."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.clock import TOKYO
from intents.desk.seats import SeatState
from storage.database import Database
from storage.tables import outbox
from tests.bot.days import DAY, Done, Unguarded, ask, done, live, moments, month, sign_up, tick

FIRST = datetime(2026, 11, 24, 8, 0, tzinfo=TOKYO)
DAYS = 30


@contextmanager
def _opened(database: Database, kind: type[Database]) -> Iterator[Database]:
    """The same database as another process sees it."""
    other = kind(database.engine.url.render_as_string(hide_password=False))
    yield other
    other.close()


@pytest.fixture
def alone(tmp_path: Path, migrated_file: Path) -> Iterator[Done]:
    """What one scheduler does in those days."""
    copyfile(migrated_file, tmp_path / "alone.sqlite3")
    database = Database(f"sqlite:///{tmp_path}/alone.sqlite3")
    month(FIRST)(database)
    live([database], FIRST, DAYS)
    yield done(database)
    database.close()


def test_scheduler_twice_does_each_thing_once(alone: Done, database: Database) -> None:
    """Thirty days: two do together what one does alone, letter by letter and line by line."""
    month(FIRST)(database)
    with _opened(database, Database) as other:
        live([database, database if database.embedded else other], FIRST, DAYS)
    assert set(alone.letters.values()) == {1}
    assert len(alone.letters) > 60
    assert done(database) == alone


def test_scheduler_twice_without_the_guards_does_things_twice(
    alone: Done, postgres_database: Database
) -> None:
    """The twin: with nothing held and no key, the same letters leave twice."""
    month(FIRST)(postgres_database)
    with _opened(postgres_database, Unguarded) as one, _opened(postgres_database, Unguarded) as other:
        for moment in moments(FIRST, DAYS):
            # A list of who was asked has a key of its own, and so breaks instead.
            with suppress(IntegrityError):
                tick([one, other], moment)
    found = done(postgres_database)
    assert set(found.letters) == set(alone.letters)
    assert max(found.letters.values()) > 1


# ------------------------------------------------ a scheduler that stood still


def _at(days: int, hour: int = 14) -> datetime:
    return datetime.combine(FIRST.date() + timedelta(days=days), time(hour), TOKYO)


def _letters(database: Database) -> list[str]:
    """What was written to the first person of each seminar, in the order of writing."""
    with database.look() as connection:
        keys = connection.scalars(select(outbox.c.key).order_by(outbox.c.id)).all()
    return [key.removesuffix(":mail") for key in keys]


def test_scheduler_down_across_three_due_times_sends_each_once_and_in_order(database: Database) -> None:
    """Three seminars and a survey came due while it stood still: each is told once, the earliest first."""
    fill = partial(sign_up, database, FIRST, people=1, state=SeatState.CONFIRMED)
    # Two weeks before: on the 2nd, 3rd and 4th day; an hour after its end: on the 1st.
    held = fill(_at(1))
    ask(database, FIRST, held, _at(20))
    for days in (16, 17, 18):
        fill(_at(days))
    tick([database], FIRST)
    before = len(_letters(database))
    with _opened(database, Database) as other:
        for later in (timedelta(), DAY / 24, DAY / 2):
            tick([database, database if database.embedded else other], _at(4, 12) + later)
    assert _letters(database)[before:] == [
        "seminar:2:2:reminder:14d-20261126",
        "seminar:3:3:reminder:14d-20261127",
        "seminar:4:4:reminder:14d-20261128",
        "survey:1:R-00001:survey_asked",
    ]


def test_scheduler_down_across_three_steps_sends_the_last_and_no_other(database: Database) -> None:
    """Two weeks, three days and one day before: the first two are superseded, not sent after all."""
    sign_up(database, FIRST, _at(16), 1, SeatState.CONFIRMED)
    for moment in (_at(15, 12), _at(15, 13), _at(15, 18)):
        tick([database], moment)
    assert _letters(database) == ["seminar:1:1:reminder:1d-20261209"]


def test_scheduler_down_at_no_time_sends_every_step(database: Database) -> None:
    """The twin: a clock that goes on sends each at its time."""
    sign_up(database, FIRST, _at(16), 1, SeatState.CONFIRMED)
    live([database], FIRST, 17)
    assert _letters(database) == [
        f"seminar:1:1:{step}"
        for step in (
            "reminder:14d-20261126",
            "reminder:3d-20261207",
            "reminder:1d-20261209",
            "reminder_today:0d-20261210",
        )
    ]
