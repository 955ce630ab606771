"""What a project measures every month: one figure or one document, asked for from a month on, and what came in.

Months are texts YYYY-MM, which sort as they follow each other.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ItemKind(StrEnum):
    """Whether a number is asked for or a paper."""

    FIGURE = "figure"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class MonitoringItem:
    """One thing to measure; `unit` is empty for a document, `since` the first month asked for, YYYY-MM."""

    name: str
    kind: ItemKind
    unit: str
    since: str


class Doubt(StrEnum):
    """Why a figure looks odd beside those of earlier months; one that was confirmed is kept with it."""

    NONE = ""
    NEGATIVE = "negative"
    ZERO = "zero"
    HIGH = "high"
    LOW = "low"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came in for an item and a month: a decimal as text, or what a document is called; `at` is UTC."""

    item: str
    month: str
    value: str
    note: str = ""
    doubt: Doubt = Doubt.NONE
    by: str = ""
    at: datetime | None = None
