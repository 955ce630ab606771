"""The staff rooms as a picture of the cases: which ones they do not show as they are, and telling them.

A room is a place of a channel. What was shown is kept with the case, in the same transaction as the letters.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, and_, select, text, update

from intents.desk.case_records import Case, CaseNote
from intents.messages import Reply
from storage import outbox as letters
from storage.case_rows import case_of
from storage.cases import StoredCases
from storage.database import Database
from storage.staff import StoredStaff
from storage.tables import case, outbox
from storage.tokens import StoredLinks

ROOMS = "rooms"
# As the partial index has it, so that the planner takes it.
_UNSHOWN = text("version > shown_version")


def unshown(database: Database, limit: int) -> tuple[int, ...]:
    """The ids of cases that the rooms do not show as they are, the oldest change first."""
    with database.look() as connection:
        changed = select(case.c.id).where(_UNSHOWN).order_by(case.c.changed_at, case.c.id).limit(limit)
        return tuple(connection.scalars(changed))


class Showing:
    """One case with all its notes, held while the rooms are told of it; those after `shown_note` are new to them."""

    def __init__(
        self, connection: Connection, database: Database, now: datetime, found: Case, shown_note: int
    ) -> None:
        self._connection, self._database, self._now = connection, database, now
        self.case = found
        self.shown_note = shown_note
        self.staff = StoredStaff(connection, now)
        self.links = StoredLinks(connection, now)
        self.notes: tuple[CaseNote, ...] = StoredCases(connection, database, now, ROOMS).notes(found)

    def has_card(self, channel: str, room: Mapping[str, str]) -> bool:
        """Whether a room shows this case, or is about to."""
        there = and_(outbox.c.subject == self.case.subject, outbox.c.channel == channel)
        mine = and_(there, outbox.c.place == letters.place_of(room))
        return self._connection.scalar(select(outbox.c.id).where(mine).limit(1)) is not None

    def put_card(self, channel: str, room: Mapping[str, str], card: Reply) -> None:
        """Sends a room the case as it stands; a card that is there already is changed."""
        subject, version = self.case.subject, self.case.version
        key = f"{subject}:card:{version}:{_name(room)}"
        self._put(key, channel, {**room, "card": subject}, card, subject)

    def put_below(self, channel: str, room: Mapping[str, str], what: str, said: Reply) -> None:
        """Sends a room what stands below the card; `what` names it, the same one twice is once."""
        subject = self.case.subject
        self._put(f"{subject}:{what}:{_name(room)}", channel, {**room, "under": subject}, said, None)

    def _put(
        self, key: str, channel: str, address: Mapping[str, str], body: Reply, subject: str | None
    ) -> None:
        whole = (key, channel, address, body, self._now, self._now)
        letters.put(self._connection, self._database, *whole, subject=subject)

    def done(self) -> None:
        """The rooms have been told."""
        newest = max((note.id for note in self.notes), default=self.shown_note)
        values = {"shown_version": self.case.version, "shown_note": max(newest, self.shown_note)}
        self._connection.execute(update(case).where(case.c.id == self.case.id).values(values))


def _name(room: Mapping[str, str]) -> str:
    return letters.place_of(room).partition(":")[2]


@contextmanager
def showing(database: Database, id_: int, now: datetime) -> Iterator[Showing | None]:
    """A case to be shown, committed as a whole; nothing when another process shows it or somebody changes it."""
    with database.begin() as connection:
        mine = select(case).where(case.c.id == id_, _UNSHOWN)
        row = connection.execute(database.for_update(mine, skip_locked=True)).one_or_none()
        yield Showing(connection, database, now, case_of(row), row.shown_note) if row else None
