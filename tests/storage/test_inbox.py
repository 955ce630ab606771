"""The inbox on both engines: stored once, claimed in order, never by two."""

import threading
from datetime import timedelta

from storage import inbox
from storage.database import Database
from tests.kit import NOON, said


def test_the_same_event_is_stored_once(database: Database) -> None:
    """A second delivery, in the same batch or later, meets the first row."""
    first = inbox.add(database, [said("a", "k1"), said("b", "k2"), said("a", "k1")], "me")
    again = inbox.add(database, [said("a", "k1")], "me")
    assert [row.duplicate for row in first] == [False, False, True]
    assert again == [inbox.Stored(first[0].event, duplicate=True)]


def test_slack_retry_once_in_parallel(database: Database) -> None:
    """Four deliveries at the same moment make one row."""
    found: list[inbox.Stored] = []
    threads = [
        threading.Thread(target=lambda: found.extend(inbox.add(database, [said("a", "same")], "me")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({row.event for row in found}) == 1


def test_a_conversation_is_answered_in_order(database: Database) -> None:
    """The second message waits for the first; another conversation does not."""
    rows = inbox.add(database, [said("1"), said("2"), said("3", conversation="c2")], "me")
    claimed = inbox.claim(database, "w1", NOON, 10)
    assert sorted(claimed) == [rows[0].event, rows[2].event]
    assert inbox.claim(database, "w2", NOON, 10) == []
    assert not inbox.is_its_turn(database, rows[1].event)


def test_a_lapsed_lease_is_taken_over(database: Database) -> None:
    """What a dead worker held is claimed again after its lease."""
    rows = inbox.add(database, [said("1")], "me")
    assert inbox.claim(database, "dead", NOON, 10) == [rows[0].event]
    later = NOON + inbox.LEASE + timedelta(seconds=1)
    assert inbox.claim(database, "alive", later, 10) == [rows[0].event]


def test_many_claimers_never_share_an_event(database: Database) -> None:
    """Eight workers take two hundred events, each event once."""
    inbox.add(database, [said(str(n), conversation=f"c{n}") for n in range(200)], "me")
    taken: list[int] = []

    def work(name: str) -> None:
        while batch := inbox.claim(database, name, NOON, 7):
            taken.extend(batch)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while batch := inbox.claim(database, "last", NOON, 50):
        taken.extend(batch)
    assert len(taken) == len(set(taken)) == 200
