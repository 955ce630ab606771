"""The person of a turn: what they told us, what they agreed to, and how they move to another place."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from intents.conversation import Draft
from storage import consents as agreements
from storage.codec import pack_state, unpack_state
from storage.database import Database
from storage.tables import conversation, detail, move_code

CODE_LIFE = timedelta(minutes=15)
# No letters or digits that look alike.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8


class StoredPeople:
    """The person of one turn within its transaction."""

    def __init__(
        self, connection: Connection, database: Database, conversation_id: int, person: str, now: datetime
    ) -> None:
        self._connection, self._database, self._now = connection, database, now
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

    def agree(self, purpose: str, version: str) -> None:
        """Keeps their consent to a purpose, with the version of the text that was shown."""
        if agreements.agreed(self._connection, self._person, purpose) != version:
            agreements.record(self._connection, self._conversation, self._person, purpose, version, self._now)

    def agreed(self) -> tuple[str, ...]:
        """The purposes that they agree to now."""
        return tuple(agreements.purposes(self._connection, self._person))

    def withdraw(self, purpose: str, person: str = "") -> int:
        """Ends their consent to a purpose and drops its letters; gives the number of consents.

        `person` is whom a letter's link names, which may be opened anywhere.
        """
        return agreements.withdraw(self._connection, person or self._person, purpose, self._now)

    def issue_code(self) -> str:
        """A code with which the dialogs of this conversation move to another one, once, for 15 minutes."""
        plain = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH - 1)) + secrets.choice("23456789")
        row = {
            "code": _digest(plain),
            "conversation_id": self._conversation,
            "expires_at": self._now + CODE_LIFE,
        }
        self._connection.execute(insert(move_code).values(row))
        return f"{plain[:4]}-{plain[4:]}"

    def take_code(self, code: str) -> tuple[Draft, ...] | None:
        """The dialogs of the conversation that a code opens, taken away from there; nothing for a bad code."""
        mine = select(move_code).where(move_code.c.code == _digest(code))
        row = self._connection.execute(self._database.for_update(mine)).one_or_none()
        if row is None or row.used_at or row.expires_at < self._now:
            return None
        used = update(move_code).where(move_code.c.code == row.code)
        self._connection.execute(used.values(used_at=self._now))
        return self._taken_from(row.conversation_id)

    def _taken_from(self, other: int) -> tuple[Draft, ...]:
        if other == self._conversation:
            return ()
        where = select(conversation).where(conversation.c.id == other)
        row = self._connection.execute(self._database.for_update(where)).one()
        memory = unpack_state(row.state)
        emptied = pack_state(replace(memory, drafts=(), options=()))
        self._connection.execute(update(conversation).where(conversation.c.id == other).values(state=emptied))
        return memory.drafts


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
