"""A reply as plain text in which every task can be finished: choices are numbers to type."""

from collections.abc import Iterator
from typing import assert_never

from intents.appointments import spelled
from intents.messages import (
    Appointment,
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Field,
    Form,
    Heading,
    Paragraph,
    Part,
    Reply,
    Sources,
    Text,
    numbered,
    plain,
)
from knowledge.model import Lang
from knowledge.wording import Wording


def plain_text(reply: Reply, wording: Wording) -> str:
    """The whole reply; numbers run on over all its choices, votes are left out."""
    chunks: list[str] = []
    number = 0
    for part in reply.parts:
        chunks.append("\n".join(_lines(part, number, reply.lang, wording)))
        number += len(numbered(part))
    if number:
        key = "chat.reply_freely" if any(_is_free(part) for part in reply.parts) else "chat.reply_with_number"
        chunks.append(wording.say(key, reply.lang))
    return "\n\n".join(chunk for chunk in chunks if chunk)


def letter_text(reply: Reply, wording: Wording) -> str:
    """What was said unasked: its choices are words to type, as a number would mean an option of the last answer."""
    parts = tuple(one for part in reply.parts for one in _in_words(part))
    return plain_text(Reply(parts, reply.lang), wording)


def _in_words(part: Part) -> Iterator[Part]:
    if isinstance(part, Choices) and numbered(part):
        yield from (Paragraph((Text(part.prompt),)),) if part.prompt else ()
        yield Bullets(tuple((Text(option.label),) for option in part.options))
    else:
        yield part


def _is_free(part: Part) -> bool:
    """Whether a question can be answered in any words, its numbers being mere proposals."""
    if not isinstance(part, Form):
        return False
    asked = next((field for field in part.fields if field.name == part.asked), None)
    return asked is not None and not asked.options


def _lines(part: Part, number: int, lang: Lang, wording: Wording) -> Iterator[str]:
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
        case Appointment():
            yield from _lines(spelled(part, lang, wording), number, lang, wording)
        case Choices():
            yield from _choice_lines(part, number, lang, wording)
        case Form():
            yield from _form_lines(part, number, lang, wording)
        case _:
            assert_never(part)


def _source_lines(sources: Sources) -> Iterator[str]:
    if sources.items:
        yield f"{sources.title}:"
    for item in sources.items:
        yield f"[{item.number}] {item.text} {item.url}".rstrip()
    yield sources.as_of


def _choice_lines(part: Choices, number: int, lang: Lang, wording: Wording) -> Iterator[str]:
    if numbered(part):
        yield part.prompt
        yield from _numbers(part.options, number)
    elif part.style in (ChoiceStyle.STEER, ChoiceStyle.WORDS):
        words = " / ".join(option.label for option in part.options)
        yield wording.say("dialog.text_steering", lang, words=words)


def _form_lines(form: Form, number: int, lang: Lang, wording: Wording) -> Iterator[str]:
    """The question in hand; what is wrong with its answer stands before it."""
    asked = next((field for field in form.fields if field.name == form.asked), None)
    if asked is None:
        yield form.progress
    else:
        yield from (asked.error,) if asked.error else ()
        yield f"({form.progress}) {asked.label}"
        yield from (asked.hint,) if asked.hint else ()
        if asked.value and asked.settled:
            yield wording.say("dialog.your_answer", lang, text=_label(asked))
    yield from _numbers(form.options, number)


def _label(field: Field) -> str:
    """An answer as it was chosen, not as it is kept."""
    labels = {option.value: option.label for option in field.options}
    return labels.get(field.value, field.value)


def _numbers(options: tuple[Choice, ...], number: int) -> Iterator[str]:
    yield from (f"{n}) {option.label}" for n, option in enumerate(options, number + 1))
