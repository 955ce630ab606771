"""The terminal as a channel: one conversation, typed line by line."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

from bot.clock import Clock
from bot.desk import Desk
from bot.plain_text import plain_text
from bot.typed import sound
from intents.messages import Content, Incoming, Lane, Opened, Said
from knowledge.model import Lang
from knowledge.wording import Wording

CHANNEL = "terminal"
Ask = Callable[[], str | None]


async def converse(
    desk: Desk, wording: Wording, clock: Clock, ask: Ask, show: Callable[[str], None], lang: Lang
) -> None:
    """Greets, then answers each line until `ask` gives nothing more."""
    conversation = uuid4().hex
    said: Content | None = Opened()
    while said is not None:
        incoming = Incoming(
            CHANNEL, uuid4().hex, conversation, "terminal", said, {}, clock(), _lang(said, lang), Lane.FAST
        )
        logged = await desk.answer(incoming)
        show(
            plain_text(logged.reply, wording) if logged and logged.reply else wording.say("chat.later", lang)
        )
        line = await asyncio.to_thread(ask)
        said = None if line is None else Said(sound(line))


def _lang(said: Content, lang: Lang) -> Lang | None:
    # A typed line says by itself which language it is in; the greeting has to be told.
    return lang if isinstance(said, Opened) else None
