"""A running house on SQLite for tests of the outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.server import application
from bot.settings import Settings
from bot.wiring import House, build, prepare
from storage import knowledge_files
from tests.kit import clock, small_edition

SIGNING_SECRET = "test-signing-secret"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with a web chat and a Slack app whose Web API leads nowhere."""
    settings = Settings(
        data_dir=tmp_path,
        secret=SecretStr("s" * 40),
        secure_cookies=False,
        slack_bot_token=SecretStr("xoxb-test"),
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url="http://127.0.0.1:9/api/",
    )
    prepare(settings)
    house = build(settings)
    knowledge_files.replace(house.database, small_edition(), clock())
    yield house
    house.database.close()


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    """A browser before the running house."""
    with TestClient(application(house, worker=True)) as browser:
        yield browser
