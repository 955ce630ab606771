"""Letters of the outbox to Teams. Changing a message twice is once; Teams cannot be asked whether a new one arrived."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.channels.teams.api import TeamsApi
from bot.channels.teams.cards import card, message_of, messages
from bot.channels.teams.forms import form_card
from bot.channels.teams.judge import Vanished
from bot.channels.teams.receive import CHANNEL, reference
from bot.delivery import Hopeless
from intents.messages import Reply
from knowledge.wording import Wording
from storage.outbox import Letter

# Teams takes about seven messages a second in a chat, and fewer over a longer time.
PACE = timedelta(milliseconds=500)
Message = dict[str, Any]


def pages(reply: Reply, wording: Wording, *, alone: bool, talk: str = "") -> list[Message]:
    """A reply as messages: a form as the card to fill in, where nobody looks on; there, question by question.

    `talk` is the order to which the buttons belong, where it is not that of the chat.
    """
    form = form_card(reply, wording) if alone else None
    found = [message_of(form, reply, wording)] if form else messages(reply, wording)
    return [_talking(message, talk) for message in found] if talk else found


@dataclass(frozen=True, slots=True)
class TeamsSender:
    """Sends by the Bot Connector; `service` is where it is for people who have not written yet."""

    api: TeamsApi
    wording: Wording
    service: str
    # What a letter of several messages has in Teams already, while it waits to go on: a limit can come between two.
    there: dict[str, list[str]] = field(default_factory=dict)

    @property
    def pace(self) -> timedelta:
        """The least time between two letters to one chat."""
        return PACE

    async def send(self, letter: Letter) -> str:
        """Sends a letter and gives our name of its first message. Raises Later and Hopeless."""
        if "card" in letter.address:
            return await self._show(letter)
        if "under" in letter.address:
            return await self._below(letter)
        return await self._say(letter)

    async def _say(self, letter: Letter) -> str:
        address = letter.address
        conversation = address.get("conversation") or await self._opened(letter)
        new = pages(letter.body, self.wording, alone="user" not in address, talk=address.get("talk", ""))
        first = address.get("edit", "")
        if first and await self._changed(letter, conversation, first, new[0]):
            new = new[1:]
        else:
            first = ""
        sent = self.there.setdefault(letter.key, [])
        for message in new[len(sent) :]:
            sent.append(await self._post(letter, conversation, message))
        del self.there[letter.key]
        return reference(conversation, first or next(iter(sent), ""))

    async def _opened(self, letter: Letter) -> str:
        tenant, person = letter.address.get("tenant", ""), letter.address["person"]
        return await self.api.open(self._service(letter), tenant, person, attempts=letter.attempts)

    async def _post(self, letter: Letter, conversation: str, message: Message) -> str:
        activity = {"type": "message"} | message
        return await self.api.post(self._service(letter), conversation, activity, attempts=letter.attempts)

    async def _changed(self, letter: Letter, conversation: str, old: str, new: Message) -> bool:
        """Puts a message in the place of an old one; False where somebody has deleted that."""
        activity = {"type": "message", "id": old} | new
        try:
            await self.api.change(
                self._service(letter), conversation, old, activity, attempts=letter.attempts
            )
        except Vanished:
            return False
        return True

    def _service(self, letter: Letter) -> str:
        return letter.address.get("service") or self.service

    # ---------------------------------------------------- cards of staff

    async def _show(self, letter: Letter) -> str:
        """Changes the card that is there; posts it where there is none, or where somebody deleted it."""
        channel = letter.address["channel"]
        message = message_of(card(letter.body, self.wording), letter.body, self.wording)
        old = id_in(letter.anchor, channel)
        if old and await self._changed(letter, channel, old, message):
            return letter.anchor
        return reference(channel, await self._post(letter, channel, message))

    async def _below(self, letter: Letter) -> str:
        """Into the thread of the card; into the channel where the card never came or is gone, rather than nowhere."""
        channel = letter.address["channel"]
        above = id_in(letter.anchor, channel)
        thread = f"{channel};messageid={above}" if above else channel
        first = ""
        for message in messages(letter.body, self.wording):
            try:
                sent = await self._post(letter, thread, message)
            except Hopeless:
                if thread == channel:
                    raise
                thread = channel
                sent = await self._post(letter, channel, message)
            first = first or sent
        return reference(channel, first)


def id_in(known_as: str, channel: str) -> str:
    """What Teams calls the message of such a reference; empty when it stands elsewhere."""
    begin = f"{CHANNEL}:{channel}:"
    return known_as.removeprefix(begin) if known_as.startswith(begin) else ""


def _talking(message: Any, talk: str) -> Any:
    """The same message, whose buttons name the order that they belong to; it is believed of its own person only."""
    match message:
        case dict():
            whole = {name: _talking(value, talk) for name, value in message.items()}
            data = whole.get("data")
            return whole | {"data": data | {"talk": talk}} if isinstance(data, dict) else whole
        case list():
            return [_talking(one, talk) for one in message]
        case _:
            return message
