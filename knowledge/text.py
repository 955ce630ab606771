"""The light Markdown of answers, read into a tree: paragraphs, bullets, emphasis, links, source marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text; no character of it means anything to any channel."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasised literal text."""

    text: str
    kind: Literal["strong"] = "strong"


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an https address or a mail address."""

    text: str
    url: str
    kind: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class Ref:
    """A source mark `[^id]`; `[^?]` marks what no source confirms."""

    source: str

    @property
    def unverified(self) -> bool:
        """Whether this marks an unconfirmed statement."""
        return self.source == "?"


Span = Text | Strong | Link | Ref
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Points:
    """A bulleted list."""

    items: tuple[Spans, ...]


Block = Prose | Points

_SPAN = re.compile(
    r"\[\^(?P<ref>[^\]\s]+)\]"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|\[(?P<label>[^\]^][^\]]*)\]\((?P<url>(?:https://|mailto:)[^)\s]+)\)"
)
_BULLET = "- "


def parse(body: str) -> tuple[Block, ...]:
    """The blocks of a body; blank lines part them, a line that starts with `- ` is a bullet."""
    chunks = re.split(r"\n\s*\n", body.strip())
    return tuple(block for chunk in chunks if chunk.strip() for block in _blocks(chunk))


def refs(body: str) -> tuple[str, ...]:
    """The source ids that a body names, in order, each once; `?` is left out."""
    found = (match["ref"] for match in _SPAN.finditer(body) if match["ref"] and match["ref"] != "?")
    return tuple(dict.fromkeys(found))


def _blocks(chunk: str) -> Iterator[Block]:
    lines = chunk.splitlines()
    bullets = [line for line in lines if line.startswith(_BULLET)]
    prose = " ".join(line.strip() for line in lines if not line.startswith(_BULLET))
    if prose:
        yield Prose(_spans(prose))
    if bullets:
        yield Points(tuple(_spans(line.removeprefix(_BULLET)) for line in bullets))


def _spans(line: str) -> Spans:
    spans: list[Span] = []
    end = 0
    for match in _SPAN.finditer(line):
        if match.start() > end:
            spans.append(Text(line[end : match.start()]))
        spans.append(_span(match))
        end = match.end()
    if end < len(line):
        spans.append(Text(line[end:]))
    return tuple(spans)


def _span(match: re.Match[str]) -> Span:
    if match["ref"]:
        return Ref(match["ref"])
    if match["strong"]:
        return Strong(match["strong"])
    return Link(match["label"], match["url"])
