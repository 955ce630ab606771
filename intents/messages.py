"""The words the whole product speaks: what came in and what goes out; `actions` holds what a button does.

Text is a small tree, never a channel's markup; each channel has one renderer that escapes it.
`kind` names each value when it is stored or sent as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from intents.actions import BY_KIND
from intents.actions import Action as Action
from intents.actions import DoCase as DoCase
from intents.actions import FillIn as FillIn
from intents.actions import GiveAnswer as GiveAnswer
from intents.actions import GiveFeedback as GiveFeedback
from intents.actions import NoneOfThese as NoneOfThese
from intents.actions import RunCommand as RunCommand
from intents.actions import ShowCategory as ShowCategory
from intents.actions import ShowEntry as ShowEntry
from intents.actions import Steer as Steer
from intents.actions import Step as Step
from intents.choices import Choice as Choice
from intents.choices import Choices as Choices
from intents.choices import ChoiceStyle as ChoiceStyle
from intents.forms import Appointment as Appointment
from intents.forms import Field as Field
from intents.forms import FieldKind as FieldKind
from intents.forms import Form as Form
from intents.forms import Option as Option
from knowledge.model import Lang
from knowledge.text import Link as Link
from knowledge.text import Strong as Strong
from knowledge.text import Text as Text

# ---------------------------------------------------------------- in


@dataclass(frozen=True, slots=True)
class Said:
    """A person typed something; `files` is how many files came with it, which stay where the channel keeps them."""

    text: str
    files: int = 0
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button; the token is all that is believed of it."""

    token: str
    kind: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A person opened the conversation and has not said anything yet."""

    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A person sent a form: its token, and the text of each of its fields by name."""

    token: str
    fields: Mapping[str, str]
    kind: Literal["submitted"] = "submitted"


@dataclass(frozen=True, slots=True)
class Called:
    """A person called an order by its name, as the words of a slash command do.

    `given` answers questions of its dialog beforehand, such as what a consultation is about. Where an order is typed
    like anything else, `typed` holds its words: within a dialog or a talk they are what they say.
    """

    command: str
    given: Mapping[str, str] = field(default_factory=dict)
    typed: str = ""
    kind: Literal["called"] = "called"


@dataclass(frozen=True, slots=True)
class OnCard:
    """Somebody wrote below the card of a case in a room of staff, or marked what stands there.

    `card` and `reference` are the channel's names of the card and of the message. What is `passed` goes to the
    requester; with an empty text it is a note that stands there already.
    """

    card: str
    reference: str
    text: str
    passed: bool = False
    kind: Literal["on_card"] = "on_card"


Content = Annotated[Said | Pressed | Opened | Submitted | Called | OnCard, BY_KIND]


class Lane(StrEnum):
    """Whether the reply is the answer to the request itself, or follows through the outbox."""

    FAST = "fast"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event from a channel, verified and normalised.

    `event_key` is unique per channel: a second delivery of the same event carries the same key.
    `conversation` orders what belongs together; `address` is where the channel sends the reply.
    """

    channel: str
    event_key: str
    conversation: str
    person: str
    content: Content
    address: Mapping[str, str]
    received_at: datetime
    lang: Lang | None = None
    lane: Lane = Lane.SLOW


# ---------------------------------------------------------------- inline text


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a source in the list below the answer."""

    number: int
    kind: Literal["mark"] = "mark"


Inline = Annotated[Text | Strong | Link | Mark, BY_KIND]
Line = tuple[Inline, ...]

# ---------------------------------------------------------------- out


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    line: Line
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the answer is about."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[Line, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values."""

    rows: tuple[tuple[str, Line], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One numbered source, ready to be read; `url` is empty where nobody should be sent."""

    number: int
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the answer stands and the day it was checked; both already in the reader's language."""

    title: str
    items: tuple[SourceLine, ...]
    as_of: str
    kind: Literal["sources"] = "sources"


Part = Annotated[Heading | Paragraph | Bullets | Facts | Sources | Choices | Form | Appointment, BY_KIND]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the desk says at one turn, in one language."""

    parts: tuple[Part, ...]
    lang: Lang


def plain(line: Line) -> str:
    """The words of a line without any markup; source marks become [1]."""
    return "".join(_plain(piece) for piece in line)


def _plain(piece: Inline) -> str:
    match piece:
        case Text(text) | Strong(text):
            return text
        case Link(text, url):
            return f"{text} ({url})"
        case Mark(number):
            return f"[{number}]"


def numbered(part: Part) -> tuple[Choice, ...]:
    """The buttons of a part that plain text numbers: not votes, and not what steers a dialog."""
    match part:
        case (
            Choices(_, options, ChoiceStyle.ASK | ChoiceStyle.OFFER | ChoiceStyle.CONFIRM)
            | Form(options=options)
        ):
            return options
        case _:
            return ()
