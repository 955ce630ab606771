"""The kinds of deadlines as frozen records: what is due, from what it is counted, and what is said before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.model import Lang


class RuleKind(StrEnum):
    """How firm a deadline is: a rule of the scheme, a date the office enters, good practice, or not confirmed."""

    HARD = "hard"
    OFFICE = "office"
    PRACTICE = "practice"
    UNVERIFIED = "unverified"


class RuleSubject(StrEnum):
    """What a rule speaks of; only that of a project is sent as a nudge to the people of the project."""

    PROJECT = "project"
    OFFICE = "office"
    SEMINAR = "seminar"
    MEETING = "meeting"
    CONSULTATION = "consultation"


class Unit(StrEnum):
    """In what a distance in time is counted; working days are those of the office."""

    DAYS = "days"
    MONTHS = "months"
    WORKING_DAYS = "working_days"


class Shift(StrEnum):
    """Where a notice goes whose day is no working day; the deadline itself never moves."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Span:
    """A distance in time, negative towards the past; months are calendar months that end with the month."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class StepRule:
    """One notice of a rule: how far from which anchor of the formula, and what it asks for.

    `anchor` is `due` for the deadline itself or another day that the formula names.
    """

    name: str
    span: Span
    what: Mapping[Lang, str]
    anchor: str = "due"


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it stands from a day on, with its sources; `as_of` is the day on which those were read.

    `amounts` are the numbers of the formula, by name, such as `months = 24`.
    """

    valid_from: date
    kind: RuleKind
    formula: str
    amounts: Mapping[str, int]
    steps: tuple[StepRule, ...]
    shift: Shift
    sources: tuple[str, ...]
    as_of: date


@dataclass(frozen=True, slots=True)
class SettingRule:
    """Something that the office has to enter before a rule can be counted: a date, a number of days, a month."""

    name: str
    kind: str  # one of `knowledge.reminder_settings.KINDS`
    about: Mapping[Lang, str]
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """One kind of deadline: DL-01 and so on.

    `enabled` is whether it is sent without anybody switching it on. `applies` narrows the projects: `forest` or
    `not_forest`, `programme`, and methodology codes. `next` says what to do, `consequence` what happens else,
    `stops` what ends its notices.
    """

    id: str
    title: Mapping[Lang, str]
    subject: RuleSubject
    enabled: bool
    basis: Mapping[Lang, str]
    caution: Mapping[Lang, str]
    next: Mapping[Lang, str]
    consequence: Mapping[Lang, str]
    stops: Mapping[Lang, str] = field(default_factory=dict)
    applies: frozenset[str]
    settings: tuple[SettingRule, ...]
    versions: tuple[RuleVersion, ...]

    def on(self, day: date) -> RuleVersion | None:
        """The version in force on a day; None before the first."""
        return next((one for one in reversed(self.versions) if one.valid_from <= day), None)
