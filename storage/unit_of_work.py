"""One turn, one transaction: the event, the conversation and every store that the rules may use."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from intents.conversation import Conversation
from intents.desk.books import Recipient
from intents.messages import Incoming, Part, Reply
from knowledge.model import Lang
from storage import conversations, inbox, messages, outbox
from storage.answers import StoredAnswers
from storage.books import StoredBooks
from storage.cases import StoredCases
from storage.contact_codes import StoredCodes
from storage.database import Database
from storage.people import StoredPeople
from storage.tokens import MintToken, Pressable, StoredTokens

T = TypeVar("T")


class Turn(StoredBooks):
    """What one turn may read and write; fulfils `intents.ports.Work`."""

    def __init__(
        self, connection: Connection, database: Database, event: int, incoming: Incoming, now: datetime
    ) -> None:
        self.person = f"{incoming.channel}:{incoming.person}"
        super().__init__(connection, database, now, f"person:{self.person}", f"E-{event}")
        self._connection = connection
        self._database = database
        self.event = event
        self.incoming = incoming
        self.cases = StoredCases(connection, database, now, self.actor, self.trace, event)

    def recall(self, lang: Lang, edition: str, new_token: MintToken) -> Conversation:
        """Locks the conversation and opens the stores for it."""
        found = conversations.recall(self._connection, self._database, self.incoming, lang)
        self._conversation = found.id
        self.tokens = StoredTokens(self._connection, found.id, self.now, new_token, self.incoming.person)
        self.answers = StoredAnswers(self._connection, found.id, self.event, edition, self.now)
        self.people = StoredPeople(
            self._connection, self._database, found.id, self.person, self.now, self.audit
        )
        self.codes = StoredCodes(self._connection, self._database, found.id, self.person, self.now)
        return found.memory

    def act_as(self, actor: str) -> None:
        """From now on this turn's changes are those of one of staff."""
        self.actor = self.audit.actor = self.cases.actor = actor

    @property
    def overheard(self) -> bool:
        """Whether others look on where this turn's person talks, as in a channel of Slack."""
        return "user" in self.incoming.address and "response_url" not in self.incoming.address

    @property
    def alone_at_home(self) -> bool:
        """Whether this turn's person looks at their own page of the desk, which shows what the desk chooses."""
        return "home" in self.incoming.address

    def attempt(self, work: Callable[[], T], keep: Callable[[T], bool]) -> T:
        """Does something whose writing is kept only if its result is to be kept."""
        self.links.keep()
        step, mark = self._connection.begin_nested(), self.audit.mark()
        result = work()
        if keep(result):
            step.commit()
        else:
            step.rollback()
            self.links.forget()
            self.audit.back_to(mark)
        return result

    def said(self, event: int) -> tuple[Part, ...]:
        """What the desk said to an earlier event of this conversation."""
        return messages.said_to(self._connection, self._conversation, event)

    def recipient(self, mail: str, lang: Lang) -> Recipient:
        """This turn's person as somebody to write to later."""
        return Recipient(self._conversation, self.person, mail, lang)

    def press(self, token: str) -> Pressable | None:
        """What this turn's button stands for, if this person may press it."""
        return self.tokens.press(token, self.incoming.person)

    def remember(self, memory: Conversation, said: str, reply: Reply) -> int:
        """Writes the turn down and gives the id of the reply's message."""
        self.tokens.keep()
        conversations.remember(self._connection, self._conversation, memory, self.now)
        if said:
            messages.log_person(self._connection, self._conversation, self.event, said, self.now)
        inbox.finish(self._connection, self.event)
        self._database.ring(
            self._connection, messages.ring(self.incoming.channel, self.incoming.conversation)
        )
        return messages.log_reply(self._connection, self._conversation, self.event, reply, self.now)

    def deliver(self, key: str, channel: str, address: Mapping[str, str], body: Reply, due: datetime) -> None:
        """Puts a message into the outbox, in the same transaction as everything else of this turn."""
        whole = (key, channel, address, body, due, self.now)
        outbox.put(self._connection, self._database, *whole, trace=self.trace)


@contextmanager
def turn(database: Database, event: int, now: datetime) -> Iterator[Turn | None]:
    """The turn of an event, committed as a whole; nothing when the event has been dealt with."""
    with database.begin() as connection:
        incoming = inbox.open_event(connection, database, event)
        opened = Turn(connection, database, event, incoming, now) if incoming else None
        yield opened
        if opened:
            opened.keep()
