"""Letters of the outbox to the web chat: a message in the conversation's log, and open streams show it."""

import asyncio
from datetime import timedelta

from bot.channels.web.receive import CHANNEL
from bot.clock import Clock
from bot.delivery import Hopeless, Later
from storage.database import Database, DatabaseDown
from storage.messages import log_letter
from storage.outbox import Letter


class WebSender:
    """Writes a letter down where the visitor reads; sent twice, it is there once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    @property
    def pace(self) -> timedelta:
        """Nothing has to be waited for: the log is ours."""
        return timedelta()

    async def send(self, letter: Letter) -> str:
        """Writes the letter down and gives its message. Raises Later and Hopeless."""
        where, now = letter.address.get("conversation", ""), self._clock()
        try:
            message = await asyncio.to_thread(
                log_letter, self._database, letter.key, CHANNEL, where, letter.body, now
            )
        except DatabaseDown as fault:
            raise Later(None, str(fault)) from fault
        if not message:
            raise Hopeless("no such conversation")
        return f"message:{message}"
