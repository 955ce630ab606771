"""Why a request is turned away."""

from collections.abc import Mapping


class Turned(Exception):
    """A request that gets a page instead of what it asked for: the status, and the sentence `console.<problem>`."""

    def __init__(self, status: int, problem: str, places: Mapping[str, object] | None = None) -> None:
        super().__init__(problem)
        self.status, self.problem, self.places = status, problem, places or {}


def nowhere() -> Turned:
    """There is nothing by that name, or nothing that a stranger should learn of."""
    return Turned(404, "not_found")
