"""Cases: what staff must look at, each with a receipt number and the conversation that led to it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from intents.desk.case_merge import last
from intents.desk.case_records import (
    Case,
    CaseKind,
    CaseNote,
    CaseState,
    NewCase,
    NoteKind,
    case_id,
    case_number,
)
from storage.case_queue import NOBODYS, Filter, queue
from storage.case_rows import case_of, note_of, row_of
from storage.database import Database
from storage.tables import case, case_note, conversation, outbox

# Where nothing is due: after everything that is, on both engines.
FAR = datetime(9999, 1, 1, tzinfo=UTC)
# Rung whenever a case changed: the staff rooms show it.
RING = "cases"
# Of a person with many merged cases only the newest matter.
TALKS_LOOKED_AT = 5
TALKS = (CaseKind.HANDOVER.value, CaseKind.QUESTION.value)


class StoredCases:
    """The cases within one transaction; `event` is the turn's, 0 where staff or the clock act."""

    def __init__(
        self,
        connection: Connection,
        database: Database,
        now: datetime,
        actor: str,
        trace: str = "",
        event: int = 0,
    ) -> None:
        self.connection, self._database = connection, database
        self._now, self._trace, self._event = now, trace, event
        self.actor = actor

    # ------------------------------------------------ opening

    def add(self, new: NewCase, desk: str, promised_by: datetime | None) -> tuple[Case, bool]:
        """Writes a case down for this turn's event; True with it when that had been done before."""
        if self._event and (row := self._row(case.c.event == self._event)):
            return case_of(row), True
        dated = {"desk": desk, "promised_by": promised_by, "due_at": promised_by or FAR}
        values = row_of(new) | dated | {"event": self._event or None}
        return self._inserted(values), False

    def split(self, of: Case, summary: str) -> Case:
        """Writes a second case of the same requester down, without an event of its own."""
        owner = {
            "desk": of.desk,
            "owner": of.owner,
            "state": (CaseState.TAKEN if of.owner else CaseState.NEW).value,
        }
        dated = {"promised_by": of.promised_by, "due_at": of.promised_by or FAR, "event": None}
        values = row_of(of) | owner | dated | {"summary": summary, "about": "", "next_at": None}
        return self._inserted(values)

    def _inserted(self, values: dict[str, Any]) -> Case:
        stamped = {"state": CaseState.NEW.value, "opened_at": self._now, "changed_at": self._now} | values
        result = self.connection.execute(insert(case).values(stamped))
        assert result.inserted_primary_key is not None
        self._database.ring(self.connection, RING)
        self._database.ring(self.connection, RING)
        row = self._row(case.c.id == result.inserted_primary_key[0])
        assert row is not None
        return case_of(row)

    # ------------------------------------------------ finding

    def find(self, number: str) -> Case | None:
        """The case of that number as it was last committed."""
        row = self._row(case.c.id == case_id(number))
        return case_of(row) if row else None

    def lock(self, number: str) -> Case | None:
        """The case of that number; nobody else changes it until the transaction ends."""
        held = self._database.for_update(select(case).where(case.c.id == case_id(number)))
        row = self.connection.execute(held).one_or_none()
        return case_of(row) if row else None

    def asked_by(self, person: str, conversation: int) -> Case | None:
        """The newest open hand-over or unanswered question of a person in a conversation."""
        mine = and_(case.c.person == person, case.c.conversation_id == conversation)
        return self._newest(and_(mine, case.c.open, case.c.kind.in_(TALKS)))

    def about(self, subject: str) -> Case | None:
        """The open case about that subject."""
        return self._newest(and_(case.c.about == subject, case.c.open))

    def talking_with(self, person: str, conversation: int, *, anywhere: bool) -> Case | None:
        """The open case in which one of staff is talking with a person, held; in this conversation, or anywhere."""
        if not person:
            return None
        mine = and_(case.c.person == person, case.c.talking != "")
        here = mine if anywhere else and_(mine, case.c.conversation_id == conversation)
        # A merged case keeps who talked there: what they write goes to the one that goes on.
        talks = and_(here, or_(case.c.open, case.c.merged_into.is_not(None)))
        newest = select(case.c.id).where(talks).order_by(case.c.id.desc()).limit(TALKS_LOOKED_AT)
        for id_ in self.connection.scalars(newest).all():
            # It may have ended while we waited for the lock.
            held = last(self, case_number(id_))
            if held and held.is_open and held.talking:
                return held
        return None

    def merged(self, into: Case) -> tuple[Case, ...]:
        """The cases that were merged into this one, and into those."""
        gone = select(case).where(case.c.merged_into == into.id).order_by(case.c.id)
        found = tuple(map(case_of, self.connection.execute(gone).all()))
        return (*found, *(below for one in found for below in self.merged(one)))

    def hold_place(self, of: Case) -> None:
        """Takes the lock of the requester's conversation, for what must come before that of the case."""
        mine = select(conversation.c.id).where(conversation.c.id == of.to.conversation)
        self.connection.execute(self._database.for_update(mine))

    def queued(self, owner: str, late_at: datetime | None, limit: int) -> tuple[Case, ...]:
        """Open cases by their due date: of an owner (empty: of nobody), or those due before a moment, whoever's."""
        which = Filter(late_at=late_at) if late_at else Filter(owner=owner or NOBODYS)
        return queue(self.connection, which, 0, limit).cases

    def card(self, reference: str) -> str:
        """The number of the case whose card a channel knows by that name; empty for none."""
        mine = select(outbox.c.subject).where(outbox.c.reference == reference, outbox.c.subject.is_not(None))
        subject = self.connection.scalar(mine.limit(1)) or ""
        return str(subject).removeprefix("case:")

    def _newest(self, which: ColumnElement[bool]) -> Case | None:
        row = self.connection.execute(
            select(case).where(which).order_by(case.c.id.desc()).limit(1)
        ).one_or_none()
        return case_of(row) if row else None

    def _row(self, which: ColumnElement[bool]) -> Row[Any] | None:
        return self.connection.execute(select(case).where(which)).one_or_none()

    # ------------------------------------------------ changing

    def save(self, changed: Case) -> Case:
        """Writes a case down as it is now and gives it with its new version."""
        due = changed.due
        values = row_of(changed) | {
            "state": changed.state.value,
            "desk": changed.desk,
            "owner": changed.owner,
            "talking": changed.talking,
            "promised_by": changed.promised_by,
            "next_at": changed.next_at,
            "next_kind": changed.next_kind and changed.next_kind.value,
            "due_at": due[0] if due else FAR,
            "open": changed.is_open,
            "outcome": changed.outcome and changed.outcome.value,
            "closed_at": changed.closed_at,
            "merged_into": changed.merged_into or None,
            "changed_at": self._now,
            "version": changed.version + 1,
        }
        mine = case.c.id == changed.id
        self.connection.execute(update(case).where(mine).values(values))
        self._database.ring(self.connection, RING)
        row = self._row(mine)
        assert row is not None
        return case_of(row)

    # ------------------------------------------------ notes

    def write(self, on: Case, kind: NoteKind, text: str, reference: str = "") -> CaseNote:
        """Writes a note down in the name of whoever acts; the same reference twice is one note."""
        if reference and (known := self.note_at(reference)):
            return known
        row = {
            "case_id": on.id,
            "at": self._now,
            "author": self.actor,
            "kind": kind.value,
            "text": text,
            "reference": reference or None,
            "trace": self._trace,
        }
        result = self.connection.execute(insert(case_note).values(row))
        assert result.inserted_primary_key is not None
        return note_of(
            self.connection.execute(
                select(case_note).where(case_note.c.id == result.inserted_primary_key[0])
            ).one()
        )

    def notes(self, on: Case) -> tuple[CaseNote, ...]:
        """What stands on a case, oldest first."""
        mine = select(case_note).where(case_note.c.case_id == on.id).order_by(case_note.c.id)
        return tuple(map(note_of, self.connection.execute(mine)))

    def note_at(self, reference: str) -> CaseNote | None:
        """The note that the message of that name in a channel became, or as which the desk showed it there."""
        mine = or_(case_note.c.reference == reference, case_note.c.id == self._shown_as(reference))
        row = self.connection.execute(select(case_note).where(mine)).one_or_none()
        return note_of(row) if row else None

    def _shown_as(self, reference: str) -> int:
        """The note that the desk showed in a staff room as the message of that name; 0 for none."""
        # Letters to requesters begin alike, and name a person.
        ours = and_(outbox.c.key.startswith("case:"), outbox.c.person.is_(None))
        key = self.connection.scalar(
            select(outbox.c.key).where(outbox.c.reference == reference, ours).limit(1)
        )
        words = str(key or "").split(":")
        return int(words[3]) if len(words) > 3 and words[2] in ("note", "reply", "sent") else 0

    def say_again_as(self, note: CaseNote, kind: NoteKind) -> None:
        """Makes an internal note one that went to the requester."""
        self.connection.execute(update(case_note).where(case_note.c.id == note.id).values(kind=kind.value))

    def move_notes(self, of: Case, to: Case) -> None:
        """Puts what stands on one case onto another."""
        self.connection.execute(update(case_note).where(case_note.c.case_id == of.id).values(case_id=to.id))
