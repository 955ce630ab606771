"""A house with every channel, whose clock stands until somebody moves it, and whose letters leave when they are told to."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import connect
from bot.bell import Bell
from bot.channels.teams.build import build as build_teams
from bot.channels.web.app import routes as web_routes
from bot.channels.web.session import Sessions
from bot.delivery import Delivery
from bot.heartbeat import Heart
from bot.live import LiveEdition
from bot.loops import Loops
from bot.office import Office
from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.wiring import PUSHED, House
from storage.database import Database
from storage.tables import inbox
from tests.bot.channels.fake_slack import FakeSlack, fake_slack
from tests.bot.channels.teams.conftest import app_token
from tests.bot.conftest import SIGNING_SECRET
from tests.kit import CACHE, NOON
from tests.stage import Stage
from tests.teams_connector import APP_ID, TENANT, TeamsConnector, teams_connector
from tests.world import WORDING, office_at

# What one act takes; longer than all pauses that its letters make between them.
STEP = timedelta(minutes=5)
# The longest pause that a channel makes between two letters to one place.
PAUSE = timedelta(seconds=2)
PATIENCE = 10.0


@dataclass
class Hands:
    """The hands of the house's clock."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """What the clock shows."""
        return self.now


@dataclass(frozen=True)
class Outside:
    """What lies beyond the house: Slack's Web API and the connector of Teams."""

    slack: FakeSlack
    connector: TeamsConnector


@dataclass
class Home:
    """A running house: what people use to reach it, and the desk's own side of it."""

    house: House
    client: TestClient
    outside: Outside
    hands: Hands
    delivery: Delivery
    stage: Stage
    begun: datetime = NOON
    # What people do who have to leave before the house is closed.
    leaving: list[Callable[[], object]] = field(default_factory=list)

    @property
    def database(self) -> Database:
        """What is remembered."""
        return self.house.database

    def settle(self) -> None:
        """Waits until everything that arrived is answered, and lets the letters leave."""
        until = time.monotonic() + PATIENCE
        while self._open() and time.monotonic() < until:
            time.sleep(0.002)
        assert not self._open(), "not answered"
        assert self.client.portal
        self.client.portal.call(self._deliver)

    def next_act(self) -> None:
        """The clock goes on to the next act: the same moment in every house."""
        self.pass_time(STEP)

    def pass_time(self, time_: timedelta) -> None:
        """The clock moves on, from where the last act began."""
        assert self.hands.now < self.begun + STEP, "an act took longer than a step"
        self.begun = self.hands.now = self.begun + time_

    def _open(self) -> int:
        query = select(func.count()).select_from(inbox).where(inbox.c.state != "done")
        with self.database.look() as connection:
            return connection.scalar(query) or 0

    async def _deliver(self) -> None:
        self.hands.now += PAUSE
        while sum([await self.delivery.once(channel) for channel in self.delivery.senders]):
            self.hands.now += PAUSE


@contextmanager
def outside() -> Iterator[Outside]:
    """Both, each a server on loopback in a thread of its own."""
    loop, stop, found = asyncio.new_event_loop(), asyncio.Event(), list[FakeSlack]()
    ready = threading.Event()

    async def run() -> None:
        async with fake_slack() as fake:
            found.append(fake)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    ready.wait()
    try:
        with teams_connector() as connector:
            yield Outside(found[0], connector)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@contextmanager
def home_at(folder: Path, beyond: Outside) -> Iterator[Home]:
    """A house in a folder of its own, with nothing said yet."""
    folder.mkdir()
    beyond.slack.calls.clear()
    beyond.slack.posted.clear()
    beyond.connector.sent.clear()
    with office_at(folder) as database:
        hands, stage = Hands(), Stage(database)
        line = replace(stage.talk.line, clock=hands, pushed=PUSHED)
        stage.talk.line = line
        house = _house(folder, database, line, beyond)
        chats = _chats(house)
        senders = connect.senders_of(house, chats)
        delivery = Delivery(database, senders, hands, "parity", house.bell)
        with TestClient(_application(house, chats)) as client:
            home = Home(house, client, beyond, hands, delivery, stage)
            try:
                yield home
            finally:
                for leave in home.leaving:
                    leave()


def _house(folder: Path, database: Database, line: Pipeline, beyond: Outside) -> House:
    settings = Settings(
        data_dir=folder,
        cache_dir=CACHE,
        secret=SecretStr("s" * 40),
        secure_cookies=False,
        slack_bot_token=SecretStr("xoxb-test"),
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=beyond.slack.url,
        teams_app_id=APP_ID,
        teams_tenant=TENANT,
        teams_service_hosts="127.0.0.1",
        teams_service_url=beyond.connector.base,
        teams_metadata_url=beyond.connector.metadata_url,
    )
    bell, loops = Bell(database), Loops()
    office = Office(database, line, line.clock, "parity", bell, loops)
    live, heart = LiveEdition(database, CACHE), Heart(database, line.clock)
    return House(settings, database, live, line, office, bell, loops, WORDING, line.clock, heart)


def _chats(house: House) -> connect.Chats:
    settings = house.settings
    teams = build_teams(settings, house.office, house.wording, house.clock, frozenset(), app_token)
    return connect.Chats(connect.slack_of(house), teams)


def _application(house: House, chats: connect.Chats) -> Starlette:
    """The doors without the clock that ticks by itself."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        house.office.start(worker=True)
        yield
        await house.office.stop()
        assert chats.teams
        await chats.teams.api.close()

    sessions = Sessions(house.settings.secret.get_secret_value(), secure=False)
    web = web_routes(house.office, sessions, house.wording, house.clock)
    return Starlette(routes=[*connect.routes(chats), *web], lifespan=lifespan)
