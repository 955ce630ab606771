"""The way back from a slash command closes after half an hour; a form may take longer."""

import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.send import SlackSender
from bot.delivery import Hopeless
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.outbox import Letter
from tests.bot.channels.fake_slack import FakeSlack, fake_slack
from tests.kit import NOON

REPLY = Reply((Paragraph((Text("受け付けました"),)),), Lang.JA)


def _sent(*faults: int, user: str = "U1") -> FakeSlack:
    async def run() -> FakeSlack:
        async with fake_slack() as slack:
            slack.faults["respond"].extend(faults)
            address = {"channel": "C1", "response_url": f"{slack.url}respond"} | (
                {"user": user} if user else {}
            )
            sender = SlackSender(AsyncWebClient(token="xoxb-test", base_url=slack.url), load_wording())
            await sender.send(Letter(1, "a", "slack", address, REPLY, 1, put_at=NOON))
            return slack

    return asyncio.run(run())


def test_an_open_way_back_is_used() -> None:
    """The answer is where the command was typed, for its asker only."""
    slack = _sent()
    assert (len(slack.called("respond")), slack.posted) == (1, [])


@pytest.mark.parametrize("gone", [404, 410])
def test_a_closed_way_back_leads_to_the_asker(gone: int) -> None:
    """A receipt is too dear to be lost: it comes as a direct message, never into the channel."""
    assert [post["channel"] for post in _sent(gone).posted] == ["D1"]


def test_a_closed_way_back_to_nobody_is_hopeless() -> None:
    """Where the asker is not known, staff see the letter among the parked ones."""
    with pytest.raises(Hopeless):
        _sent(404, user="")
