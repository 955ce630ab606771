"""What the heart needs from outside, as protocols: `storage` fulfils them, tests do so by hand."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intents.messages import Action


class Outcome(StrEnum):
    """How a question ended, for the reports: the five kinds of the router."""

    ANSWER = "answer"
    CHOICES = "choices"
    COMMAND = "command"
    SMALLTALK = "smalltalk"
    UNKNOWN = "unknown"


class Tokens(Protocol):
    """Opaque names of what buttons do."""

    def issue(self, action: Action) -> str:
        """Stores the action and gives the token that a button carries."""
        ...


class Answers(Protocol):
    """The record of what was asked and what was said to it."""

    def record(self, *, asked: str, outcome: Outcome, entry: str, confidence: float) -> None:
        """Keeps what this turn's question found; confidence is 0..1."""
        ...

    def rate(self, event: int, *, helpful: bool) -> bool:
        """Keeps a vote on the answer of that event; the newest vote counts. False when it is not there."""
        ...


class Cases(Protocol):
    """What staff must look at."""

    def open(self, kind: str, summary: str) -> str:
        """Opens a case for this turn and gives its receipt number; a second call gives the same one."""
        ...

    def latest(self, kind: str) -> str:
        """The number of the newest case of that kind in this conversation; empty when there is none."""
        ...


class Work(Protocol):
    """One transaction, as the rules see it: this turn's event and the stores they may use."""

    @property
    def event(self) -> int:
        """The inbox row of this turn."""
        ...

    @property
    def now(self) -> datetime:
        """The moment of this turn, UTC."""
        ...

    @property
    def tokens(self) -> Tokens:
        """The action tokens."""
        ...

    @property
    def answers(self) -> Answers:
        """The record of answers."""
        ...

    @property
    def cases(self) -> Cases:
        """The cases."""
        ...
