"""The web process: every channel's routes under one Starlette application, with the office inside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from bot import connect, health
from bot.channels.web.app import routes as web_routes
from bot.channels.web.session import Sessions
from bot.console import app as console
from bot.schedule import ticking
from bot.wiring import House


def application(house: House, *, worker: bool, chats: connect.Chats | None = None) -> Starlette:
    """The application; `worker` lets this process answer from the inbox as well; `chats` stand for the settings'."""
    chats = chats or connect.chats_of(house)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # The first visitor must not wait until the edition is indexed.
        await asyncio.to_thread(house.live.current)
        house.office.start(worker=worker)
        async with ticking(house), connect.connected(house, chats, listen=True):
            yield
        await house.office.stop()
        await chats.close()

    sessions = Sessions(house.settings.secret.get_secret_value(), secure=house.settings.secure_cookies)
    return Starlette(
        routes=[
            *health.routes(
                health.Health(
                    house.database,
                    house.clock,
                    frozenset(connect.senders_of(house, chats)),
                    house.loops.broken,
                    house.heart.stopped,
                )
            ),
            *connect.routes(chats),
            *web_routes(house.office, sessions, house.wording, house.clock),
            *console.routes(house),
        ],
        lifespan=lifespan,
    )
