"""Delivery on both engines: waits as long as it was asked to, parks what can never go, blocks nobody."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from bot.bell import Bell
from bot.delivery import Delivery, Hopeless, Later
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import outbox
from storage.database import Database
from storage.outbox import Letter
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


def _paced(database: Database, pace: timedelta) -> list[tuple[str, float]]:
    """Two processes deliver in turn by a clock that ticks each quarter of a second."""
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
        for tick in range(60):
            moment[0] = NOON + timedelta(seconds=tick / 4)
            await asyncio.gather(*(twin.once("slack") for twin in twins))

    asyncio.run(deliver())
    return left


def test_pace_slack_is_one_a_second_and_in_order(database: Database) -> None:
    """Never two letters to a channel within a second, whichever process sends; order kept."""
    keys = [f"{n:02d}" for n in range(12)]
    _put(database, *keys)
    left = _paced(database, timedelta(seconds=1))
    assert [key for key, _ in left] == keys
    assert all(later - sooner >= 1 for (_, sooner), (_, later) in pairwise(left))


def test_pace_slack_without_the_guard_shows_the_fault(database: Database) -> None:
    """The twin: with no pace the same letters leave faster than Slack takes them."""
    _put(database, *(f"{n:02d}" for n in range(12)))
    left = _paced(database, timedelta())
    assert any(later - sooner < 1 for (_, sooner), (_, later) in pairwise(left))
