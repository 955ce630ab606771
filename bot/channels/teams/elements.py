"""What cards are made of: literal texts, and buttons in rows; each element has room in a card.

Texts are `TextRun`s, which read no markdown; `TextBlock` and `FactSet` would.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from intents.messages import Choice, Inline, Line, Link, Mark, Strong, Text
from knowledge.links import web_address

# Teams takes 28 KB; what is around the body needs less than ENVELOPE.
CARD_BYTES, ENVELOPE, BLOCK_BYTES = 24_000, 400, 16_000
ROOM = CARD_BYTES - ENVELOPE
RUN, ADDRESS, LABEL, TITLE = 2500, 1000, 120, 40
# Buttons of one row: Teams shows five of a set, and squeezes those that a narrow chat has no room for.
ACTIONS, ROW, PADDING = 5, 50, 6
PRESS, FORM, SUBMIT = "press", "form", "submit"
Element = dict[str, Any]
STRONG: Element = {"weight": "Bolder"}
SUBTLE: Element = {"size": "Small", "isSubtle": True}
HEADING: Element = {"size": "Large", "weight": "Bolder"}
WRONG: Element = {"color": "Attention", "weight": "Bolder"}
# What is gone once a card was used stands in a container.
PASSING = "Container"
_LINK: Element = {"color": "Accent", "underline": True}


def weight(value: object) -> int:
    """The bytes of a value in a card, with what parts it from its neighbour."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")) + 1


def pages(body: Iterable[Element], room: int = ROOM) -> Iterator[list[Element]]:
    """The elements in order, in groups of at most so many bytes; one that is larger stands alone."""
    page: list[Element] = []
    left = room
    for element in body:
        size = weight(element)
        if page and size > left:
            yield page
            page, left = [], room
        page.append(element)
        left -= size
    if page:
        yield page


def cut(words: str, limit: int) -> str:
    """The words, or as many as there is room for."""
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


# ---------------------------------------------------------------- text


def text(words: str, look: Element | None = None) -> Iterator[Element]:
    """Literal words, a block for each line of them."""
    yield from text_blocks((Text(words),), look)


def text_blocks(line: Line, look: Element | None = None) -> Iterator[Element]:
    """Running text, a block for each line of it; one that is very long takes several."""
    spacing = "Default"
    for pieces in _lines(line):
        for runs in pages(_runs(pieces, look or {}), BLOCK_BYTES):
            yield {"type": "RichTextBlock", "inlines": runs, "spacing": spacing}
            spacing = "None"
        # A blank line is a gap, not a block: Teams drops an empty one.
        spacing = "None" if any(_words(piece) for piece in pieces) else "Medium"


def labelled(lines: Iterable[tuple[str, Line]]) -> Iterator[Element]:
    """Labels with their values beside them; one as long as a sentence stands above its value."""
    for number, (label, line) in enumerate(lines):
        gap = {} if number else {"spacing": "Default"}
        yield from (block | gap for block in _labelled(label, line))


def _labelled(label: str, line: Line) -> Iterator[Element]:
    if len(label) > LABEL:
        yield from text(label, SUBTLE)
        yield from text_blocks(line)
    else:
        yield from _beside(list(text(label, SUBTLE)), text_blocks(line), (2, 5))


def bullet(line: Line) -> Iterator[Element]:
    """A line of a list, whose further lines stand below its first."""
    yield from _beside(list(text("•")), text_blocks(line), ("auto", "stretch"))


def warning(words: str) -> Iterator[Element]:
    """What is wrong, so that it is seen; not by its colour alone."""
    yield from text(f"⚠ {words}", WRONG)


def passing(items: list[Element], spacing: str = "Default") -> Element:
    """What is to be seen only as long as it can be used."""
    return {"type": PASSING, "spacing": spacing, "items": items}


def _lines(line: Line) -> list[list[Inline]]:
    found: list[list[Inline]] = [[]]
    for piece in line:
        if isinstance(piece, Mark):
            found[-1].append(piece)
            continue
        first, *others = piece.text.split("\n")
        found[-1].append(replace(piece, text=first))
        found += [[replace(piece, text=words)] for words in others]
    return found


def _runs(pieces: Iterable[Inline], look: Element) -> Iterator[Element]:
    for piece in pieces:
        words, own = _words(piece), look | _look(piece)
        for start in range(0, len(words), RUN):
            yield {"type": "TextRun", "text": words[start : start + RUN], **own}


def _look(piece: Inline) -> Element:
    match piece:
        case Text():
            return {}
        case Strong():
            return STRONG
        case Link(_, url):
            there = _address(url)
            return {**_LINK, "selectAction": {"type": "Action.OpenUrl", "url": there}} if there else {}
        case Mark():
            return SUBTLE


def _words(piece: Inline) -> str:
    match piece:
        case Text(words) | Strong(words):
            return words
        case Link(words, url):
            return words if _address(url) or not url else f"{words} ({url})"
        case Mark(number):
            return f"[{number}]"


def _address(url: str) -> str:
    """Where a link may lead; nothing for anything else, which is read then, not followed."""
    mail = url if url.lower().startswith("mailto:") and url.isprintable() and " " not in url else ""
    return (web_address(url) or mail) if len(url) <= ADDRESS else ""


def _beside(
    left: list[Element], right: Iterable[Element], widths: tuple[str | int, str | int]
) -> Iterator[Element]:
    for blocks in pages(right, BLOCK_BYTES):
        columns = [
            {"type": "Column", "width": width, "items": items}
            for width, items in zip(widths, (left, blocks), strict=True)
        ]
        yield {"type": "ColumnSet", "columns": columns, "spacing": "Small"}
        left = []


# ---------------------------------------------------------------- buttons


def buttons(
    options: Iterable[Choice], verb: str = PRESS, *, here: bool = False, leads: bool = False
) -> Iterator[Element]:
    """Buttons in rows; a label that a button has no room for is written out above them.

    With `here` the answer takes the place of the card; with `leads` the first one is what most people want.
    """
    acts = tuple(options)
    for option in acts:
        if len(option.label) > TITLE:
            yield from bullet((Text(option.label),))
    shown = [button(option, verb, here=here) for option in acts]
    if leads and shown:
        shown[0] |= {"style": "positive"}
    yield from rows(shown)


def button(option: Choice, verb: str = PRESS, *, here: bool = False) -> Element:
    """A button that brings its token; where a client knows no Execute, as a Submit of the same data."""
    data: Element = {"action": verb, "token": option.token} | ({"here": True} if here else {})
    act = {
        "title": cut(option.label, TITLE) or "…",
        "data": data,
        # What stands half filled in is sent by the form's own button only.
        "associatedInputs": "auto" if verb == SUBMIT else "none",
    }
    return {"type": "Action.Execute", "verb": verb, **act, "fallback": {"type": "Action.Submit", **act}}


def rows(actions: Iterable[Element]) -> Iterator[Element]:
    """Buttons side by side as far as they have room in a narrow chat."""
    row: list[Element] = []
    wide = 0
    for action in actions:
        needs = _columns(action["title"]) + PADDING
        if row and (len(row) == ACTIONS or wide + needs > ROW):
            yield {"type": "ActionSet", "actions": row, "spacing": "Small"}
            row, wide = [], 0
        row.append(action)
        wide += needs
    if row:
        yield {"type": "ActionSet", "actions": row, "spacing": "Small"}


def _columns(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in words)
