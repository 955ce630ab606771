"""What a card shows: its literal texts, its buttons, its inputs, in order."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.teams.elements import weight

Element = dict[str, Any]


def cards_of(messages: list[dict[str, Any]]) -> list[Element]:
    """The cards of some messages."""
    return [message["attachments"][0]["content"] for message in messages]


def every(value: object) -> Iterator[Element]:
    """Each object in a card with a type, outermost first; not the fallbacks, which show the same."""
    if isinstance(value, Mapping):
        if "type" in value:
            yield dict(value)
        yield from (one for name, inner in value.items() if name != "fallback" for one in every(inner))
    elif isinstance(value, list):
        yield from (one for inner in value for one in every(inner))


def lines_of(*cards: object) -> list[str]:
    """The text of each block."""
    blocks = (one for card in cards for one in every(card) if one["type"] == "RichTextBlock")
    return ["".join(run["text"] for run in block["inlines"]) for block in blocks]


def words_of(*cards: object) -> str:
    """All the text."""
    return "".join(lines_of(*cards))


def buttons_of(*cards: object) -> list[Element]:
    """The buttons."""
    return [one for card in cards for one in every(card) if one["type"] == "Action.Execute"]


def inputs_of(*cards: object) -> list[Element]:
    """The inputs."""
    return [one for card in cards for one in every(card) if str(one["type"]).startswith("Input.")]


def within_limits(card: Element) -> bool:
    """Whether Teams takes a card."""
    runs = (one for one in every(card) if one["type"] == "TextRun")
    sets = (one for one in every(card) if one["type"] == "ActionSet")
    few = all(len(one["actions"]) <= 5 for one in sets)
    return weight(card) <= 24_000 and few and all(0 < len(run["text"]) < 4000 for run in runs)
