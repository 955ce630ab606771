"""Buttons: what they say, and the opaque token that each carries."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says and the opaque token that it carries."""

    label: str
    token: str


class ChoiceStyle(StrEnum):
    """What a row of choices is: an answer to our question, a vote, a next step on offer, steering a dialog, or
    confirming it, where the first button submits; FORMS each bring a form to fill in; WORDS stay as
    long as what they stand below, and can be typed.

    In plain text votes are left out, and steering and WORDS are by word: a number there answers the question.
    """

    ASK = "ask"
    FEEDBACK = "feedback"
    OFFER = "offer"
    STEER = "steer"
    CONFIRM = "confirm"
    FORMS = "forms"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Choices:
    """Buttons under a sentence; in plain text, numbered lines that a digit answers."""

    prompt: str
    options: tuple[Choice, ...]
    style: ChoiceStyle = ChoiceStyle.ASK
    kind: Literal["choices"] = "choices"
