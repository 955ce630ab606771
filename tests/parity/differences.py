"""Where two channels differ, as paths into what they played; those that must be are listed, each with its reason."""

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.parity.play import Played

FILE = Path(__file__).parent / "differences.toml"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A difference that has to be: on which channels, in which scenarios, at which paths (`*` is anything)."""

    players: tuple[str, ...]
    scenario: str
    where: str
    reason: str

    def is_for(self, player: str, scenario: str) -> bool:
        """Whether it is about that player in that scenario."""
        return player in self.players and fnmatchcase(scenario, self.scenario)

    def covers(self, path: str) -> bool:
        """Whether it lets this be different."""
        return fnmatchcase(path, self.where)


def allowed() -> tuple[Allowed, ...]:
    """All of them."""
    return tuple(
        Allowed(tuple(one.pop("players")), **one)
        for one in tomllib.loads(FILE.read_text("utf-8"))["difference"]
    )


def differing(one: Played, other: Played) -> dict[str, str]:
    """What differs, by its path: what the one has there, and what the other has."""
    mine, its = dict(_leaves(asdict(one), "")), dict(_leaves(asdict(other), ""))
    paths = (path for path in mine | its if mine.get(path, _NOTHING) != its.get(path, _NOTHING))
    return {path: f"{mine.get(path, _NOTHING)} / {its.get(path, _NOTHING)}" for path in paths}


_NOTHING = "(nothing)"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, object]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _leaves(inner, f"{path}/{name}")
        case list() | tuple():
            for number, inner in enumerate(value, 1):
                yield from _leaves(inner, f"{path}/{number}")
        case _:
            yield path, value
