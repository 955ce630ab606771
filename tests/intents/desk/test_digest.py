"""The morning's letters over two weeks: working days only, once a day and person, nothing when there is nothing."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from bot.plain_text import plain_text
from intents.desk import cases, staff
from intents.desk.case_records import CaseKind
from storage.codec import unpack_reply
from storage.database import Database
from storage.tables import outbox
from tests.intents.desk.case_world import (
    DAY,
    HOUR,
    LETTERS,
    MORI,
    SATO,
    WORDING,
    act,
    ask,
    at,
    letters,
    staffed,
    tick,
)

DIGEST = "digest:"
# The 20th is a Friday, the 23rd a Monday and a holiday.
FRIDAY, TUESDAY = at(20, 9), at(24, 9)


def _days(database: Database, name: str) -> list[str]:
    """The days on which somebody got a letter."""
    with database.look() as connection:
        keys = connection.scalars(
            select(outbox.c.key).where(outbox.c.key.contains(DIGEST)).order_by(outbox.c.id)
        )
        return [key.split(":")[1] for key in keys if key.split(":")[2] == name]


def _text(database: Database, name: str) -> str:
    """What the newest letter to somebody says."""
    with database.look() as connection:
        mine = select(outbox.c.body).where(outbox.c.key.contains(f":{name}:")).order_by(outbox.c.id.desc())
        return plain_text(unpack_reply(connection.scalars(mine).first()), WORDING)


def _taken(database: Database, now: datetime) -> str:
    number = ask(database, CaseKind.HANDOVER, now=now)
    act(database, lambda opened: cases.take(opened, SATO, number), now=now)
    return number


def test_two_weeks(database: Database) -> None:
    """Each working day once, whoever ticks how often; no weekend, no holiday, not before opening."""
    staffed(database)
    _taken(database, at(19, 16))
    for day, hour in product(range(14), (7, 9, 9, 10, 13)):
        tick(database, at(20, 0) + day * DAY + hour * HOUR)
    worked = [20, 24, 25, 26, 27, 30]
    assert _days(database, "sato") == [f"2026-11-{day}" for day in worked] + [
        f"2026-12-0{day}" for day in (1, 2, 3)
    ]
    assert _days(database, "endo") == []


@pytest.mark.parametrize(("moment", "written"), [(-1, 0), (0, 1), (2 * 60, 1), (3 * 60, 0)])
def test_only_in_the_morning(sqlite_database: Database, moment: int, written: int) -> None:
    """From opening on; after a standstill still, but not in the afternoon."""
    staffed(sqlite_database)
    _taken(sqlite_database, at(19, 16))
    tick(sqlite_database, FRIDAY + timedelta(minutes=moment))
    assert len(_days(sqlite_database, "sato")) == written


def test_one_way_each(sqlite_database: Database) -> None:
    """Who has Slack is written to there, else by mail; who may only read, not at all."""
    staffed(sqlite_database)
    ask(sqlite_database, now=at(19, 16))
    tick(sqlite_database, FRIDAY)
    found = sorted(letters(sqlite_database, DIGEST))
    assert found == [("mail", "kato@office.example"), ("slack", "U1"), ("slack", "U2"), ("slack", "U5")]


def test_nothing_to_say(sqlite_database: Database) -> None:
    """No case, no letter; and what came in since opening is no news of the night."""
    staffed(sqlite_database)
    tick(sqlite_database, FRIDAY)
    ask(sqlite_database, now=FRIDAY + timedelta(minutes=5))
    tick(sqlite_database, FRIDAY + HOUR)
    assert letters(sqlite_database, DIGEST) == []


def test_what_it_says(sqlite_database: Database) -> None:
    """How many, which are late, whom one meets today."""
    staffed(sqlite_database)
    ask(sqlite_database, now=at(19, 16))
    number = _taken(sqlite_database, at(19, 16))
    met = _taken(sqlite_database, at(19, 16))
    act(sqlite_database, lambda opened: cases.appoint(opened, LETTERS, SATO, met, at(24, 14)), now=at(20, 10))
    tick(sqlite_database, TUESDAY)
    text = _text(sqlite_database, "sato")
    assert "11月24日" in text
    assert "あなたの件: 2件" in text
    assert "担当のいない件: 1件" in text
    late, meetings = text.split("きょうの面談")
    assert number in late.partition("期限を過ぎた件")[2]
    assert met in meetings
    assert "14:00" in meetings


def test_another_desk_s_cases_are_not_mine(sqlite_database: Database) -> None:
    """Unowned cases are told to those of their desk."""
    staffed(sqlite_database)
    number = ask(sqlite_database, now=at(19, 16))
    act(sqlite_database, lambda opened: cases.reroute(opened, SATO, number, "forest"), now=at(19, 16))
    tick(sqlite_database, FRIDAY)
    assert letters(sqlite_database, DIGEST) == [("slack", MORI.slack.rpartition(":")[2])]


def test_who_left_gets_none(sqlite_database: Database) -> None:
    """Their name stays on their cases; their letters end."""
    staffed(sqlite_database)
    _taken(sqlite_database, at(19, 16))
    act(sqlite_database, lambda opened: staff.remove(opened, "sato"))
    tick(sqlite_database, FRIDAY + DAY * 4)
    assert _days(sqlite_database, "sato") == []
