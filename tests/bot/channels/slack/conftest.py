"""A running house before a Slack that keeps what it is told, and a person who uses both."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.server import application
from bot.settings import Settings
from bot.wiring import House, build
from storage import knowledge_files
from tests.bot.channels.fake_slack import FakeSlack, fake_slack
from tests.bot.channels.slack.visitor import Visitor
from tests.bot.conftest import SIGNING_SECRET
from tests.kit import CACHE, clock, small_edition


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """Slack's Web API in a thread of its own."""
    loop, found, stop = asyncio.new_event_loop(), list[FakeSlack](), asyncio.Event()
    ready = threading.Event()

    async def run() -> None:
        async with fake_slack() as fake:
            found.append(fake)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    ready.wait()
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def room() -> str:
    """The channel of staff; none unless a test says so."""
    return ""


@pytest.fixture
def oauth() -> dict[str, Any]:
    """The settings by which other workspaces install the app; none unless a test says so."""
    return {}


@pytest.fixture
def house(
    tmp_path: Path, migrated_file: Path, slack: FakeSlack, room: str, oauth: dict[str, Any]
) -> Iterator[House]:
    """A house whose Slack app talks to that Slack."""
    settings = Settings(
        **{"slack_bot_token": SecretStr("xoxb-test"), **oauth},
        slack_triage_channel=room,
        public_url="https://desk.example" if room else "",
        data_dir=tmp_path,
        cache_dir=CACHE,
        secret=SecretStr("s" * 40),
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=slack.url,
    )
    # Migrating takes longer than most tests.
    copyfile(migrated_file, tmp_path / "jdesk.sqlite3")
    house = build(settings)
    knowledge_files.replace(house.database, small_edition(), clock())
    yield house
    house.database.close()


@pytest.fixture
def visitor(house: House, slack: FakeSlack) -> Iterator[Visitor]:
    """Somebody in a direct channel."""
    with TestClient(application(house, worker=True)) as client:
        yield Visitor(client, house, slack)
