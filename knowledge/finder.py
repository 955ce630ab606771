"""The questions that tell methodologies apart, and the rules of a first look at eligibility, from `finder/*.toml`.

A question's options name the codes that each keeps. A rule's options say how each answer looks: nothing that no
source confirms may look better or worse than "ask".
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from knowledge.complaints import Complaint, unknown
from knowledge.model import Bilingual, Edition, Period
from knowledge.shapes import Filled, PairShape, Shape

FOLDER = Path(__file__).parent / "finder"
QUESTIONS_FILE, RULES_FILE = "questions.toml", "rules.toml"
# The answer that every question takes and that keeps everything.
UNSURE = "unsure"


class Outcome(StrEnum):
    """How an answer looks at first sight: fine, not to be expected, or to be asked."""

    OK = "ok"
    STOP = "stop"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class FinderOption:
    """One answer and the methodology codes that it keeps."""

    value: str
    label: Bilingual
    keeps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FinderQuestion:
    """A question that tells methodologies apart; unverified where it rests on titles or old versions."""

    id: str
    text: Bilingual
    options: tuple[FinderOption, ...]
    sources: tuple[str, ...] = ()
    unverified: bool = False

    @property
    def about(self) -> frozenset[str]:
        """The codes that it can judge."""
        return frozenset(code for option in self.options for code in option.keeps)


@dataclass(frozen=True, slots=True)
class RuleOption:
    """One answer to a rule's question and how it looks; `text` may hold places."""

    value: str
    label: Bilingual
    outcome: Outcome
    text: Bilingual
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition of registration, valid in a period.

    `only` and `but_not` are beginnings of codes. With `window_years` the answer is a day and the options are
    planned, within, soon (so many days or fewer are left) and past.
    """

    id: str
    ask: Bilingual
    options: tuple[RuleOption, ...]
    valid: Period
    sources: tuple[str, ...]
    unverified: bool = False
    only: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    window_years: int = 0
    soon_days: int = 0

    def concerns(self, code: str) -> bool:
        """Whether it applies to that methodology; with no code yet, whether it applies to all."""
        if not code:
            return not self.only
        return (not self.only or code.startswith(self.only)) and not code.startswith(self.but_not)


@dataclass(frozen=True, slots=True)
class Finder:
    """The questions and the rules, each in the order in which they are asked.

    `light` are words, as the understanding knows them, that say nothing about which methodology is meant.
    """

    questions: tuple[FinderQuestion, ...]
    rules: tuple[Rule, ...]
    light: frozenset[str]


class _OptionShape(Shape):
    value: Filled
    ja: Filled
    en: Filled
    keeps: Annotated[tuple[str, ...], Field(min_length=1)]


class _QuestionShape(Shape):
    text: PairShape
    options: Annotated[tuple[_OptionShape, ...], Field(min_length=2)]
    sources: tuple[str, ...] = ()
    unverified: bool = False


class _QuestionsShape(Shape):
    light: tuple[Filled, ...]
    unsure: PairShape
    questions: dict[str, _QuestionShape]


class _RuleOptionShape(Shape):
    value: Filled
    label: PairShape
    outcome: Outcome
    ja: Filled
    en: Filled
    unverified: bool = False


class _RuleShape(Shape):
    ask: PairShape
    options: Annotated[tuple[_RuleOptionShape, ...], Field(min_length=2)]
    valid_from: date
    valid_to: date | None = None
    sources: tuple[str, ...]
    unverified: bool = False
    only: tuple[str, ...] = ()
    but_not: tuple[str, ...] = Field(default=(), alias="except")
    window_years: int = 0
    soon_days: int = 0


class _RulesShape(Shape):
    rules: dict[str, _RuleShape]


@cache
def load_finder(folder: Path = FOLDER) -> Finder:
    """Reads the two files; raises pydantic's ValidationError that names what is wrong with them."""
    asked = _QuestionsShape.model_validate(_table(folder / QUESTIONS_FILE))
    unsure = Bilingual(asked.unsure.ja, asked.unsure.en)
    rules = _RulesShape.model_validate(_table(folder / RULES_FILE)).rules
    return Finder(
        tuple(_question(id_, shape, unsure) for id_, shape in asked.questions.items()),
        tuple(_rule(id_, shape) for id_, shape in rules.items()),
        frozenset(asked.light),
    )


def finder_complaints(finder: Finder, edition: Edition) -> Iterator[Complaint]:
    """Every code and source that does not exist, and every rule that claims more than its sources."""
    for question in finder.questions:
        for code in sorted(question.about - set(edition.methodologies)):
            yield unknown(QUESTIONS_FILE, f"{question.id}.options", code, edition.methodologies)
        yield from _sources(edition, QUESTIONS_FILE, question.id, question.sources)
        if not question.sources and not question.unverified:
            yield Complaint(QUESTIONS_FILE, f"{question.id}.sources", "missing_source")
    for rule in finder.rules:
        yield from _sources(edition, RULES_FILE, rule.id, rule.sources)
        for option in rule.options:
            certain = bool(rule.sources) and not (rule.unverified or option.unverified)
            if not certain and option.outcome is not Outcome.ASK:
                yield Complaint(RULES_FILE, f"{rule.id}.{option.value}", "missing_source")


def _sources(edition: Edition, file: str, where: str, named: tuple[str, ...]) -> Iterator[Complaint]:
    for source in named:
        if source not in edition.sources:
            yield unknown(file, f"{where}.sources", source, edition.sources)


def _table(file: Path) -> Mapping[str, object]:
    return tomllib.loads(file.read_text("utf-8"))


def _question(id_: str, shape: _QuestionShape, unsure: Bilingual) -> FinderQuestion:
    options = [FinderOption(each.value, Bilingual(each.ja, each.en), each.keeps) for each in shape.options]
    text = Bilingual(shape.text.ja, shape.text.en)
    return FinderQuestion(
        id_, text, (*options, FinderOption(UNSURE, unsure, ())), shape.sources, shape.unverified
    )


def _rule(id_: str, shape: _RuleShape) -> Rule:
    options = tuple(
        RuleOption(
            each.value,
            Bilingual(each.label.ja, each.label.en),
            each.outcome,
            Bilingual(each.ja, each.en),
            each.unverified or shape.unverified,
        )
        for each in shape.options
    )
    rest = shape.model_dump(exclude={"ask", "options", "valid_from", "valid_to"})
    valid = Period(shape.valid_from, shape.valid_to)
    return Rule(id=id_, ask=Bilingual(shape.ask.ja, shape.ask.en), options=options, valid=valid, **rest)
