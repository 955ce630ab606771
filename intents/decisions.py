"""What can be decided about a message: a closed list of values, each carried out by one function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from intents.actions import FillIn, GiveAnswer, Steer
from intents.desk.case_records import Case
from intents.desk.nudges.records import Answer
from intents.messages import OnCard
from intents.understanding.router import Reading


@dataclass(frozen=True, slots=True)
class AnswerWith:
    """Read this entry out."""

    entry: str


@dataclass(frozen=True, slots=True)
class AskBack:
    """Several things may be meant: ask which; `signpost` says whose business else it may be."""

    entries: tuple[str, ...]
    asked: str
    signpost: str = ""


@dataclass(frozen=True, slots=True)
class Obey:
    """Do what a command says; `again` when the same button said so before."""

    command: str
    asked: str = ""
    again: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Define:
    """Say what a word means; `entries` are questions that may have been meant by it."""

    term: str
    entries: tuple[str, ...]
    asked: str


@dataclass(frozen=True, slots=True)
class Direct:
    """Say that this is somebody else's business, and whose."""

    entry: str
    asked: str


@dataclass(frozen=True, slots=True)
class NotListed:
    """Say that a methodology of that code is not in the office's list."""

    code: str
    asked: str


@dataclass(frozen=True, slots=True)
class Chat:
    """Return a courtesy."""

    entry: str


@dataclass(frozen=True, slots=True)
class Admit:
    """Say that we do not know, and offer a person; `again` when the same button said so before."""

    asked: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Thank:
    """Keep a vote and thank for it; an answer that did not help is followed up."""

    event: int
    entry: str
    helpful: bool


@dataclass(frozen=True, slots=True)
class ListCategory:
    """Show the questions of one category."""

    category: str


@dataclass(frozen=True, slots=True)
class TakeText:
    """A text typed while a dialog is open: its answer, a step, or an aside, which `read` understands."""

    text: str
    read: Callable[[], Reading]


@dataclass(frozen=True, slots=True)
class TakeForm:
    """Fill the open dialog in from a form."""

    draft: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A button of a dialog: an answer, a step, or the form itself."""

    action: GiveAnswer | FillIn | Steer


@dataclass(frozen=True, slots=True)
class TakeCode:
    """Go on here with a dialog from elsewhere."""

    code: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """Say what the desk does and where to begin."""


@dataclass(frozen=True, slots=True)
class Shorten:
    """Ask for a shorter message; it had that many characters."""

    length: int


@dataclass(frozen=True, slots=True)
class Regret:
    """A button that works no longer."""


@dataclass(frozen=True, slots=True)
class TellPerson:
    """Pass this on to the one of staff who is talking with the person."""

    text: str
    case: Case
    files: int = 0


@dataclass(frozen=True, slots=True)
class ActOnCase:
    """One of staff does something to a case; `fields` are those of its form, None when it was only pressed."""

    case: str
    act: str
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class WriteOnCase:
    """One of staff wrote below a case's card, or marked a note of theirs."""

    content: OnCard


@dataclass(frozen=True, slots=True)
class AnswerNudge:
    """Do what the answer to a nudge says; `text` may also name a day."""

    answer: Answer
    text: str


ForStaff = ActOnCase | WriteOnCase
InDialog = TakeText | TakeForm | TakeStep | TakeCode
Outside = (
    AnswerWith
    | AskBack
    | Define
    | Direct
    | NotListed
    | Obey
    | Chat
    | Admit
    | Thank
    | ListCategory
    | Welcome
    | Shorten
    | Regret
)
Decision = InDialog | Outside | TellPerson | ForStaff | AnswerNudge
