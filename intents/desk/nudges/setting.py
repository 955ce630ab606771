"""What nudging works with besides the books: the edition, its hours and rules, and the terms of nudging."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from intents.desk.deadlines.almanac import almanac_of
from intents.desk.deadlines.records import Almanac
from intents.desk.nudges.records import Obligation
from intents.desk.office_hours import OfficeHours
from intents.desk.practice import Practice, practice_of
from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.records import Window
from knowledge.model import Edition, Lang
from knowledge.nudge_terms import NudgeTerms, load_nudge_terms
from knowledge.reminder_model import ReminderRule, RuleVersion
from knowledge.reminders import load_rules


@dataclass(frozen=True, slots=True)
class Setting:
    """One edition's way of nudging; `rules_digest` tells it from another one."""

    edition: Edition
    practice: Practice
    terms: NudgeTerms
    rules: Mapping[str, ReminderRule]
    rules_digest: str

    @property
    def hours(self) -> OfficeHours:
        """When the office works."""
        return self.practice.hours

    def title(self, rule: str, lang: Lang) -> str:
        """What a rule is called; its name, if the edition has it no more."""
        found = self.rules.get(rule)
        return found.title[lang] if found else rule

    def titles(self, found: Collection[Obligation], lang: Lang) -> str:
        """What obligations are called, each rule once."""
        return ", ".join(dict.fromkeys(self.title(one.rule, lang) for one in found))

    def almanac(self, books: ProjectBooks) -> Almanac:
        """The almanac of these books."""
        return almanac_of(books, self.hours)


def digest_of(rules: Mapping[str, ReminderRule]) -> str:
    """A name for these rules that every process gives them."""
    return _digest(*(repr(_stable(rules[id_])) for id_ in sorted(rules)))


def _stable(rule: ReminderRule) -> tuple[object, ...]:
    # A set has no order of its own, and another one in each process.
    parts = (rule.id, rule.enabled, sorted(rule.applies), rule.settings)
    return (*parts, tuple((one.valid_from, one.kind, one.formula, *_amounts(one)) for one in rule.versions))


def _amounts(version: RuleVersion) -> tuple[object, ...]:
    steps = [(one.name, one.span, one.anchor) for one in version.steps]
    return sorted(version.amounts.items()), steps, version.shift


def planned_by(setting: Setting, almanac: Almanac, on: date) -> str:
    """A name for everything besides its own data that a project's obligations follow from on a day."""
    return _planned_by(setting.rules_digest, almanac, on)


@lru_cache(maxsize=4)
def _planned_by(rules_digest: str, almanac: Almanac, on: date) -> str:
    versions = [(id_, rule.on(on)) for id_, rule in sorted(almanac.rules.items())]
    inforce = [(id_, version.valid_from) for id_, version in versions if version]
    entered = (
        sorted((rule, sorted(one.items())) for rule, one in almanac.settings.items()),
        sorted(almanac.enabled.items()),
    )
    dates = (almanac.rounds, [_window(one) for one in almanac.windows])
    hours = (almanac.hours.opens, sorted(almanac.hours.closed_days), almanac.hours.horizon)
    return _digest(rules_digest, repr(inforce), repr(entered), repr(dates), repr(hours))


def _window(window: Window) -> tuple[object, ...]:
    # How much of the money is gone moves no date.
    return window.id, window.kind, window.year, *_days(window)


def _days(window: Window) -> tuple[object, ...]:
    return window.announced_on, window.opens_on, window.closes_at, window.closed_at


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def setting_of(edition: Edition) -> Setting:
    """The way of nudging that belongs to an edition."""
    rules = load_rules()
    return Setting(edition, practice_of(edition), load_nudge_terms(), rules, _rules_digest())


@cache
def _rules_digest() -> str:
    return digest_of(load_rules())
