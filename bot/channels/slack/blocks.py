"""`Reply` to Block Kit: escaped, and split to Slack's limits instead of failing on them."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from bot.plain_text import plain_text
from intents.appointments import spelled
from intents.messages import (
    Appointment,
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Form,
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
from knowledge.model import Lang
from knowledge.wording import Wording

SECTION, FALLBACK, BLOCKS, BUTTONS, LABEL, HEADER = 2900, 3500, 50, 25, 75, 150
OPENS_FORM, PRESSED = "form:", "press:"
VIEW_BLOCKS = 100
Block = dict[str, Any]


def messages(reply: Reply, wording: Wording) -> list[dict[str, Any]]:
    """The reply as one or more messages, each with blocks and with text that can finish the task."""
    blocks = list(home_blocks(reply, wording))
    text = escape(plain_text(reply, wording))[:FALLBACK]
    pages = [blocks[i : i + BLOCKS] for i in range(0, len(blocks), BLOCKS)]
    return [{"text": text, "blocks": page} for page in pages]


def home_blocks(reply: Reply, wording: Wording) -> Iterator[Block]:
    """The blocks of a reply, as many as it takes."""
    for part in reply.parts:
        yield from _part(part, reply.lang, wording)


def home_page(reply: Reply, wording: Wording) -> list[Block]:
    """The blocks of a Home tab; where there are more than Slack shows, it says where the others are."""
    blocks = list(home_blocks(reply, wording))
    if len(blocks) <= VIEW_BLOCKS:
        return blocks
    return [*blocks[: VIEW_BLOCKS - 1], _section(escape(wording.say("slack.home_more", reply.lang)))]


def card_message(reply: Reply, wording: Wording) -> dict[str, Any]:
    """A card: one message, whose text only announces it; what can be done is done by its buttons."""
    shown = tuple(part for part in reply.parts if isinstance(part, Heading | Facts))
    text = escape(plain_text(Reply(shown, reply.lang), wording))[:FALLBACK]
    return {"text": text, "blocks": list(home_blocks(reply, wording))[:BLOCKS]}


def escape(text: str) -> str:
    """Literal text: no mention, no link, no command comes out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def labelled(rows: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """Labels with their texts."""
    yield from _sections([f"*{_unstyled(label)}*  {_unstyled(text)}" for label, text in rows])


def warning(text: str) -> Iterator[Block]:
    """What is wrong, so that it is seen."""
    yield from _sections([_wrong(text)])


def opens_form(label: str, token: str) -> Block:
    """A button that brings a form over the conversation instead of a message into it."""
    return _button(Choice(label, token), OPENS_FORM)


def _part(part: Part, lang: Lang, wording: Wording) -> Iterator[Block]:
    match part:
        case Heading(text):
            yield {"type": "header", "text": plain(text, HEADER)}
        case Paragraph(line):
            yield from _sections([_mrkdwn(line)])
        case Bullets(items):
            yield from _sections([f"•  {_mrkdwn(item)}" for item in items])
        case Facts(rows):
            yield from _sections([f"*{escape(label)}*  {_mrkdwn(line)}" for label, line in rows])
        case Sources():
            yield from _sources(part)
        case Appointment():
            yield from _part(spelled(part, lang, wording), lang, wording)
        case Choices(prompt, options, style):
            yield from _sections([escape(prompt)])
            yield from _buttons(options, OPENS_FORM if style is ChoiceStyle.FORMS else PRESSED)
        case Form():
            yield from _question(part)
        case _:
            assert_never(part)


def _question(form: Form) -> Iterator[Block]:
    """The question in hand with its answers as buttons, and the way to the whole form."""
    asked = next((field for field in form.fields if field.name == form.asked), None)
    if asked is None:
        yield from _sections([escape(form.progress)])
    else:
        wrong = [_wrong(asked.error)] if asked.error else []
        hint = [_unstyled(asked.hint)] if asked.hint else []
        yield from _sections([*wrong, f"*{_unstyled(asked.label)}*  ({escape(form.progress)})", *hint])
    yield from _rows([*map(_button, form.options), opens_form(form.open_label, form.token)])


def _wrong(text: str) -> str:
    return f":warning: {_unstyled(text)}"


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


def _buttons(options: tuple[Choice, ...], act: str) -> Iterator[Block]:
    yield from _rows([_button(option, act) for option in options])


def _rows(elements: list[Block]) -> Iterator[Block]:
    for i in range(0, len(elements), BUTTONS):
        yield {"type": "actions", "elements": elements[i : i + BUTTONS]}


def _button(option: Choice, act: str = PRESSED) -> Block:
    name = f"{act}{option.token}"
    return {"type": "button", "action_id": name, "value": option.token, "text": plain(option.label, LABEL)}


def plain(text: str, limit: int) -> Block:
    """Text without markup, cut to a limit."""
    cut = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": False}
