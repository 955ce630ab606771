"""Deadlines as values: the day, how it was found, and the notices before it. Days are Tokyo's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from intents.desk.office_hours import OfficeHours
from intents.desk.projects.records import Round, Window
from knowledge.reminder_model import ReminderRule, RuleKind, RuleVersion, StepRule


class Step(NamedTuple):
    """One notice: `on` is the day it leaves, a working day, `planned` the day before that was looked at."""

    rule: StepRule
    on: date
    planned: date

    @property
    def name(self) -> str:
        """Its name, one of a kind within the deadline."""
        return self.rule.name


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing is sent any more: a code of `wording/deadlines.toml`, and the day if there is one."""

    why: str
    on: date | None = None


class Deadline(NamedTuple):
    """One date of one subject by one rule; a tuple, because millions of them are made and dropped again.

    `key` tells it from the rule's other dates for the subject and is the same however often it is counted.
    `due_on` is None where the date is not known and people are asked to find out. `estimated`: counted by us and not
    written in a plan or entered by the office. `inputs` are the fields it was counted from, `reason` a code of
    `wording/deadlines.toml` that tells the arithmetic. `missing` names fields without which it cannot be counted, and
    then there are no steps. `warnings` are codes as well. `version` is the rule as it was counted by; None: the newest.
    """

    subject: str
    rule: ReminderRule
    kind: RuleKind
    key: str
    due_on: date | None
    estimated: bool
    steps: tuple[Step, ...]
    reason: str
    inputs: tuple[tuple[str, str], ...] = ()
    stopped: Stop | None = None
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    about: str = ""
    version: RuleVersion | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Almanac:
    """Everything besides a project that dates are counted from; the same one is made ready once for all projects.

    `settings` are what the office entered for a rule, by rule and name; `enabled` overrides a rule's own switch.
    """

    rules: Mapping[str, ReminderRule]
    hours: OfficeHours
    rounds: tuple[Round, ...] = ()
    windows: tuple[Window, ...] = ()
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    enabled: Mapping[str, bool] = field(default_factory=dict)

    def round(self, number: int | None) -> Round | None:
        """The committee round of that number."""
        return next((one for one in self.rounds if one.number == number), None)

    def is_on(self, rule: str) -> bool:
        """Whether a rule is sent."""
        return self.enabled.get(rule, self.rules[rule].enabled)
