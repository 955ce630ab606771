"""A browser before the web chat of a fake desk."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.web.app import routes
from bot.channels.web.session import Sessions
from knowledge.wording import load_wording
from tests.bot.channels.web.fake_desk import FakeDesk, clock


@pytest.fixture
def desk() -> FakeDesk:
    """A desk whose stream ends when everything is read."""
    return FakeDesk(ends=True)


@pytest.fixture
def sessions() -> Sessions:
    """Sessions of a site without https."""
    return Sessions("s" * 40, False)


@pytest.fixture
def web(desk: FakeDesk, sessions: Sessions) -> Iterator[TestClient]:
    """The browser."""
    with TestClient(Starlette(routes=routes(desk, sessions, load_wording(), clock))) as browser:
        yield browser
