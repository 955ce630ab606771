"""Who plays a scenario: one person on each channel."""

from collections.abc import Callable

from tests.parity.house import Home
from tests.parity.on_slack import Slack
from tests.parity.on_teams import Teams
from tests.parity.on_terminal import Terminal
from tests.parity.on_web import Text, Web
from tests.parity.player import Player

PLAYERS = (Web, Text, Slack, Teams)
# Typed line by line in a terminal as well: one of each kind, of those that need no letter to go on.
BY_LINE = frozenset({"question", "side-question", "consultation", "unknown", "english", "help", "slip"})


def players(scenario: str) -> dict[str, Callable[[Home], Player]]:
    """Those who play a scenario, by their names; the web comes first."""
    found: dict[str, Callable[[Home], Player]] = {one.name: one for one in PLAYERS}
    return found | ({Terminal.name: Terminal} if scenario in BY_LINE else {})
