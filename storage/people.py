"""The person of a turn: what they told us, what they agreed to, and how they move to another place."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, null, select, update

from intents.conversation import Draft
from intents.desk.books import Audit
from storage import consents as agreements
from storage import moves
from storage.database import Database
from storage.identities import names_of
from storage.tables import conversation, detail


class StoredPeople:
    """The person of one turn within its transaction."""

    def __init__(
        self,
        connection: Connection,
        database: Database,
        conversation_id: int,
        person: str,
        now: datetime,
        audit: Audit,
    ) -> None:
        self._connection, self._database, self._now, self._audit = connection, database, now, audit
        self._conversation, self._person = conversation_id, person

    def known(self) -> dict[str, str]:
        """What they said before, by the name of the question."""
        mine = select(detail.c.name, detail.c.text).where(detail.c.person == self._person)
        return {row.name: row.text for row in self._connection.execute(mine)}

    def remember(self, texts: Mapping[str, str]) -> None:
        """Keeps what may be proposed next time."""
        before = self.known()
        for name, text in texts.items():
            mine = (detail.c.person == self._person) & (detail.c.name == name)
            if name not in before:
                row = {"person": self._person, "name": name, "text": text, "at": self._now}
                self._connection.execute(insert(detail).values(row))
            elif before[name] != text:
                self._connection.execute(update(detail).where(mine).values(text=text, at=self._now))

    def agree(self, purpose: str, version: str, mail: str = "") -> None:
        """Keeps their consent to a purpose, with the version of the text that was shown, also for that address."""
        # An address without any entry needs none: it has never said no.
        said_no = mail and agreements.has_withdrawn(self._connection, agreements.by_mail(mail), purpose)
        names = names_of(self._connection, self._person)[1:]
        ended = [name for name in names if agreements.has_withdrawn(self._connection, name, purpose)]
        for who in (self._person, *ended, *([agreements.by_mail(mail)] if said_no else [])):
            if agreements.agreed(self._connection, who, purpose) != version:
                agreements.record(self._connection, self._conversation, who, purpose, version, self._now)
                self._audit.note(f"consent:{purpose}", "given", after={"version": version})

    def inherit(self, person: str, purpose: str) -> None:
        """What another person agreed to and has not withdrawn holds for this one, who opened a letter to them."""
        if version := agreements.agreed(self._connection, person, purpose):
            self.agree(purpose, version)

    def agreed(self) -> tuple[str, ...]:
        """The purposes that they agree to now."""
        names = names_of(self._connection, self._person)
        found = (purpose for name in names for purpose in agreements.purposes(self._connection, name))
        return tuple(dict.fromkeys(found))

    def withdraw(self, purpose: str, person: str = "", mail: str = "") -> int:
        """Ends their consent to a purpose and drops its letters; gives the number of consents.

        `person` is whom a letter's link names, which may be opened anywhere.
        """
        # Whoever ends it on one channel has ended it on all on which they are known to be the same.
        names = names_of(self._connection, person or self._person)
        ended = sum(agreements.withdraw(self._connection, name, purpose, self._now, mail) for name in names)
        self._audit.note(f"consent:{purpose}", "withdrawn", after={"consents": ended})
        return ended

    def unreachable(self) -> None:
        """Nothing more is said unasked where they talk now, until they write there again."""
        here = update(conversation).where(conversation.c.id == self._conversation)
        self._connection.execute(here.values(address=null()))

    def issue_code(self) -> str:
        """A code with which the dialogs of this conversation move to another one, once, for 15 minutes."""
        return moves.issue(self._connection, self._conversation, self._person, self._now)

    def take_code(self, code: str) -> tuple[Draft, ...] | None:
        """The dialogs that a code opens, taken away from where they were; nothing for a bad code."""
        here = moves.Place(self._conversation, self._person)
        return moves.take(self._connection, self._database, code, here, self._now)
