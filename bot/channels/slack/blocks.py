"""`Reply` to Block Kit: escaped, and split to Slack's limits instead of failing on them."""

from collections.abc import Iterator
from typing import Any, assert_never

from bot.plain_text import plain_text
from intents.messages import (
    Bullets,
    Choice,
    Choices,
    Facts,
    Heading,
    Inline,
    Line,
    Link,
    Mark,
    Paragraph,
    Part,
    Reply,
    Sources,
    Strong,
    Text,
)
from knowledge.wording import Wording

SECTION, FALLBACK, BLOCKS, BUTTONS, LABEL, HEADER = 2900, 3500, 50, 25, 75, 150
Block = dict[str, Any]


def messages(reply: Reply, wording: Wording) -> list[dict[str, Any]]:
    """The reply as one or more messages, each with blocks and with text that can finish the task."""
    blocks = list(home_blocks(reply))
    text = escape(plain_text(reply, wording))[:FALLBACK]
    pages = [blocks[i : i + BLOCKS] for i in range(0, len(blocks), BLOCKS)]
    return [{"text": text, "blocks": page} for page in pages]


def home_blocks(reply: Reply) -> Iterator[Block]:
    """The blocks of a reply, as many as it takes."""
    for part in reply.parts:
        yield from _part(part)


def escape(text: str) -> str:
    """Literal text: no mention, no link, no command comes out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _part(part: Part) -> Iterator[Block]:
    match part:
        case Heading(text):
            yield {"type": "header", "text": _plain(text, HEADER)}
        case Paragraph(line):
            yield from _sections([_mrkdwn(line)])
        case Bullets(items):
            yield from _sections([f"•  {_mrkdwn(item)}" for item in items])
        case Facts(rows):
            yield from _sections([f"*{escape(label)}*  {_mrkdwn(line)}" for label, line in rows])
        case Sources():
            yield from _sources(part)
        case Choices(prompt, options):
            yield from _sections([escape(prompt)])
            yield from _buttons(options)
        case _:
            assert_never(part)


def _mrkdwn(line: Line) -> str:
    return "".join(_inline(piece) for piece in line)


def _inline(piece: Inline) -> str:
    match piece:
        case Text(text):
            return _unstyled(text)
        case Strong(text):
            return f"*{_unstyled(text)}*"
        case Link(text, url):
            return f"<{escape(url).replace('|', '%7C')}|{escape(text)}>"
        case Mark(number):
            return f"[{number}]"


def _unstyled(text: str) -> str:
    # A zero-width joiner after a styling sign keeps Slack from reading it as markup.
    escaped = escape(text)
    return "".join(f"{letter}\u2060" if letter in "*_~`" else letter for letter in escaped)


def _sections(lines: list[str]) -> Iterator[Block]:
    page = ""
    for line in (piece for whole in lines for piece in _cut(whole)):
        if len(page) + len(line) + 1 > SECTION:
            yield _section(page)
            page = ""
        page = f"{page}\n{line}" if page else line
    if page:
        yield _section(page)


def _cut(text: str) -> Iterator[str]:
    yield from (text[i : i + SECTION] for i in range(0, len(text), SECTION))


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _sources(sources: Sources) -> Iterator[Block]:
    lines = [f"*{escape(sources.title)}*"] if sources.items else []
    for item in sources.items:
        text = escape(item.text)
        lines.append(f"[{item.number}] " + (f"<{escape(item.url)}|{text}>" if item.url else text))
    lines.append(escape(sources.as_of))
    for piece in _sections(lines):
        yield {"type": "context", "elements": [piece["text"]]}


def _buttons(options: tuple[Choice, ...]) -> Iterator[Block]:
    for i in range(0, len(options), BUTTONS):
        yield {"type": "actions", "elements": [_button(option) for option in options[i : i + BUTTONS]]}


def _button(option: Choice) -> Block:
    name = f"press:{option.token}"
    return {"type": "button", "action_id": name, "value": option.token, "text": _plain(option.label, LABEL)}


def _plain(text: str, limit: int) -> Block:
    cut = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": False}
