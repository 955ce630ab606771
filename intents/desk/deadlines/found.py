"""What a formula finds: a day with the way to it, or what is missing to find one."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from intents.desk.deadlines.records import Stop

Inputs = tuple[tuple[str, str], ...]
NO_ANCHORS: Mapping[str, date] = MappingProxyType({})
# A date whose inputs are not there has no arithmetic to tell.
NOT_COUNTABLE = "not_countable"
# Warnings.
UNVERIFIED, CONTRADICTION, SETTING_WRONG = "unverified_input", "contradicting_input", "setting_wrong"


class Known(NamedTuple):
    """A day that other days are counted from, with the way to it; without a day, what is missing for it."""

    day: date | None
    reason: str = NOT_COUNTABLE
    inputs: Inputs = ()
    estimated: bool = False
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Found(NamedTuple):
    """One date as a formula found it; a tuple, because millions of them are made and dropped again.

    `anchors` are the days besides `due` that steps are laid around, `only` the single step that belongs to it (empty:
    all), `first` and `last` the days outside which no step makes sense. `apart` tells it from the rule's other dates
    on the same day. `quiet`: it is shown, and nobody is told.
    """

    due: date | None
    reason: str
    inputs: Inputs = ()
    estimated: bool = False
    anchors: Mapping[str, date] = NO_ANCHORS
    only: str = ""
    first: date = date.min
    last: date = date.max
    quiet: bool = False
    apart: str = ""
    about: str = ""
    stopped: Stop | None = None
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def lacking(*missing: str, warnings: tuple[str, ...] = ()) -> Found:
    """A date that cannot be counted without these fields."""
    return Found(None, NOT_COUNTABLE, missing=missing, warnings=warnings)


def not_known(known: Known) -> Found:
    """A date that cannot be counted because the day before it cannot."""
    return Found(None, NOT_COUNTABLE, missing=known.missing, warnings=known.warnings)


def given(name: str, value: object) -> tuple[str, str]:
    """One input as it is shown: its field, and what stands there."""
    return name, value.isoformat() if isinstance(value, date) else str(value)
