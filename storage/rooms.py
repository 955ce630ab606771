"""The staff rooms as a picture of the cases: which ones they do not show as they are, and telling them.

A room is a place of a channel. What was shown is kept with the case, in the same transaction as the letters.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
# What stands below a card: a note as a whole, an answer as a whole, and that one went to the requester.
NOTE, REPLY, SENT = "note", "reply", "sent"
AT_ONCE = 500
# As the partial index has it, so that the planner takes it.
_UNSHOWN = text("version > shown_version")


def unshown(database: Database, limit: int, but: Collection[int] = ()) -> tuple[int, ...]:
    """The ids of cases that the rooms do not show as they are, but for some, the oldest change first."""
    with database.look() as connection:
        changed = (
            select(case.c.id)
            .where(_UNSHOWN, case.c.id.not_in(but))
            .order_by(case.c.changed_at, case.c.id)
            .limit(limit)
        )
        return tuple(connection.scalars(changed))


@dataclass(frozen=True, slots=True)
class Told:
    """What rooms were told of notes: the room, what, and of which; and the notes that stand below another card."""

    said: frozenset[tuple[str, str, int]]
    elsewhere: frozenset[int]

    def here(self, room: Mapping[str, str], what: str, note: CaseNote) -> bool:
        """Whether a room was told that of a note, below whichever card."""
        return (_name(room), what, note.id) in self.said


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
        cases = StoredCases(connection, database, now, ROOMS)
        self.notes: tuple[CaseNote, ...] = cases.notes(found)
        self.merged: tuple[Case, ...] = cases.merged(found)

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

    def told(self, rooms: Collection[Mapping[str, str]]) -> Told:
        """What was said of the notes below the card of this case, and below those of cases merged into it."""
        named = {
            f"{one.subject}:{what}:{note.id}:{_name(room)}": (one, (_name(room), what, note.id))
            for one in (self.case, *self.merged)
            for room in rooms
            for what in (NOTE, REPLY, SENT)
            for note in self.notes
        }
        keys, found = list(named), list[tuple[Case, tuple[str, str, int]]]()
        for at in range(0, len(keys), AT_ONCE):
            there = select(outbox.c.key).where(outbox.c.key.in_(keys[at : at + AT_ONCE]))
            found += [named[key] for key in self._connection.scalars(there)]
        elsewhere = frozenset(said[2] for one, said in found if one.id != self.case.id)
        return Told(frozenset(said for _, said in found), elsewhere)

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
        held = Showing(connection, database, now, case_of(row), row.shown_note) if row else None
        yield held
        if held:
            held.links.keep()
