"""Letters to many workspaces: each leaves with the token of the workspace that it names."""

from dataclasses import dataclass
from datetime import timedelta

from bot.channels.slack.clients import Clients, NotInstalled
from bot.channels.slack.presence import Presence
from bot.channels.slack.send import PACE, SlackSender
from bot.delivery import Hopeless
from knowledge.wording import Wording
from storage.outbox import Letter


@dataclass(frozen=True, slots=True)
class ManySender:
    """Sends by the Web API of the workspace that a letter's address names as `team`."""

    clients: Clients
    wording: Wording
    presence: Presence

    @property
    def pace(self) -> timedelta:
        """The least time between two letters to one channel."""
        return PACE

    async def send(self, letter: Letter) -> str:
        """Sends a letter and gives Slack's reference. Raises Later and Hopeless."""
        try:
            client = await self.clients.of(letter.address.get("team", ""))
        except NotInstalled as fault:
            raise Hopeless(str(fault)) from fault
        return await SlackSender(client, self.wording, self.presence).send(letter)
