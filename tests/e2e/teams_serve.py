"""The product as `jdesk serve`, whose Teams token comes from here: nothing may ask the real Entra."""

import time

import jwt
import uvicorn

from bot.channels.teams.build import build as build_teams
from bot.connect import Chats
from bot.logs import configure
from bot.rooms import rooms_of
from bot.server import application
from bot.settings import Settings
from bot.wiring import build


def main() -> None:
    """Serves until it is told to stop."""
    configure()
    claims = {"exp": int(time.time()) + 24 * 3600}
    token = jwt.encode(claims, "x" * 32, algorithm="HS256")
    house = build(Settings())
    rooms = rooms_of(house.settings).ids("teams")
    teams = build_teams(house.settings, house.office, house.wording, house.clock, rooms, lambda: token)
    served = application(house, worker=True, chats=Chats(teams=teams))
    uvicorn.run(served, host="127.0.0.1", port=house.settings.port, log_level="warning")


if __name__ == "__main__":
    main()
