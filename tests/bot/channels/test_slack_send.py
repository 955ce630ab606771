"""Letters to Slack over real HTTP: suggested once, paced, put off when told to, never sent twice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bell import Bell
from bot.channels.slack.send import SlackSender
from bot.delivery import Delivery
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import outbox
from storage.database import Database
from tests.bot.channels.fake_slack import FakeSlack, fake_slack
from tests.kit import NOON

REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)
THREAD = {"channel": "D1", "thread": "1.1"}
Act = Callable[[FakeSlack, Delivery], Awaitable[None]]


def _run(database: Database, act: Act, after: timedelta = timedelta()) -> FakeSlack:
    async def run() -> FakeSlack:
        async with fake_slack() as slack:
            sender = SlackSender(AsyncWebClient(token="xoxb-test", base_url=slack.url), load_wording())
            await act(slack, Delivery(database, {"slack": sender}, lambda: NOON + after, "w", Bell(database)))
            return slack

    return asyncio.run(run())


def _put(database: Database, key: str, address: dict[str, str], reply: Reply = REPLY) -> None:
    with database.begin() as connection:
        outbox.put(connection, database, key, "slack", address, reply, NOON)


async def _once(slack: FakeSlack, delivery: Delivery) -> None:
    await delivery.once("slack")


def test_an_assistant_thread_begins_with_suggestions(database: Database) -> None:
    """The pane that was opened gets four questions to press and the greeting, in its thread."""
    _put(database, "a", THREAD | {"assistant": "U1"})
    slack = _run(database, _once)
    suggested = slack.called("assistant.threads.setSuggestedPrompts")[0]
    assert (suggested["channel_id"], suggested["thread_ts"]) == ("D1", "1.1")
    assert [set(prompt) for prompt in suggested["prompts"]] == [{"title", "message"}] * 4
    assert [post["thread_ts"] for post in slack.posted] == ["1.1"]


def test_a_workspace_without_assistants_still_greets(database: Database) -> None:
    """A refusal of the suggestions costs the suggestions only."""

    async def refused(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["assistant.threads.setSuggestedPrompts"].append("unknown_method")
        await delivery.once("slack")

    _put(database, "a", THREAD | {"assistant": "U1"})
    assert len(_run(database, refused).posted) == 1


@pytest.mark.parametrize("address", [THREAD, {"channel": "D1"}])
def test_what_was_sent_before_a_crash_is_not_sent_again(database: Database, address: dict[str, str]) -> None:
    """A process that died between sending and marking leaves a lapsed lease; the next one looks first."""

    async def die_and_recover(slack: FakeSlack, delivery: Delivery) -> None:
        letter = outbox.claim(database, "slack", "died", NOON - outbox.LEASE * 2, 1)[0]
        await delivery.senders["slack"].send(letter)
        assert await delivery.once("slack") == 1

    with database.begin() as connection:
        outbox.put(connection, database, "a", "slack", address, REPLY, NOON - outbox.LEASE * 3)
    slack = _run(database, die_and_recover)
    assert len(slack.posted) == 1
    assert outbox.overdue(database, NOON + timedelta(days=1), ["slack"]) == 0


def test_only_the_pages_that_are_missing_are_sent(database: Database) -> None:
    """A long reply that broke off after its first page goes on with the second."""

    async def break_off(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"] = []
        letter = outbox.claim(database, "slack", "died", NOON - outbox.LEASE * 2, 1)[0]
        await delivery.senders["slack"].send(letter)
        del slack.posted[1:]
        await delivery.once("slack")

    long = Reply(tuple(Paragraph((Text(f"{n}"),)) for n in range(60)), Lang.JA)
    with database.begin() as connection:
        outbox.put(connection, database, "a", "slack", THREAD, long, NOON - outbox.LEASE * 3)
    slack = _run(database, break_off)
    assert [post["metadata"]["event_payload"]["page"] for post in slack.posted] == [0, 1]


def test_send_429_quiets_the_channel_and_no_other(database: Database) -> None:
    """The letters behind the one that was refused wait with it; another channel does not."""

    async def too_many(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"].append(429)
        await delivery.once("slack")
        await delivery.once("slack")

    for key in ("a", "b"):
        _put(database, key, {"channel": "C1"})
    _run(database, too_many)
    _put(database, "c", {"channel": "C2"})
    soon = _run(database, _once, timedelta(seconds=29))
    assert [post["channel"] for post in soon.posted] == ["C2"]
    later = _run(database, _once, timedelta(seconds=31))
    assert [post["channel"] for post in later.posted] == ["C1"]
