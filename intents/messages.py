"""The words the whole product speaks: what came in, what goes out, and what a button means.

Text is a small tree, never a channel's markup; each channel has one renderer that escapes it.
`kind` names each value when it is stored or sent as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from knowledge.model import Lang
from knowledge.text import Link as Link
from knowledge.text import Strong as Strong
from knowledge.text import Text as Text

# ---------------------------------------------------------------- in


@dataclass(frozen=True, slots=True)
class Said:
    """A person typed something."""

    text: str
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


Content = Said | Pressed | Opened


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


Inline = Text | Strong | Link | Mark
Line = tuple[Inline, ...]

# ---------------------------------------------------------------- what a button does


@dataclass(frozen=True, slots=True)
class ShowEntry:
    """Answer with this entry. `asked` is the question that led here, for the authors."""

    entry: str
    asked: str = ""
    kind: Literal["show_entry"] = "show_entry"


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Start or steer something, as if its name had been typed; `asked` is the question that led here."""

    command: str
    asked: str = ""
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


Action = ShowEntry | RunCommand | GiveFeedback | NoneOfThese | ShowCategory

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


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says and the opaque token that it carries."""

    label: str
    token: str


class ChoiceStyle(StrEnum):
    """What a row of choices is: an answer to our question, a vote, or a next step on offer."""

    ASK = "ask"
    FEEDBACK = "feedback"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Choices:
    """Buttons under a sentence; in plain text, numbered lines that a digit answers."""

    prompt: str
    options: tuple[Choice, ...]
    style: ChoiceStyle = ChoiceStyle.ASK
    kind: Literal["choices"] = "choices"


Part = Heading | Paragraph | Bullets | Facts | Sources | Choices


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
