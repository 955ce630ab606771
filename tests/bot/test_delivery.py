"""Delivery on both engines: waits as long as it was asked to, parks what can never go, blocks nobody."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot import metrics
from bot.bell import Bell
from bot.delivery import LONGEST_WAIT, TRIES, Delivery, Hopeless, Later
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import outbox
from storage.database import Database
from storage.lost_letters import GONE
from storage.outbox import Letter
from storage.tables import outbox as table
from tests.kit import NOON

REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)


@dataclass
class Recorder:
    """A channel that keeps what it was sent and fails as it is told to, once per fault."""

    faults: list[Exception] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    pace: timedelta = timedelta()

    async def send(self, letter: Letter) -> str:
        """Fails while there are faults left, then takes the letter."""
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(letter.key)
        return "ref"


def _put(database: Database, *keys: str) -> None:
    for key in keys:
        with database.begin() as connection:
            outbox.put(connection, database, key, "slack", {"channel": "C1"}, REPLY, NOON)


def _deliver(database: Database, sender: Recorder, after: timedelta = timedelta()) -> int:
    delivery = Delivery(database, {"slack": sender}, lambda: NOON + after, "w", Bell(database))
    return asyncio.run(_all(delivery))


async def _all(delivery: Delivery) -> int:
    count = 0
    while sent := await delivery.once("slack"):
        count += sent
    return count


def test_letters_of_one_place_keep_their_order(database: Database) -> None:
    """First put, first sent; sent once."""
    _put(database, "a", "b", "c", "a")
    sender = Recorder()
    assert _deliver(database, sender) == 3
    assert _deliver(database, sender) == 0
    assert sender.sent == ["a", "b", "c"]


def test_send_429_waits_as_long_as_it_was_asked_to(database: Database) -> None:
    """Not a second earlier, and nothing is dropped."""
    _put(database, "a")
    sender = Recorder([Later(30)])
    _deliver(database, sender)
    assert _deliver(database, sender, timedelta(seconds=29)) == 0
    assert _deliver(database, sender, timedelta(seconds=30)) == 1
    assert sender.sent == ["a"]


def test_poison_message_is_parked_and_the_rest_moves(database: Database) -> None:
    """What can never be delivered does not hold what stands behind it."""
    _put(database, "poison", "fine")
    sender = Recorder([Hopeless("channel_not_found")])
    _deliver(database, sender)
    assert sender.sent == ["fine"]
    assert _deliver(database, sender, timedelta(days=1)) == 0


def test_an_unknown_fault_is_tried_again_later(database: Database) -> None:
    """A bug in a sender costs time, not the letter."""
    _put(database, "a")
    sender = Recorder([ZeroDivisionError("bug")])
    _deliver(database, sender)
    assert _deliver(database, sender) == 0
    _deliver(database, sender, timedelta(seconds=3))
    assert sender.sent == ["a"]


def test_poison_message_is_parked_after_so_many_tries_with_an_alert(database: Database) -> None:
    """What breaks the sender each time is tried less and less often, then told to staff; the rest has long left."""
    _put(database, "poison", "fine")
    moment, tries = NOON, 0

    class Allergic(Recorder):
        async def send(self, letter: Letter) -> str:
            if letter.key == "poison":
                raise ZeroDivisionError("bug")
            return await super().send(letter)

    sender, before = Allergic(), _parked()
    with capture_logs() as logs:
        for _ in range(3 * TRIES):
            tries += _deliver(database, sender, moment - NOON)
            moment += LONGEST_WAIT
    assert (sender.sent, tries, _parked() - before) == (["fine"], TRIES + 1, 1)
    assert [line["key"] for line in logs if line["event"] == "letter_parked"] == ["poison"]
    (parked,) = outbox.parked(database)
    assert (parked.key, parked.failures, parked.last_error) == (
        "poison",
        TRIES - 1,
        "ZeroDivisionError('bug')",
    )


def _parked() -> float:
    return float(metrics.parked.labels("slack")._value.get())


# ------------------------------------------------ a process that is held up


class Careless(Delivery):
    """The guard taken out: a letter is sent however long ago it was claimed."""

    def _in_time(self, claimed: datetime) -> bool:
        return bool(claimed)


def _held_up(database: Database, kind: type[Delivery]) -> list[str]:
    """What leaves when a process stands still between claiming and sending, and another takes over meanwhile."""
    _put(database, "a")
    sender, moment = Recorder(), [NOON]

    class Standstill(kind):  # type: ignore[valid-type,misc]
        """Goes on when the lease has lapsed and the other has sent the letter."""

        def _in_time(self, claimed: datetime) -> bool:
            moment[0] = NOON + outbox.LEASE * 2
            with ThreadPoolExecutor(1) as other:
                other.submit(_deliver, database, sender, outbox.LEASE * 2).result()
            return bool(super()._in_time(claimed))

    slow = Standstill(database, {"slack": sender}, lambda: moment[0], "slow", Bell(database))
    asyncio.run(slow.once("slack"))
    return sender.sent


def test_who_was_held_up_sends_nothing_that_another_has(database: Database) -> None:
    """A machine that slept, a commit that was heard late: the letter is somebody else's by now."""
    assert _held_up(database, Delivery) == ["a"]


def test_who_was_held_up_without_the_guard_sends_it_twice(database: Database) -> None:
    """The twin: looking does not help, as the first one thinks that it is the first."""
    assert _held_up(database, Careless) == ["a", "a"]


# ------------------------------------------------ further ways


def _put_with_mail(database: Database, key: str = "n:1") -> None:
    mail = outbox.Way("mail", {"mail": "p1@example.jp"})
    whole = (f"{key}:slack", "slack", {"channel": "C1"}, REPLY, NOON, NOON)
    with database.begin() as connection:
        outbox.put(connection, database, *whole, otherwise=[mail])


def _standing(database: Database) -> dict[str, str]:
    with database.look() as connection:
        return {row.key: row.state for row in connection.execute(select(table.c.key, table.c.state))}


PARKED, WAITS = {"n:1:slack": "parked", "n:1:mail": "due"}, {"n:1:slack": "due"}


def test_what_one_channel_refuses_takes_its_further_way(database: Database) -> None:
    """It says why, and whether its recipient is there no more; nobody is alarmed, as nothing is lost."""
    _put_with_mail(database)
    with capture_logs() as logs:
        _deliver(database, Recorder([Hopeless("user_disabled", GONE)]))
    assert _standing(database) == PARKED
    assert [(line["event"], line.get("to")) for line in logs] == [("letter_passed_on", "mail")]
    assert [one.last_error for one in outbox.parked(database)] == ["gone: user_disabled"]


def test_what_fails_each_time_takes_its_further_way(database: Database) -> None:
    """After as many tries as it would have been parked."""
    _put_with_mail(database)
    sender = Recorder([ZeroDivisionError("bug")] * TRIES)
    for n in range(TRIES):
        assert _standing(database) == WAITS
        _deliver(database, sender, n * LONGEST_WAIT)
    assert _standing(database) == PARKED


@pytest.mark.parametrize(("waits", "found"), [(400, PARKED), (60, WAITS)])
def test_a_channel_that_is_away_for_long_loses_the_letter(
    database: Database, waits: int, found: dict[str, str]
) -> None:
    """Being away is no fault of the letter, but an hour is enough where there is another way; ten minutes are not."""
    _put_with_mail(database)
    sender = Recorder([Later(waits)] * 100)
    for n in range(TRIES + 3):
        _deliver(database, sender, timedelta(seconds=n * waits))
    assert _standing(database) == found


def test_a_letter_without_another_way_waits_for_its_channel(database: Database) -> None:
    """The twin: a day away, and it is still there."""
    _put(database, "a")
    for n in range(24):
        _deliver(database, Recorder([Later(60)]), timedelta(hours=n))
    assert _standing(database) == {"a": "due"}


# ------------------------------------------------ pace


def _paced(database: Database, pace: timedelta, seconds: int = 15) -> list[tuple[str, float]]:
    """Two processes deliver at once by a clock that ticks each quarter of a second; after a while, each second."""
    moment = [NOON]
    left: list[tuple[str, float]] = []

    class Timed(Recorder):
        async def send(self, letter: Letter) -> str:
            left.append((letter.key, (moment[0] - NOON).total_seconds()))
            return await super().send(letter)

    async def deliver() -> None:
        twins = [
            Delivery(database, {"slack": Timed(pace=pace)}, lambda: moment[0], name, Bell(database))
            for name in ("one", "two")
        ]
        for tick in (*(n / 4 for n in range(60)), *range(15, seconds)):
            moment[0] = NOON + timedelta(seconds=tick)
            await asyncio.gather(*(twin.once("slack") for twin in twins))

    asyncio.run(deliver())
    return left


def test_pace_slack_is_one_a_second_and_in_order(database: Database) -> None:
    """Three hundred, never two to a channel within a second, whichever process sends; order kept."""
    keys = [f"{n:03d}" for n in range(300)]
    _put(database, *keys)
    left = _paced(database, timedelta(seconds=1), len(keys))
    assert [key for key, _ in left] == keys
    assert all(later - sooner >= 1 for (_, sooner), (_, later) in pairwise(left))


def test_pace_slack_without_the_guard_shows_the_fault(database: Database) -> None:
    """The twin: with no pace the same letters leave faster than Slack takes them."""
    _put(database, *(f"{n:02d}" for n in range(12)))
    left = _paced(database, timedelta())
    assert any(later - sooner < 1 for (_, sooner), (_, later) in pairwise(left))
