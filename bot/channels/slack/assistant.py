"""The assistant's pane: while the desk looks something up it says so, and a thread is called after its first question."""

import asyncio

import structlog

from bot.channels.slack.clients import Clients
from bot.channels.slack.forms import UNANSWERED
from bot.channels.slack.receive import CHANNEL
from bot.desk import Desk, Unavailable
from intents.messages import Incoming, Said
from knowledge.model import Lang
from knowledge.wording import Wording
from storage.messages import Logged

TITLE = 60
log = structlog.get_logger()


def in_thread(incoming: Incoming) -> bool:
    """Whether somebody said something in a thread of their direct channel, where the pane has its threads."""
    address = incoming.address
    return isinstance(incoming.content, Said) and "thread" in address and "user" not in address


def title_of(text: str) -> str:
    """The first line of a question, as far as a list of threads shows it."""
    first = text.strip().partition("\n")[0].strip()
    return first if len(first) <= TITLE else f"{first[: TITLE - 1]}…"


class Assistant:
    """Dresses threads while they are answered; nobody waits for it, and where it is not allowed nothing is missed."""

    def __init__(self, desk: Desk, wording: Wording, clients: Clients) -> None:
        self._desk, self._wording, self._clients = desk, wording, clients
        # The loop itself does not hold on to what it runs.
        self._running: set[asyncio.Task[None]] = set()

    def attend(self, incoming: Incoming, event: int) -> None:
        """Says that an answer is on its way, in the background; Slack takes that back when the answer comes."""
        if in_thread(incoming):
            task = asyncio.get_running_loop().create_task(self._attend(incoming, event))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _attend(self, incoming: Incoming, event: int) -> None:
        channel, thread = incoming.address["channel"], incoming.address["thread"]
        text = incoming.content.text if isinstance(incoming.content, Said) else ""
        try:
            before = await self._desk.history(CHANNEL, incoming.conversation)
            status = self._wording.say("slack.status", _lang_of(before))
            client = await self._clients.of(incoming.person.partition(":")[0])
            await client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=status)
            if (title := title_of(text)) and not _has_asked(before, event):
                await client.assistant_threads_setTitle(channel_id=channel, thread_ts=thread, title=title)
        except (*UNANSWERED, Unavailable) as fault:
            log.info("thread_not_dressed", conversation=incoming.conversation, why=type(fault).__name__)


def _has_asked(before: tuple[Logged, ...], event: int) -> bool:
    """Whether something was asked in a thread earlier; this very question may be in its log already."""
    return any(one.author == "person" and one.event != event for one in before)


def _lang_of(before: tuple[Logged, ...]) -> Lang:
    return next((one.reply.lang for one in reversed(before) if one.reply), Lang.JA)
