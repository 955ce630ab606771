"""Letters that reached nobody, on both engines: only when no way is left, with what was wrong on each."""

from collections.abc import Mapping

import pytest
from sqlalchemy import insert

from storage.database import Database
from storage.lost_letters import AT_ONCE, Lost, LostWay, lost_letters, state_of
from storage.tables import outbox
from tests.kit import NOON


def _fill(database: Database, rows: Mapping[str, tuple[str, str]]) -> None:
    """Rows of the outbox by key: state and last error; the channel is the end of the key."""
    with database.begin() as connection:
        connection.execute(
            insert(outbox),
            [
                {
                    "key": key,
                    "channel": key.rpartition(":")[2],
                    "address": {},
                    "body": {},
                    "state": state,
                    "last_error": error or None,
                    "due_at": NOON,
                }
                for key, (state, error) in rows.items()
            ],
        )


def _lost(database: Database, begin: str = "nudge:", limit: int = 50, after: int = 0) -> tuple[Lost, ...]:
    with database.look() as connection:
        return lost_letters(connection, begin, limit, after)


def test_every_way_of_a_lost_letter_is_told(database: Database) -> None:
    """Why each failed, and whether its recipient is there no more."""
    _fill(
        database,
        {
            "nudge:1:slack": ("parked", "gone: user_disabled"),
            "nudge:1:web": ("dropped", ""),
            "nudge:1:mail": ("parked", "bounced: 550 5.1.1 no such user"),
        },
    )
    slack = LostWay("nudge:1:slack", "slack", "gone: user_disabled")
    mail = LostWay("nudge:1:mail", "mail", "bounced: 550 5.1.1 no such user")
    assert _lost(database) == (Lost(3, "nudge:1", (slack, mail)),)
    assert (slack.lost, mail.lost) == ("gone", "bounced")


@pytest.mark.parametrize(
    ("error", "lost"),
    [("552 mailbox full", ""), ("gone", "gone"), ("bouncedx: 1", ""), ("channel_not_found", ""), ("", "")],
)
def test_only_the_words_at_the_beginning_count(database: Database, error: str, lost: str) -> None:
    """A letter that failed otherwise is lost as well; its recipient is not."""
    _fill(database, {"nudge:1:mail": ("parked", error)})
    assert [way.lost for one in _lost(database) for way in one.ways] == [lost]


@pytest.mark.parametrize("state", ["due", "sending", "sent"])
def test_a_way_that_is_alive_saves_the_letter(database: Database, state: str) -> None:
    """Nobody is asked who has taken over while the letter may still arrive."""
    _fill(database, {"nudge:1:slack": ("parked", "gone: user_disabled"), "nudge:1:mail": (state, "")})
    assert _lost(database) == ()


def test_a_letter_that_was_taken_back_is_not_lost(database: Database) -> None:
    """Nothing failed."""
    _fill(database, {"nudge:1:slack": ("dropped", "")})
    assert _lost(database) == ()


def test_only_keys_that_begin_so(database: Database) -> None:
    """Neither others' letters nor what a pattern would let through."""
    parked = ("parked", "550")
    _fill(
        database,
        {"nudge:1:mail": parked, "nudges:1:mail": parked, "case:1:mail": parked, "nud_e:1:mail": parked},
    )
    assert [one.letter for one in _lost(database)] == ["nudge:1"]
    assert [one.letter for one in _lost(database, "nud_e")] == ["nud_e:1"]


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_each_once_when_read_in_parts(database: Database, limit: int) -> None:
    """Also where a part of the table ends between two ways of one letter."""
    parked = ("parked", "550")
    first = {f"nudge:{n}:slack": parked for n in range(AT_ONCE // 2 + 10)}
    second = {key.replace("slack", "mail"): parked for key in first}
    _fill(database, first | second)
    found: list[Lost] = []
    while part := _lost(database, "nudge:", limit, found[-1].id if found else 0):
        assert len(part) <= limit
        found += part
        if limit == 1 and len(found) == 20:
            break
    assert [one.letter for one in found] == [f"nudge:{n}" for n in range(len(found))]
    assert len(found) == (20 if limit == 1 else len(first))
    assert all(len(one.ways) == 2 for one in found)


def test_a_letter_stands_as_the_way_that_came_furthest(database: Database) -> None:
    """For showing whether somebody was told; what was never put has no state."""
    parked = ("parked", "550")
    _fill(
        database,
        {
            "nudge:1:slack": parked,
            "nudge:1:mail": ("sent", ""),
            "nudge:2:slack": parked,
            "nudge:2:mail": ("due", ""),
            "nudge:3:web": ("dropped", ""),
            "nudge:3:mail": parked,
            "nudge:4:web": ("dropped", ""),
            "nudge:5:teams": ("sending", ""),
        },
    )
    letters = [f"nudge:{n}" for n in range(1, 7)]
    with database.look() as connection:
        assert state_of(connection, letters) == {
            "nudge:1": "sent",
            "nudge:2": "due",
            "nudge:3": "parked",
            "nudge:4": "dropped",
            "nudge:5": "sending",
        }
        assert state_of(connection, []) == {}
