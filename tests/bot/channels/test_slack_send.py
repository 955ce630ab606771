"""Letters to Slack over real HTTP: suggested once, paced, put off when told to, never sent twice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select, update

from bot.bell import Bell
from bot.channels.slack.send import SlackSender
from bot.delivery import Delivery
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import outbox
from storage.database import Database
from storage.tables import outbox as outbox_table
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


def test_send_429_holds_letters_that_come_later(database: Database) -> None:
    """A letter put while its channel is told to wait does not overtake."""

    async def told(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"].append(429)
        await delivery.once("slack")

    _put(database, "a", {"channel": "C1"})
    _run(database, told)
    _put(database, "b", {"channel": "C1"})
    assert _run(database, _once, timedelta(seconds=29)).posted == []


def test_send_429_costs_no_try(database: Database) -> None:
    """However often a channel asks to wait, the first real fault is the first."""

    async def told(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"] = [429]
        await delivery.once("slack")

    async def breaks(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"] = ["fatal_error"]
        await delivery.once("slack")

    _put(database, "a", {"channel": "C1"})
    for n in range(10):
        _run(database, told, timedelta(seconds=31 * n))
    _run(database, breaks, timedelta(seconds=31 * 10))
    assert outbox.parked(database) == ()
    assert len(_run(database, _once, timedelta(seconds=400)).posted) == 1


@pytest.mark.parametrize("status", [429, 500])
def test_a_response_url_that_refuses_is_tried_again(database: Database, status: int) -> None:
    """An answer to a command that did not arrive is not called sent."""

    async def refused(slack: FakeSlack, delivery: Delivery) -> None:
        address = {"channel": "C1", "user": "U1", "response_url": f"{slack.url}respond"}
        _put(database, "a", address)
        slack.faults["respond"].append(status)
        await delivery.once("slack")
        assert outbox.overdue(database, NOON + timedelta(minutes=5), ["slack"]) == 1

    _run(database, refused)


def test_who_may_not_look_sends_all_the_same(database: Database) -> None:
    """A workspace that lets us write but not read gets the letter, rather twice than never."""

    async def blind(slack: FakeSlack, delivery: Delivery) -> None:
        outbox.claim(database, "slack", "died", NOON - outbox.LEASE * 2, 1)
        slack.faults["conversations.replies"].append("missing_scope")
        await delivery.once("slack")

    with database.begin() as connection:
        outbox.put(connection, database, "a", "slack", THREAD, REPLY, NOON - outbox.LEASE * 3)
    assert len(_run(database, blind).posted) == 1


def test_a_wrong_token_parks_nothing(database: Database) -> None:
    """A mistake in the settings is mended by a person; the letters wait for that."""

    async def wrong(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"].append("invalid_auth")
        await delivery.once("slack")

    _put(database, "a", {"channel": "C1"})
    _run(database, wrong)
    assert outbox.parked(database) == ()


def test_a_letter_of_another_release_lets_the_others_leave(database: Database) -> None:
    """What cannot be read is parked, with why; the letter to another channel leaves."""
    _put(database, "bad", {"channel": "C1"})
    _put(database, "good", {"channel": "C2"})
    with database.begin() as connection:
        bad = update(outbox_table).where(outbox_table.c.key == "bad")
        connection.execute(bad.values(body={"parts": [{"kind": "hologram"}], "lang": "ja"}))
    slack = _run(database, _once)
    assert [post["channel"] for post in slack.posted] == ["C2"]
    assert [(one.key, "parts" in one.last_error) for one in outbox.parked(database)] == [("bad", True)]


def test_a_parked_letter_gets_another_chance(database: Database) -> None:
    """After the fault is mended, the letter leaves."""

    async def gone(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["chat.postMessage"].append("channel_not_found")
        await delivery.once("slack")

    _put(database, "a", {"channel": "C1"})
    _run(database, gone)
    assert [one.key for one in outbox.parked(database)] == ["a"]
    assert outbox.retry(database, ["a"], NOON) == 1
    assert len(_run(database, _once).posted) == 1


def _put_to_person(database: Database, due: timedelta = timedelta()) -> None:
    """A letter to somebody, with mail as its further way."""
    mail = outbox.Way("mail", {"mail": "p1@example.jp"})
    with database.begin() as connection:
        whole = ("k:slack", "slack", {"channel": "U1"}, REPLY, NOON + due, NOON + due)
        outbox.put(connection, database, *whole, otherwise=[mail])


def _states(database: Database) -> dict[str, tuple[str, str]]:
    with database.look() as connection:
        rows = connection.execute(select(outbox_table).order_by(outbox_table.c.id))
        return {row.key: (row.state, row.last_error or "") for row in rows}


def test_a_person_who_left_is_gone_and_the_letter_goes_by_mail(database: Database) -> None:
    """Slack would take the message without a word; opening the channel tells."""

    async def left(slack: FakeSlack, delivery: Delivery) -> None:
        slack.left.add("U1")
        await delivery.once("slack")

    _put_to_person(database)
    assert _run(database, left).posted == []
    assert _states(database) == {"k:slack": ("parked", "gone: user_disabled"), "k:mail": ("due", "")}


@pytest.mark.parametrize("error", ["account_inactive", "invalid_auth", "missing_scope"])
def test_a_wrong_token_says_nothing_of_the_person(database: Database, error: str) -> None:
    """`account_inactive` speaks of our own token: nobody has left, and the letter waits."""

    async def wrong(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["conversations.open"].append(error)
        slack.faults["chat.postMessage"].append(error)
        await delivery.once("slack")

    _put_to_person(database)
    _run(database, wrong)
    assert _states(database) == {"k:slack": ("due", error)}


def test_who_may_not_open_a_channel_writes_to_the_person(database: Database) -> None:
    """Slack opens it by itself."""

    async def refused(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["conversations.open"].append("missing_scope")
        await delivery.once("slack")

    _put_to_person(database)
    assert [post["channel"] for post in _run(database, refused).posted] == ["U1"]


def test_send_429_holds_when_a_channel_is_opened(database: Database) -> None:
    """Opening has its own limit, and it is kept."""

    async def told(slack: FakeSlack, delivery: Delivery) -> None:
        slack.faults["conversations.open"].append(429)
        await delivery.once("slack")

    _put_to_person(database)
    assert _run(database, told).posted == []
    assert _run(database, _once, timedelta(seconds=29)).posted == []
    assert len(_run(database, _once, timedelta(seconds=31)).posted) == 1


@pytest.mark.parametrize(("looks", "there"), [(True, 1), (False, 2)])
def test_what_a_person_has_is_not_sent_again(database: Database, looks: bool, there: int) -> None:
    """After a crash it is looked for in the channel with them, as a person is no channel; unopened, it comes twice."""

    async def die_and_recover(slack: FakeSlack, delivery: Delivery) -> None:
        letter = outbox.claim(database, "slack", "died", NOON - outbox.LEASE * 2, 1)[0]
        await delivery.senders["slack"].send(letter)
        if not looks:
            slack.faults["conversations.open"].append("missing_scope")
        await delivery.once("slack")

    _put_to_person(database, -outbox.LEASE * 3)
    assert len(_run(database, die_and_recover).posted) == there
