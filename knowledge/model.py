"""The records of the office's knowledge: frozen, typed, without behaviour beyond their own dates.

A record says nothing about files, matching or channels. Dates are calendar days in Asia/Tokyo.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Lang(StrEnum):
    """A language that the desk speaks."""

    JA = "ja"
    EN = "en"


class EntryKind(StrEnum):
    """What an entry is for: an answer, an order, a courtesy, or a signpost to somebody else."""

    FAQ = "faq"
    COMMAND = "command"
    SMALLTALK = "smalltalk"
    ELSEWHERE = "elsewhere"
    OUTSIDE = "outside"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages of the desk."""

    ja: str
    en: str

    def in_(self, lang: Lang) -> str:
        """The text in that language."""
        return self.ja if lang is Lang.JA else self.en


@dataclass(frozen=True, slots=True)
class Phrasings:
    """What people type when they mean an entry; for matching only, never shown."""

    ja: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Both languages, Japanese first."""
        return self.ja + self.en


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; no last day means until further notice."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return self.first <= (other.last or date.max) and other.first <= (self.last or date.max)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands. `url` is empty where people should not be sent there (copies, old mirrors)."""

    id: str
    title: str
    publisher: str
    as_of: str
    grade: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class FactPeriod:
    """What a fact is during one period, ready to be read out, with its sources."""

    period: Period
    text: Bilingual
    sources: tuple[str, ...]
    value: int | float | date | None = None
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """An amount, date, count or version with its history."""

    id: str
    about: str
    periods: tuple[FactPeriod, ...]

    def on(self, day: date) -> FactPeriod | None:
        """What held on that day, or nothing."""
        return next((part for part in self.periods if part.period.covers(day)), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a person can mean, and what the desk says to it.

    `body` is the light Markdown of `entries/_about.md`, still holding `{{ facts.… }}` and source marks.
    `states` holds, per language, words that the answer must contain whatever else is edited: its key facts.
    """

    id: str
    kind: EntryKind
    question: Bilingual
    phrasings: Phrasings
    body: Bilingual
    category: str = ""
    keywords: Phrasings = Phrasings()
    states: Phrasings = Phrasings()
    related: tuple[str, ...] = ()
    offers: str = ""
    owner: str = ""
    valid: Period = Period(date.min)
    as_of: date | None = None
    review_by: date | None = None
    english_of: date | None = None
    answered_by: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class MethodologyFact:
    """One thing known about a methodology, in both languages, with its sources or the lack of them."""

    aspect: str
    text: Bilingual
    sources: tuple[str, ...]
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Methodology:
    """The card of one methodology of the scheme, under its official code.

    `entry` is the answer that talks about it in everyday words, where there is one.
    """

    code: str
    title: Bilingual
    sector: str
    as_of: str
    version: str = ""
    title_unverified: bool = False
    status_unverified: bool = False
    sources: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    entry: str = ""
    phrasings: Phrasings = Phrasings()
    facts: tuple[MethodologyFact, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the scheme with its reading, its English and what else people call it."""

    id: str
    term: str
    reading: str
    english: str
    definition: Bilingual
    synonyms: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """When the office is open: weekday hours in Asia/Tokyo and the days it closes besides holidays.

    `horizon` is the last day up to which national holidays are certain.
    """

    opens: str
    closes: str
    closed_days: frozenset[tuple[int, int]]
    horizon: date
    hours_unverified: bool = True


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything the office knows at one moment, under one name (the hash of its files)."""

    name: str
    entries: Mapping[str, Entry]
    methodologies: Mapping[str, Methodology] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    calendar: OfficeCalendar | None = None
