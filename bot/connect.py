"""Connects the configured channels: their routes, their senders, and what has to run beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from bot.channels.mail.send import MailSender
from bot.channels.web.letters import WebSender
from bot.delivery import Delivery, Sender
from bot.rooms import RoomKeeper, rooms_of
from bot.wiring import House, process_name

if TYPE_CHECKING:
    from bot.channels.slack.app import Slack


def slack_of(house: House) -> "Slack | None":
    """The Slack app, where one is configured; only then is its SDK imported, which costs a third of a second."""
    if not house.settings.slack:
        return None
    from bot.channels.slack.app import Slack

    settings = house.settings
    return Slack.build(
        house.office,
        house.wording,
        house.clock,
        token=settings.slack_bot_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        api_url=settings.slack_api_url,
        rooms=rooms_of(settings).ids("slack"),
    )


def routes(slack: "Slack | None") -> list[BaseRoute]:
    """The addresses of the configured channels."""
    return [slack.route()] if slack and slack.signed else []


def senders_of(house: House, slack: "Slack | None") -> dict[str, Sender]:
    """Who sends on which channel in this process; letters to a channel that is not set up wait."""
    senders: dict[str, Sender] = {"web": WebSender(house.database, house.clock)}
    if slack:
        senders["slack"] = slack.sender
    if house.settings.mail:
        senders["mail"] = MailSender(house.settings, house.wording, house.clock)
    return senders


@asynccontextmanager
async def connected(house: House, slack: "Slack | None", *, listen: bool) -> AsyncIterator[None]:
    """Sends while the process runs and, in Socket Mode, listens; a channel that is away holds nobody up."""
    senders = senders_of(house, slack)
    delivery = Delivery(house.database, senders, house.clock, process_name(), house.bell)
    for channel in senders:
        house.loops.run(f"delivery:{channel}", partial(delivery.channel, channel))
    if (rooms := rooms_of(house.settings)).by_channel:
        keeper = RoomKeeper(
            house.database,
            rooms,
            house.live,
            house.wording,
            house.clock,
            house.bell,
            house.settings.public_url,
        )
        house.loops.run("rooms", keeper.keep)
    app_token = house.settings.slack_app_token.get_secret_value()
    if slack and listen and app_token:
        house.loops.run("slack:socket", partial(_listen, slack, app_token, house.settings.slack_api_url))
    yield


async def _listen(slack: "Slack", app_token: str, api_url: str) -> None:
    socket = slack.socket(app_token, api_url)
    try:
        await socket.connect_async()  # type: ignore[no-untyped-call]
        await asyncio.Event().wait()
    finally:
        await socket.close_async()  # type: ignore[no-untyped-call]
