"""Staff before the running house: one browser each, signed in by a real link."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.server import application
from bot.settings import Settings
from bot.wiring import House, build
from storage import knowledge_files
from tests.bot.console.office import OURS, STAFF, add_staff, sign_in
from tests.kit import clock, small_edition

Browser = Callable[[str], TestClient]


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> Iterator[House]:
    """A house without Slack, over tables that need no migrating."""
    copyfile(migrated_file, tmp_path / "jdesk.sqlite3")
    house = build(Settings(data_dir=tmp_path, secret=SecretStr("s" * 40), secure_cookies=False))
    knowledge_files.replace(house.database, small_edition(), clock())
    yield house
    house.database.close()


@pytest.fixture
def app(house: House) -> Iterator[Starlette]:
    """The running application with its staff."""
    add_staff(house)
    whole = application(house, worker=True)
    with TestClient(whole) as running:
        whole.state.portal = running.portal
        yield whole


@pytest.fixture
def signed_in(app: Starlette, house: House) -> Browser:
    """Gives the browser of one of staff, by handle; of an empty name that of a stranger."""

    def browser(name: str) -> TestClient:
        found = TestClient(app, headers=OURS, follow_redirects=False)
        # In one loop with the office, whose answers would else wait for its next look.
        found.portal = app.state.portal
        if name:
            sign_in(found, house, name)
        return found

    return browser


@pytest.fixture
def visitor(app: Starlette) -> TestClient:
    """Somebody in the web chat."""
    found = TestClient(app)
    found.portal = app.state.portal
    return found


@pytest.fixture
def desk(signed_in: Browser) -> TestClient:
    """Somebody of the desk."""
    return signed_in(STAFF["desk"])
