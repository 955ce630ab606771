"""The same conversation on the web, in plain text, on Slack and in Teams: the same answers, letters and records."""

from pathlib import Path

import pytest

from tests.parity.differences import allowed, differing
from tests.parity.house import Outside, home_at
from tests.parity.play import Played, play
from tests.parity.players import players
from tests.parity.scenario import load, names

# Of what differs, enough to see what it is.
SHOWN = 12


@pytest.mark.parametrize("name", names())
def test_every_channel_plays_it_the_same_way(tmp_path: Path, beyond: Outside, name: str) -> None:
    """Each channel in a house of its own; what the web chat says is what all say."""
    steps, played = load(name), dict[str, Played]()
    for who, begin in players(name).items():
        with home_at(tmp_path / who, beyond) as home:
            played[who] = play(steps, home, begin(home))
    web = played.pop("web")
    found, used = list[str](), set[str]()
    for who, one in played.items():
        rules = [rule for rule in allowed() if rule.is_for(who, name)]
        for path, values in differing(web, one).items():
            covering = [rule for rule in rules if rule.covers(path)]
            used |= {rule.reason for rule in covering}
            found += [] if covering else [f"{who}{path}: {values}"]
    assert not found, "\n".join(found[:SHOWN])
    # A difference that is gone leaves the list.
    assert {rule.reason for rule in allowed() if rule.scenario == name} <= used


def test_every_allowed_difference_is_of_a_scenario_that_is_there() -> None:
    """No rule outlives its scenario."""
    assert not [rule for rule in allowed() if not any(rule.is_for(rule.players[0], one) for one in names())]
