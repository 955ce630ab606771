"""Why a request is turned away."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Turned(Exception):
    """A request that gets a page instead of what it asked for: the status, and the sentence `console.<problem>`."""

    status: int
    problem: str
    places: Mapping[str, object] = field(default_factory=dict)


def nowhere() -> Turned:
    """There is nothing by that name, or nothing that a stranger should learn of."""
    return Turned(404, "not_found")
