"""Obligations, nudges and successions as values. Days are Tokyo's unless a recipient's zone is named; moments UTC."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from intents.desk.projects.records import Role
from knowledge.reminder_model import RuleKind


class ObligationState(StrEnum):
    """How an obligation stands: to be done, done, no longer spoken of, or replaced by another date."""

    OPEN = "open"
    DONE = "done"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"


class Answer(StrEnum):
    """What a person says to a nudge."""

    WORKING = "working"
    DONE = "done"
    SNOOZE = "snooze"
    MOVED = "moved"
    CONSULT = "consult"
    STOP = "stop"


class Glimpse(NamedTuple):
    """What a look shows of an obligation: enough to know at what hour somebody may be told of it."""

    id: int
    kind: RuleKind
    due_on: date | None


class Obligation(NamedTuple):
    """One date of one rule for one project, that somebody has to meet; a tuple, because planning reads very many.

    `step` is the last notice that was dealt with, `next_on` the first day on which there may be something to do.
    `told_at` is when its owner was told last, None once they answered. `answer` is the newest one; `asked_second_at` and `asked_staff_at` tell how far it went up without one.
    """

    id: int
    project: int
    subject: str
    rule: str
    key: str
    kind: RuleKind
    due_on: date | None
    estimated: bool = False
    state: ObligationState = ObligationState.OPEN
    next_on: date | None = None
    step: str = ""
    snoozed_to: date | None = None
    told_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    asked_second_at: datetime | None = None
    asked_staff_at: datetime | None = None
    closed_at: datetime | None = None
    why: str = ""
    created_at: datetime | None = None

    @property
    def name(self) -> tuple[str, str]:
        """What tells it from the other obligations of its project."""
        return self.rule, self.key


class NudgeState(StrEnum):
    """What became of one step for one recipient: sent, or passed over for a later one."""

    SENT = "sent"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """One step of an obligation told to one person. `letter` is the key of the letter; `seen_at` their next sign of life."""

    obligation: int
    step: str
    contact: int
    role: Role
    state: NudgeState
    due_on: date
    letter: str
    put_at: datetime
    seen_at: datetime | None = None
    id: int = 0


class SuccessionWhy(StrEnum):
    """What makes us ask who looks after a project now."""

    SAID = "said"
    UNSEEN = "unseen"
    BOUNCED = "bounced"
    GONE = "gone"
    UNREACHED = "unreached"


class SuccessionState(StrEnum):
    """Whether it is still open, somebody took over, or the same person stays."""

    OPEN = "open"
    DONE = "done"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """The question who has taken over a project from a contact, and how far it has gone."""

    id: int
    project: int
    contact: int
    why: SuccessionWhy
    state: SuccessionState
    opened_at: datetime
    asked_second_at: datetime | None = None
    asked_staff_at: datetime | None = None
    case: str = ""
    successor: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""


@dataclass(frozen=True, slots=True)
class Hearer:
    """A contact who may have to be told something, and where they live.

    It presses where it may be over before their next hours; a second one is asked what owners are silent about.
    """

    id: int
    zone: str
    is_pressing: bool
    is_second: bool
