"""Surveys and their answers, as values. All moments are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intents.desk.books import Recipient

QUESTION_LIMIT = 8
SCALE = ("1", "2", "3", "4", "5")


class Kind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    ONE = "one"
    SEVERAL = "several"
    TEXT = "text"


class SurveyMoment(StrEnum):
    """Whether it is answered before the event, to prepare it, or after it."""

    BEFORE = "before"
    AFTER = "after"


class SurveyState(StrEnum):
    """Only an open survey takes answers."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyQuestion:
    """One question: options to choose from, or what the ends of the scale from 1 to 5 mean, or the theme of a text."""

    text: str
    kind: Kind
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    theme: str = ""
    required: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """What can be answered; nothing where it is answered freely."""
        return SCALE if self.kind is Kind.SCALE else self.options


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSurvey:
    """What staff ask about a seminar or a meeting, whose id is `seminar`; 1 to 8 questions."""

    title: str
    seminar: int
    closes_at: datetime
    questions: tuple[SurveyQuestion, ...]
    moment: SurveyMoment = SurveyMoment.AFTER
    state: SurveyState = SurveyState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(NewSurvey):
    """A survey in the books."""

    id: int
    created_at: datetime

    @property
    def number(self) -> str:
        """What people call it by: Q-0001."""
        return f"Q-{self.id:04d}"

    @property
    def subject(self) -> str:
        """Its name in the audit."""
        return f"survey:{self.number}"


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who may answer: the number of their registration or invitation, and from where an organiser reads them.

    `group` is the prefecture and department of an invitation; empty for a registration, which stays unnamed.
    """

    number: str
    name: str
    to: Recipient
    group: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """When somebody was asked to answer, and reminded."""

    respondent: str
    asked_at: datetime
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """What somebody answers: the values by the question's number from 1; what was left out is not there."""

    respondent: str
    person: str
    answers: Mapping[str, tuple[str, ...]]
    comment: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(NewAnswer):
    """An answer that counts; replaced ones are kept beside it."""

    id: int
    answered_at: datetime
