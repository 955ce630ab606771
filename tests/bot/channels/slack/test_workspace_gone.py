"""A workspace that takes the desk out: nothing more is sent there, staff hear of it once, and a sign of life ends it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bell import Bell
from bot.channels.slack.presence import ASK, Presence, why_left
from bot.channels.slack.send import SlackSender
from bot.delivery import Delivery
from bot.doctor import findings
from intents.desk.case_records import CaseKind
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import outbox, workspaces
from storage.books import StoredBooks
from storage.database import Database
from tests.bot.channels.fake_slack import FakeSlack, fake_slack
from tests.bot.channels.slack.visitor import Visitor
from tests.kit import NOON

SECOND = timedelta(seconds=1)
REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)


def test_only_what_concerns_the_desk_itself_counts() -> None:
    """Somebody's own token is theirs."""
    assert why_left({"event": {"type": "app_uninstalled"}}) == "app_uninstalled"
    assert why_left({"event": {"type": "tokens_revoked", "tokens": {"bot": ["U0"]}}}) == "tokens_revoked"
    assert why_left({"event": {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}}) == ""
    assert why_left({"event": {"type": "message"}}) == ""


def test_what_is_told_late_changes_nothing(database: Database) -> None:
    """Leaving and coming back count by when they happened, in whichever order they are told."""

    def away() -> list[str]:
        return [one.name for one in workspaces.left(database, "slack")]

    workspaces.come_back(database, "slack", "T1", NOON)
    assert away() == []
    workspaces.leave(database, "slack", "T1", NOON, "app_uninstalled")
    workspaces.come_back(database, "slack", "T1", NOON - SECOND)
    assert away() == ["T1"]
    workspaces.come_back(database, "slack", "T1", NOON + SECOND)
    workspaces.leave(database, "slack", "T1", NOON, "tokens_revoked")
    assert away() == []
    workspaces.leave(database, "slack", "T1", NOON + 2 * SECOND, "app_uninstalled")
    assert away() == ["T1"]


# ------------------------------------------------ sending


class Post:
    """An outbox whose letters go to Slack, with a clock that the test moves on."""

    def __init__(self, database: Database, slack: FakeSlack) -> None:
        self.database, self.now = database, NOON
        client = AsyncWebClient(token="xoxb-test", base_url=slack.url)
        sender = SlackSender(client, load_wording(), Presence(database, lambda: self.now))
        self.delivery = Delivery(database, {"slack": sender}, lambda: self.now, "w", Bell(database))

    async def send(self, key: str) -> str:
        """Puts a letter, lets it go, and gives how it stands."""
        with self.database.begin() as connection:
            outbox.put(connection, self.database, key, "slack", {"channel": "D1"}, REPLY, self.now, self.now)
        await self.delivery.once("slack")
        return next((one.last_error for one in outbox.parked(self.database) if one.key == key), "")


def test_nothing_is_sent_until_the_token_works_again(database: Database) -> None:
    """Letters are parked with the reason; the token is tried once a minute."""

    async def run() -> None:
        async with fake_slack() as slack:
            post = Post(database, slack)
            workspaces.leave(database, "slack", "T1", NOON, "app_uninstalled")
            assert await post.send("a") == "workspace T1 took the desk out: app_uninstalled"
            post.now += ASK
            slack.faults["auth.test"] = ["account_inactive"]
            assert await post.send("b")
            post.now += SECOND
            assert await post.send("c")
            assert (len(slack.called("auth.test")), slack.posted) == (1, [])
            post.now += ASK
            slack.answers["auth.test"] = {"team_id": "T1"}
            assert await post.send("d") == ""
            assert len(slack.posted) == 1

    asyncio.run(run())
    assert workspaces.left(database, "slack") == ()


def test_a_token_of_another_workspace_does_not_count(database: Database) -> None:
    """And a busy Slack says nothing of the token: the letter waits."""

    async def run() -> None:
        async with fake_slack() as slack:
            post = Post(database, slack)
            workspaces.leave(database, "slack", "T1", NOON - ASK, "app_uninstalled")
            slack.answers["auth.test"] = {"team_id": "T2"}
            assert await post.send("a")
            post.now += ASK
            slack.faults["auth.test"] = [429]
            assert await post.send("b") == ""
            assert slack.posted == []

    asyncio.run(run())


# ------------------------------------------------ through the whole app


@pytest.fixture
def now(visitor: Visitor) -> int:
    """This second, as Slack stamps events."""
    return int(visitor.house.clock().timestamp())


def _cases(visitor: Visitor, count: int) -> list[tuple[CaseKind, str]]:
    database = visitor.house.database
    for _ in range(300):
        with database.look() as connection:
            books = StoredBooks(connection, database, NOON, "x")
            found = [books.cases.find(f"K-{n:05d}") for n in range(1, 5)]
        cases = [(one.kind, one.summary) for one in found if one]
        if len(cases) >= count:
            return cases
        time.sleep(0.01)
    return []


def test_staff_hear_of_it_once(visitor: Visitor, now: int) -> None:
    """Slack tells it in two words, and again; one case, and no answer to anybody."""
    visitor.happened(now, type="app_uninstalled")
    visitor.happened(now, type="tokens_revoked", tokens={"oauth": [], "bot": ["U0"]})
    visitor.happened(now, type="app_uninstalled")
    ((kind, summary),) = _cases(visitor, 1)
    assert (kind, "T1" in summary) == (CaseKind.FAULT, True)
    assert (visitor.events, visitor.letters) == (1, [])
    (left,) = workspaces.left(visitor.house.database, "slack")
    assert (left.name, left.at) == ("T1", datetime.fromtimestamp(now, UTC))
    house = visitor.house
    told = [one.problem for one in findings(house.settings, house.clock) if one.name == "Slack T1"]
    assert told == ["workspace_gone"]


def test_an_event_shows_that_the_desk_is_back(visitor: Visitor, now: int) -> None:
    """One that happened before it was taken out does not."""
    visitor.happened(now, type="app_uninstalled")
    visitor.happened(now - 1, type="app_home_opened", user="U1", tab="messages")
    assert workspaces.left(visitor.house.database, "slack")
    visitor.happened(now + 1, type="app_home_opened", user="U1", tab="messages")
    assert workspaces.left(visitor.house.database, "slack") == ()
