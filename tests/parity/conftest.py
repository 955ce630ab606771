"""What lies beyond every house, once for all of them."""

from collections.abc import Iterator

import pytest

from tests.parity.house import Outside, outside


@pytest.fixture(scope="session")
def beyond() -> Iterator[Outside]:
    """Slack and Teams as far as we see them; each house finds them empty."""
    with outside() as running:
        yield running
