"""Codes that show who reads an address, within one conversation; fulfils `intents.desk.nudges.linking.Codes`.

Of each only a digest is stored, bound to its conversation and person: reading the table opens nothing elsewhere.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, insert, select, update

from intents.desk.nudges.linking import MINUTES, TRIES
from storage.database import Database
from storage.tables import contact_code

CODES = 1_000_000


class StoredCodes:
    """The codes of one person in one conversation."""

    def __init__(
        self, connection: Connection, database: Database, conversation: int, person: str, now: datetime
    ) -> None:
        self._connection, self._database, self._now = connection, database, now
        self._conversation, self._person = conversation, person
        here = contact_code.c.conversation_id == conversation
        self._mine = and_(here, contact_code.c.person == person, contact_code.c.used_at.is_(None))

    def issue(self, contact: int) -> str:
        """A fresh code for a contact; older ones of this person here are over."""
        self._connection.execute(update(contact_code).where(self._mine).values(used_at=self._now))
        code = f"{secrets.randbelow(CODES):06d}"
        row = {"conversation_id": self._conversation, "person": self._person, "contact_id": contact}
        times = {"expires_at": self._now + timedelta(minutes=MINUTES), "tries": 0}
        self._connection.execute(insert(contact_code).values(row | times | {"digest": self._digest(code)}))
        return code

    def take(self, code: str) -> int:
        """The contact whose code it is, once; 0 for a wrong, old or too often tried one."""
        open_ = and_(self._mine, contact_code.c.expires_at > self._now, contact_code.c.tries < TRIES)
        held = self._database.for_update(select(contact_code).where(open_))
        row = self._connection.execute(held).one_or_none()
        if row is None:
            return 0
        right = secrets.compare_digest(row.digest, self._digest(code))
        tried = {"tries": row.tries + 1} | ({"used_at": self._now} if right else {})
        this = contact_code.c.id == row.id
        self._connection.execute(update(contact_code).where(this).values(tried))
        return int(row.contact_id) if right else 0

    def _digest(self, code: str) -> str:
        return hashlib.sha256(f"{self._conversation}:{self._person}:{code}".encode()).hexdigest()
