"""The shape of each knowledge file: which fields there are, which are needed, of what type.

Pydantic refuses what is not listed here; `complaints.py` turns its words into ours.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$")]
Filled = Annotated[str, Field(min_length=1)]


class Shape(BaseModel):
    """A table of a TOML file; an unknown key is a mistake, not an extension."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PairShape(Shape):
    """One text in both languages."""

    ja: Filled
    en: Filled


class PhrasingsShape(Shape):
    """Lists of what people type, per language."""

    ja: tuple[Filled, ...] = ()
    en: tuple[Filled, ...] = ()


class EntryShape(Shape):
    """The head of an entry file."""

    id: Id
    category: Id
    question: PairShape
    phrasings: PhrasingsShape
    keywords: PhrasingsShape = PhrasingsShape()
    states: PhrasingsShape = PhrasingsShape()
    related: tuple[Id, ...] = ()
    offers: str = ""
    owner: str
    as_of: date
    valid_from: date
    valid_to: date | None = None
    review_by: date
    english_of: date


class CommandShape(Shape):
    """One order in `commands.toml`."""

    title: PairShape
    entry: str = ""
    phrasings: PhrasingsShape


class SmalltalkShape(Shape):
    """One courtesy in `smalltalk.toml`."""

    title: PairShape
    reply: PairShape
    phrasings: PhrasingsShape


class ElsewhereShape(Shape):
    """One thing next door in `elsewhere.toml`: what it is, and where to go with it."""

    title: PairShape
    reply: PairShape
    phrasings: PhrasingsShape


class OutsideShape(Shape):
    """One kind of thing that is nobody's business here, in `outside.toml`."""

    title: PairShape
    phrasings: PhrasingsShape


class FactPeriodShape(Shape):
    """What a fact is during one period."""

    ja: Filled
    en: Filled
    value: int | float | date | None = None
    valid_from: date
    valid_to: date | None = None
    sources: tuple[str, ...] = ()
    unverified: bool = False


class FactShape(Shape):
    """One fact of `facts.toml`."""

    about: Filled
    periods: Annotated[tuple[FactPeriodShape, ...], Field(min_length=1)]


class SourceShape(Shape):
    """One source of `sources.toml`."""

    title: Filled
    publisher: Filled
    as_of: Filled
    grade: Annotated[str, Field(pattern="^[ABCD]$")]
    url: str = ""


class TermShape(Shape):
    """One word of `glossary.toml`."""

    term: Filled
    reading: Filled
    english: Filled
    definition: PairShape
    synonyms: tuple[Filled, ...] = ()
    sources: tuple[str, ...] = ()
    unverified: bool = False


class MethodologyFactShape(Shape):
    """One thing known about a methodology."""

    aspect: Annotated[str, Field(pattern="^(activity|condition|monitoring|baseline|note)$")]
    ja: Filled
    en: Filled
    sources: tuple[str, ...] = ()
    unverified: bool = False


class MethodologyShape(Shape):
    """One methodology card."""

    code: Annotated[str, Field(pattern=r"^(EN-S|EN-R|IN|AG|WA|FO)-\d{3}$")]
    title: PairShape
    sector: Id
    as_of: Filled
    version: str = ""
    title_unverified: bool = False
    status_unverified: bool = False
    sources: tuple[str, ...] = ()
    variants: tuple[Filled, ...] = ()
    entry: str = ""
    phrasings: PhrasingsShape = PhrasingsShape()
    facts: tuple[MethodologyFactShape, ...] = ()


class CalendarShape(Shape):
    """`calendar.toml`: opening hours and closing days of the office."""

    opens: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    closes: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    closed_days: tuple[Annotated[str, Field(pattern=r"^\d\d-\d\d$")], ...]
    horizon: date
    hours_unverified: bool = True
