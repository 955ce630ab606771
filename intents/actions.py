"""What a button does: a stored value that its opaque token stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Discriminator


@dataclass(frozen=True, slots=True)
class ShowEntry:
    """Answer with this entry. `asked` is the question that led here, for the authors."""

    entry: str
    asked: str = ""
    kind: Literal["show_entry"] = "show_entry"


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Start or steer something, as if its name had been typed; `asked` is the question that led here.

    `given` answers questions of the dialog beforehand, such as which seminar is meant. An `own` one is for the
    person to whom it was shown, also where others look on.
    """

    command: str
    asked: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    own: bool = False
    kind: Literal["run_command"] = "run_command"


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Say whether the answer of that event helped."""

    event: int
    entry: str
    helpful: bool
    kind: Literal["give_feedback"] = "give_feedback"


@dataclass(frozen=True, slots=True)
class NoneOfThese:
    """None of the offered choices was meant."""

    asked: str
    kind: Literal["none_of_these"] = "none_of_these"


@dataclass(frozen=True, slots=True)
class ShowCategory:
    """List the questions of one category."""

    category: str
    kind: Literal["show_category"] = "show_category"


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """Answer one question of an open dialog with this text."""

    draft: str
    question: str
    text: str
    kind: Literal["give_answer"] = "give_answer"


@dataclass(frozen=True, slots=True)
class FillIn:
    """Fill in the form of an open dialog: a submitted form answers with it, a press asks for the form."""

    draft: str
    kind: Literal["fill_in"] = "fill_in"


class Step(StrEnum):
    """How a dialog is steered besides answering."""

    CONFIRM = "confirm"
    BACK = "back"
    CHANGE = "change"
    SKIP = "skip"
    CANCEL = "cancel"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Steer:
    """Steer an open dialog; `question` is what shall be changed."""

    draft: str
    step: Step
    question: str = ""
    kind: Literal["steer"] = "steer"


@dataclass(frozen=True, slots=True)
class DoCase:
    """Do something to a case, as one of staff: a press does it or asks for its form, a sent form does it."""

    case: str
    act: str
    kind: Literal["do_case"] = "do_case"


_Actions = (
    ShowEntry | RunCommand | GiveFeedback | NoneOfThese | ShowCategory | GiveAnswer | FillIn | Steer | DoCase
)
# Which one a stored value is, its name says: trying each in turn takes five times as long.
BY_KIND = Discriminator("kind")
Action = Annotated[_Actions, BY_KIND]
