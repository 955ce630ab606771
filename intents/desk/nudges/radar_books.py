"""What the radar needs from the books."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.radar_records import RadarNote, Standing


class Radar(Protocol):
    """The weekly lists of projects without certification."""

    def standings(self) -> tuple[Standing, ...]:
        """What is known about every active project that is registered and never applied for certification."""
        ...

    def add(self, notes: Sequence[RadarNote]) -> None:
        """Writes lines of a list down; one that is there already stays."""
        ...

    def of_week(self, week: date, after: int = 0, limit: int = 50) -> tuple[RadarNote, ...]:
        """The lines of a week behind a rank."""
        ...

    def of_project(self, project: int) -> RadarNote | None:
        """The newest line about a project."""
        ...

    def called(self, week: date, project: int, by: str, outcome: str) -> bool:
        """Keeps that somebody called, and what came of it; False when there is no such line."""
        ...


class RadarBooks(NudgeBooks, Protocol):
    """The books with the radar."""

    @property
    def radar(self) -> Radar:
        """The weekly lists."""
        ...
