"""A running house before a connector of Teams that keeps what it is told, and a person who uses both."""

import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import jwt
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.channels.teams.build import build as build_teams
from bot.connect import Chats
from bot.rooms import rooms_of
from bot.server import application
from bot.settings import Settings
from bot.wiring import House, build
from storage import knowledge_files
from tests.bot.channels.teams.visitor import Visitor
from tests.kit import CACHE, clock, small_edition
from tests.teams_connector import APP_ID, TENANT, TeamsConnector, teams_connector


@pytest.fixture
def connector() -> Iterator[TeamsConnector]:
    """The Bot Connector and its identity provider."""
    with teams_connector() as running:
        yield running


@pytest.fixture
def room() -> str:
    """The channel of staff; none unless a test says so."""
    return ""


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path, connector: TeamsConnector, room: str) -> Iterator[House]:
    """A house whose bot talks to that connector."""
    settings = Settings(
        teams_app_id=APP_ID,
        teams_tenant=TENANT,
        teams_service_hosts="127.0.0.1",
        teams_service_url=connector.base,
        teams_metadata_url=connector.metadata_url,
        teams_triage_channel=room,
        public_url="https://desk.example" if room else "",
        data_dir=tmp_path,
        cache_dir=CACHE,
        secret=SecretStr("s" * 40),
    )
    # Migrating takes longer than most tests.
    copyfile(migrated_file, tmp_path / "jdesk.sqlite3")
    house = build(settings)
    knowledge_files.replace(house.database, small_edition(), clock())
    yield house
    house.database.close()


def app_token() -> str:
    """What Entra would give: the SDK reads when it ends, and nobody checks who signed it."""
    claims = {"aud": "https://api.botframework.com", "appid": APP_ID, "exp": int(time.time()) + 3600}
    return jwt.encode(claims, "x" * 32, algorithm="HS256")


@pytest.fixture
def visitor(house: House, connector: TeamsConnector) -> Iterator[Visitor]:
    """Somebody in a chat of their own with the desk."""
    rooms = rooms_of(house.settings).ids("teams")
    teams = build_teams(house.settings, house.office, house.wording, house.clock, rooms, app_token)
    with TestClient(application(house, worker=True, chats=Chats(teams=teams))) as client:
        yield Visitor(client, house, connector)
