"""What the desk remembers of a conversation between two messages."""

from dataclasses import dataclass

from knowledge.model import Lang


@dataclass(frozen=True, slots=True)
class Conversation:
    """The memory of one conversation.

    `options` are the tokens of the choices last shown, so that a typed "2" presses the second.
    `misses` counts the questions in a row that found no answer; `topic` is the last entry shown.
    """

    lang: Lang = Lang.JA
    topic: str = ""
    options: tuple[str, ...] = ()
    misses: int = 0
