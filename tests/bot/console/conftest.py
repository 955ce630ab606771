"""Staff before the running house: one browser each, signed in by a real link."""

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.server import application
from bot.wiring import House
from tests.bot.console.office import OURS, STAFF, add_staff, sign_in

Browser = Callable[[str], TestClient]


@pytest.fixture
def app(house: House) -> Iterator[Starlette]:
    """The running application with its staff."""
    add_staff(house)
    whole = application(house, worker=True)
    with TestClient(whole):
        yield whole


@pytest.fixture
def signed_in(app: Starlette, house: House) -> Browser:
    """Gives the browser of one of staff, by handle; of an empty name that of a stranger."""

    def browser(name: str) -> TestClient:
        found = TestClient(app, headers=OURS, follow_redirects=False)
        if name:
            sign_in(found, house, name)
        return found

    return browser


@pytest.fixture
def desk(signed_in: Browser) -> TestClient:
    """Somebody of the desk."""
    return signed_in(STAFF["desk"])
