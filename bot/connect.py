"""Connects the configured channels: their routes, their senders, and what has to run beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
    from bot.channels.teams.app import Teams


@dataclass(frozen=True, slots=True)
class Chats:
    """The chat products that are configured."""

    slack: "Slack | None" = None
    teams: "Teams | None" = None

    async def close(self) -> None:
        """Ends their connections, once nothing is sent any more."""
        if self.teams:
            await self.teams.api.close()


def chats_of(house: House) -> Chats:
    """Those of the settings; only then are their SDKs imported, which costs a third of a second and more."""
    return Chats(slack_of(house), teams_of(house))


def slack_of(house: House) -> "Slack | None":
    """The Slack app, where one is configured."""
    if not house.settings.slack:
        return None
    from bot.channels.slack.app import Slack
    from bot.channels.slack.install import OAuth
    from bot.channels.slack.presence import Presence

    settings = house.settings
    oauth = (
        OAuth(
            house.database,
            settings.secret.get_secret_value(),
            settings.slack_client_id,
            settings.slack_client_secret.get_secret_value(),
            settings.public_url,
        )
        if settings.slack_oauth
        else None
    )
    return Slack.build(
        house.office,
        house.wording,
        house.clock,
        Presence(house.database, house.clock, several=oauth is not None),
        token=settings.slack_bot_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        api_url=settings.slack_api_url,
        rooms=rooms_of(settings).ids("slack"),
        oauth=oauth,
    )


def teams_of(house: House) -> "Teams | None":
    """The Teams bot, where one is configured."""
    if not house.settings.teams:
        return None
    from bot.channels.teams.build import build

    return build(
        house.settings, house.office, house.wording, house.clock, rooms_of(house.settings).ids("teams")
    )


def routes(chats: Chats) -> list[BaseRoute]:
    """The addresses of the configured channels."""
    slack = [chats.slack.route(), *chats.slack.install] if chats.slack and chats.slack.signed else []
    return [*slack, *([chats.teams.route()] if chats.teams else [])]


def senders_of(house: House, chats: Chats) -> dict[str, Sender]:
    """Who sends on which channel in this process; letters to a channel that is not set up wait."""
    senders: dict[str, Sender] = {"web": WebSender(house.database, house.clock)}
    if chats.slack:
        senders["slack"] = chats.slack.sender
    if chats.teams:
        senders["teams"] = chats.teams.sender
    if house.settings.mail:
        senders["mail"] = MailSender(house.settings, house.wording, house.clock)
    return senders


@asynccontextmanager
async def connected(house: House, chats: Chats, *, listen: bool) -> AsyncIterator[None]:
    """Sends while the process runs and, in Socket Mode, listens; a channel that is away holds nobody up."""
    senders = senders_of(house, chats)
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
    if chats.slack and listen and app_token:
        house.loops.run(
            "slack:socket", partial(_listen, chats.slack, app_token, house.settings.slack_api_url)
        )
    if chats.teams and listen:
        house.loops.run("teams:keys", chats.teams.keep_warm)
    yield


async def _listen(slack: "Slack", app_token: str, api_url: str) -> None:
    socket = slack.socket(app_token, api_url)
    try:
        await socket.connect_async()  # type: ignore[no-untyped-call]
        await asyncio.Event().wait()
    finally:
        await socket.close_async()  # type: ignore[no-untyped-call]
