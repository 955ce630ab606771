"""What the heart needs from outside, as protocols: `storage` fulfils them, tests do so by hand."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from intents.conversation import Draft
from intents.desk.books import Recipient
from intents.desk.consultation_books import ConsultationBooks
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.linking import Codes
from intents.desk.offset_books import OffsetBooks
from intents.desk.seminar_books import SeminarBooks
from intents.desk.survey_books import SurveyBooks
from intents.messages import Action, Part
from knowledge.model import Lang

T = TypeVar("T")


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


class People(Protocol):
    """What the person of this turn told us and agreed to, and the codes with which they move elsewhere."""

    def known(self) -> dict[str, str]:
        """What they said before, by the name of the question."""
        ...

    def remember(self, texts: Mapping[str, str]) -> None:
        """Keeps what may be proposed next time."""
        ...

    def agree(self, purpose: str, version: str, mail: str = "") -> None:
        """Keeps their consent to a purpose, with the version of the text that was shown, also for that address."""
        ...

    def inherit(self, person: str, purpose: str) -> None:
        """What another person agreed to and has not withdrawn holds for this one, who opened a letter to them."""
        ...

    def agreed(self) -> tuple[str, ...]:
        """The purposes that they agree to now."""
        ...

    def withdraw(self, purpose: str, person: str = "", mail: str = "") -> int:
        """Ends their consent to a purpose, or that of whom a letter's link names, and drops its letters."""
        ...

    def unreachable(self) -> None:
        """Nothing more is said unasked where they talk now, until they write there again."""
        ...

    def issue_code(self) -> str:
        """A code with which the dialogs of this conversation move to another one, once, for 15 minutes."""
        ...

    def take_code(self, code: str) -> tuple[Draft, ...] | None:
        """The dialogs of the conversation that a code opens, taken away from there; nothing for a bad code."""
        ...


class Work(Protocol):
    """What answering needs: this turn's event, its moment, and the stores that any answer may use."""

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


class Turn(Work, SurveyBooks, SeminarBooks, ConsultationBooks, OffsetBooks, NudgeBooks, Protocol):
    """One transaction, as the rules see it: this turn's event and everything the office remembers."""

    @property
    def person(self) -> str:
        """The channel and the channel's name of this turn's person."""
        ...

    @property
    def overheard(self) -> bool:
        """Whether others look on where this turn's person talks, as in a channel of Slack."""
        ...

    @property
    def alone_at_home(self) -> bool:
        """Whether this turn's person looks at their own page of the desk, which shows what the desk chooses."""
        ...

    @property
    def people(self) -> People:
        """The person of this turn."""
        ...

    @property
    def codes(self) -> Codes:
        """The codes with which this turn's person shows whose mail they read."""
        ...

    def attempt(self, work: Callable[[], T], keep: Callable[[T], bool]) -> T:
        """Does something whose writing is kept only if its result is to be kept."""
        ...

    def said(self, event: int) -> tuple[Part, ...]:
        """What the desk said to an earlier event of this conversation."""
        ...

    def act_as(self, actor: str) -> None:
        """From now on this turn's changes are those of one of staff."""
        ...

    def recipient(self, mail: str, lang: Lang) -> Recipient:
        """This turn's person as somebody to write to later."""
        ...
