"""A reply as plain text in which every task can be finished: choices are numbers to type."""

from collections.abc import Iterator
from typing import assert_never

from intents.messages import (
    Bullets,
    Choices,
    ChoiceStyle,
    Facts,
    Heading,
    Paragraph,
    Part,
    Reply,
    Sources,
    plain,
)
from knowledge.wording import Wording


def plain_text(reply: Reply, wording: Wording) -> str:
    """The whole reply; numbers run on over all its choices, votes are left out."""
    chunks: list[str] = []
    number = 0
    for part in reply.parts:
        chunks.append("\n".join(_lines(part, number)))
        if _numbered(part):
            number += len(part.options) if isinstance(part, Choices) else 0
    if number:
        chunks.append(wording.say("chat.reply_with_number", reply.lang))
    return "\n\n".join(chunk for chunk in chunks if chunk)


def _numbered(part: Part) -> bool:
    return isinstance(part, Choices) and part.style is not ChoiceStyle.FEEDBACK


def _lines(part: Part, number: int) -> Iterator[str]:
    match part:
        case Heading(text):
            yield text
        case Paragraph(line):
            yield plain(line)
        case Bullets(items):
            yield from (f"- {plain(item)}" for item in items)
        case Facts(rows):
            yield from (f"{label}: {plain(line)}" for label, line in rows)
        case Sources():
            yield from _source_lines(part)
        case Choices(prompt, options):
            if _numbered(part):
                yield prompt
                yield from (f"{n}) {option.label}" for n, option in enumerate(options, number + 1))
        case _:
            assert_never(part)


def _source_lines(sources: Sources) -> Iterator[str]:
    if sources.items:
        yield f"{sources.title}:"
    for item in sources.items:
        yield f"[{item.number}] {item.text} {item.url}".rstrip()
    yield sources.as_of
