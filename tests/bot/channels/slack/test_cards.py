"""Cards over real HTTP: posted once, changed in place, posted anew where deleted, and what stands below them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bell import Bell
from bot.channels.slack.send import SlackSender
from bot.delivery import TRIES, Delivery
from intents.messages import Choice, Choices, Heading, Paragraph, Reply, Text
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import outbox
from storage.cases import StoredCases
from storage.database import Database
from tests.bot.channels.fake_slack import FakeSlack, fake_slack
from tests.kit import NOON

SUBJECT, ROOM = "case:K-00001", {"channel": "C1"}
SECOND = timedelta(seconds=1)
Act = Callable[[FakeSlack, Delivery], Awaitable[None]]


class Room:
    """A room of Slack, its outbox, and a clock that the test moves on."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOON

    def card(self, version: int) -> None:
        """A newer card is put."""
        body = Reply((Heading(f"版{version}"), Choices("", (Choice("押す", "t"),))), Lang.JA)
        self._put(f"{SUBJECT}:card:{version}:C1", ROOM | {"card": SUBJECT}, body, SUBJECT)

    def note(self, text: str) -> None:
        """Something below the card is put."""
        body = Reply((Paragraph((Text(text),)),), Lang.JA)
        self._put(f"{SUBJECT}:note:{text}", ROOM | {"under": SUBJECT}, body, None)

    def _put(self, key: str, address: dict[str, str], body: Reply, subject: str | None) -> None:
        with self.database.begin() as connection:
            outbox.put(
                connection, self.database, key, "slack", address, body, self.now, self.now, subject=subject
            )

    def run(self, act: Act) -> FakeSlack:
        """Delivers as the test says."""

        async def run() -> FakeSlack:
            async with fake_slack() as slack:
                sender = SlackSender(AsyncWebClient(token="xoxb-test", base_url=slack.url), load_wording())
                delivery = Delivery(
                    self.database, {"slack": sender}, lambda: self.now, "w", Bell(self.database)
                )
                await act(slack, delivery)
                return slack

        return asyncio.run(run())

    async def deliver(self, delivery: Delivery) -> None:
        """Everything that is due, a second apart."""
        while await delivery.once("slack"):
            self.now += SECOND


@pytest.fixture
def room(database: Database) -> Room:
    """A room on each engine."""
    return Room(database)


@pytest.fixture
def quick(sqlite_database: Database) -> Room:
    """A room where the engine does not matter."""
    return Room(sqlite_database)


def _heads(slack: FakeSlack) -> list[str]:
    return [post["text"].partition("\n")[0] for post in slack.posted]


def test_a_card_is_changed_where_it_stands(room: Room) -> None:
    """One message, however often the case changes; its name leads back to the case."""

    async def act(_: FakeSlack, delivery: Delivery) -> None:
        for version in (1, 2, 3):
            room.card(version)
            await room.deliver(delivery)

    slack = room.run(act)
    assert _heads(slack) == ["版3"]
    assert len(slack.called("chat.update")) == 2
    with room.database.look() as connection:
        cases = StoredCases(connection, room.database, NOON, "x")
        assert (cases.card("slack:C1:1.0"), cases.card("slack:C2:1.0")) == ("K-00001", "")


def test_only_the_newest_card_leaves(room: Room) -> None:
    """What changed three times while Slack was away is shown once."""

    async def act(_: FakeSlack, delivery: Delivery) -> None:
        for version in (1, 2, 3):
            room.card(version)
        await room.deliver(delivery)

    slack = room.run(act)
    assert _heads(slack) == ["版3"]
    assert len(slack.calls) == 1


def test_channel_down_catches_up(quick: Room) -> None:
    """However long Slack refuses everything, nothing is parked; then the newest card comes, and the notes below it."""

    async def act(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"] = [503] * (2 * TRIES)
        slack.faults["conversations.history"] = [503] * (2 * TRIES)
        for version in range(1, 2 * TRIES + 1):
            quick.card(version)
            if version == 2:
                quick.note("はじめの書き込み")
            await delivery.once("slack")
            quick.now += timedelta(minutes=2)
        slack.faults.clear()
        quick.now += timedelta(minutes=2)
        await quick.deliver(delivery)

    slack = quick.run(act)
    assert outbox.parked(quick.database) == ()
    assert _heads(slack) == [f"版{2 * TRIES}", "はじめの書き込み"]
    assert [post.get("thread_ts") for post in slack.posted] == [None, slack.posted[0]["ts"]]


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message"])
def test_a_deleted_card_is_posted_anew(quick: Room, error: str) -> None:
    """The next change brings it back, and what follows stands below the new one."""

    async def act(slack: FakeSlack, delivery: Delivery) -> None:
        quick.card(1)
        await quick.deliver(delivery)
        slack.posted.clear()
        slack.faults["chat.update"] = [error]
        quick.card(2)
        quick.note("続き")
        await quick.deliver(delivery)

    slack = quick.run(act)
    assert _heads(slack) == ["版2", "続き"]
    assert slack.posted[1]["thread_ts"] == slack.posted[0]["ts"] != "1.0"


def test_a_card_sent_before_a_crash_is_not_sent_again(room: Room) -> None:
    """It died between sending and marking: the next one looks, and finds the card by what it shows."""

    async def act(_: FakeSlack, delivery: Delivery) -> None:
        room.now = NOON - outbox.LEASE * 3
        room.card(1)
        letter = outbox.claim(room.database, "slack", "died", room.now, 1)[0]
        await delivery.senders["slack"].send(letter)
        room.now = NOON
        await room.deliver(delivery)
        room.card(2)
        await room.deliver(delivery)

    assert _heads(room.run(act)) == ["版2"]


def test_a_card_that_arrived_unheard_is_not_sent_again(quick: Room) -> None:
    """Slack took it and did not answer; meanwhile a newer one took its place: the same message shows that."""

    async def act(slack: FakeSlack, delivery: Delivery) -> None:
        quick.card(1)
        letter = outbox.claim(quick.database, "slack", "w", quick.now, 1)[0]
        await delivery.senders["slack"].send(letter)
        outbox.later(quick.database, letter.id, "w", quick.now + timedelta(seconds=5), "timeout")
        quick.card(2)
        quick.now += timedelta(seconds=5)
        await quick.deliver(delivery)

    assert _heads(quick.run(act)) == ["版2"]


def test_notes_wait_for_their_card(room: Room) -> None:
    """A card that is put off for its own fault is not overtaken by what stands below it."""

    async def act(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"] = ["msg_too_long"]
        room.card(1)
        room.note("下")
        await delivery.once("slack")
        assert await delivery.once("slack") == 0
        room.now += timedelta(seconds=5)
        await room.deliver(delivery)

    assert _heads(room.run(act)) == ["版1", "下"]


def test_notes_of_a_card_that_never_comes_are_not_lost(room: Room) -> None:
    """Slack will never take the card: what would stand below it goes into the channel."""

    async def act(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"] = ["invalid_blocks"]
        room.card(1)
        room.note("下")
        await room.deliver(delivery)

    slack = room.run(act)
    assert [(post["text"], post.get("thread_ts")) for post in slack.posted] == [("下", None)]


def test_cards_of_other_rooms_are_not_taken_for_this_one(room: Room) -> None:
    """A case that is shown in two rooms has a card in each."""

    async def act(_: FakeSlack, delivery: Delivery) -> None:
        room.card(1)
        room._put("other", {"channel": "C2", "card": SUBJECT}, Reply((Heading("隣"),), Lang.JA), SUBJECT)
        await room.deliver(delivery)
        room.card(2)
        await room.deliver(delivery)

    assert _heads(room.run(act)) == ["版2", "隣"]


def test_a_room_hears_one_message_a_second(quick: Room) -> None:
    """Changes of cards count as well; what one person alone sees does not wait for them."""

    async def act(slack: FakeSlack, delivery: Delivery) -> None:
        quick.card(1)
        assert await delivery.once("slack") == 1
        quick.card(2)
        alone = ROOM | {"user": "U1", "only": "user"}
        quick._put("alone", alone, Reply((Paragraph((Text("あなただけ"),)),), Lang.JA), None)
        assert await delivery.once("slack") == 1
        assert slack.called("chat.postEphemeral")[0]["user"] == "U1"
        quick.now += SECOND
        assert await delivery.once("slack") == 1

    quick.run(act)


def test_who_cannot_be_whispered_to_is_written_to(quick: Room) -> None:
    """Somebody who left the room meanwhile still learns what came of it."""

    async def act(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postEphemeral"] = ["user_not_in_channel"]
        alone = ROOM | {"user": "U1", "only": "user"}
        quick._put("alone", alone, Reply((Paragraph((Text("あなただけ"),)),), Lang.JA), None)
        await quick.deliver(delivery)

    assert [post["channel"] for post in quick.run(act).posted] == ["D1"]


def test_a_card_announces_itself_in_short(quick: Room) -> None:
    """The text of the notification has no numbers to answer with: a card is pressed."""

    async def act(_: FakeSlack, delivery: Delivery) -> None:
        quick.card(1)
        await quick.deliver(delivery)

    assert quick.run(act).posted[0]["text"] == "版1"
