"""Cases: what staff must look at, each with a receipt number and the conversation that led to it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Executable, Select, update

from intents.desk.case_merge import last
from intents.desk.case_records import (
    Case,
    CaseNote,
    CaseState,
    NewCase,
    NoteKind,
    case_id,
    case_number,
)
from storage import case_queries as queries
from storage.case_rows import case_of, cases_of, note_of, row_of
from storage.database import Database
from storage.tables import case_note

# Where nothing is due: after everything that is, on both engines.
FAR = datetime(9999, 1, 1, tzinfo=UTC)
# Rung whenever a case changed: the staff rooms show it.
RING = "cases"


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
        if self._event and (known := self._one(queries.OF_EVENT, event=self._event)):
            return known, True
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
        return self._written(queries.ADD, stamped)

    def _written(self, statement: Executable, values: dict[str, Any]) -> Case:
        added = self.connection.execute(statement, values).one()
        self._database.ring(self.connection, RING)
        return case_of(added)

    # ------------------------------------------------ finding

    def find(self, number: str) -> Case | None:
        """The case of that number as it was last committed."""
        return self._one(queries.ONE, row=case_id(number))

    def lock(self, number: str) -> Case | None:
        """The case of that number; nobody else changes it until the transaction ends."""
        return self._one(self._database.for_update(queries.ONE), row=case_id(number))

    def asked_by(self, person: str, conversation: int) -> Case | None:
        """The newest open hand-over or unanswered question of a person in a conversation."""
        return self._one(queries.ASKED_BY, person=person, conversation=conversation)

    def about(self, subject: str) -> Case | None:
        """The open case about that subject."""
        return self._one(queries.ABOUT, subject=subject)

    def talking_with(self, person: str, conversation: int, *, anywhere: bool) -> Case | None:
        """The open case in which one of staff is talking with a person, held; in this conversation, or anywhere."""
        if not person:
            return None
        newest = queries.TALKING_ANYWHERE if anywhere else queries.TALKING_HERE
        here = {} if anywhere else {"conversation": conversation}
        for id_ in self.connection.scalars(newest, {"person": person} | here).all():
            # It may have ended while we waited for the lock.
            held = last(self, case_number(id_))
            if held and held.is_open and held.talking:
                return held
        return None

    def merged(self, into: Case) -> tuple[Case, ...]:
        """The cases that were merged into this one, and into those."""
        found = tuple(map(case_of, self.connection.execute(queries.MERGED, {"row": into.id}).all()))
        return (*found, *(below for one in found for below in self.merged(one)))

    def hold_place(self, of: Case) -> None:
        """Takes the lock of the requester's conversation, for what must come before that of the case."""
        held = self._database.for_update(queries.PLACE)
        self.connection.execute(held, {"conversation": of.to.conversation})

    def queued(self, owner: str, late_at: datetime | None, limit: int) -> tuple[Case, ...]:
        """Open cases by their due date: of an owner (empty: of nobody), or those due before a moment, whoever's."""
        which, given = queries.FIRST_OF, {"owner": owner, "most": limit}
        if late_at:
            which, given = queries.FIRST_LATE, {"moment": late_at, "most": limit}
        return cases_of(self.connection.execute(which, given))

    def open_before(self, moment: datetime) -> frozenset[tuple[str, str]]:
        """Whose open cases came in before that moment (empty: nobody's), and of which desks they are."""
        rows = self.connection.execute(queries.OPEN_BEFORE, {"moment": moment})
        return frozenset((owner, desk) for owner, desk in rows)

    def card(self, reference: str) -> str:
        """The number of the case whose card a channel knows by that name; empty for none."""
        subject = self.connection.scalar(queries.CARD, {"reference": reference}) or ""
        return str(subject).removeprefix("case:")

    def _one(self, query: Select[Any], **given: object) -> Case | None:
        row = self.connection.execute(query, given).one_or_none()
        return case_of(row) if row else None

    # ------------------------------------------------ changing

    def save(self, changed: Case) -> Case:
        """Writes down how a case stands now and gives it with its new version; what it is about stays."""
        due = changed.due
        values = {
            "row": changed.id,
            "kind": changed.kind.value,
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
        return self._written(queries.SAVE, values)

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
        result = self.connection.execute(queries.WRITE, row)
        assert result.inserted_primary_key is not None
        id_ = int(result.inserted_primary_key[0])
        return CaseNote(id_, on.id, self._now, self.actor, kind, text, reference)

    def notes(self, on: Case) -> tuple[CaseNote, ...]:
        """What stands on a case, oldest first."""
        return tuple(map(note_of, self.connection.execute(queries.NOTES, {"row": on.id})))

    def note_at(self, reference: str) -> CaseNote | None:
        """The note that the message of that name in a channel became, or as which the desk showed it there."""
        mine = {"reference": reference, "row": self._shown_as(reference)}
        row = self.connection.execute(queries.NOTE_AT, mine).one_or_none()
        return note_of(row) if row else None

    def _shown_as(self, reference: str) -> int:
        """The note that the desk showed in a staff room as the message of that name; 0 for none."""
        key = self.connection.scalar(queries.SHOWN_AS, {"reference": reference})
        words = str(key or "").split(":")
        return int(words[3]) if len(words) > 3 and words[2] in ("note", "reply", "sent") else 0

    def say_again_as(self, note: CaseNote, kind: NoteKind) -> None:
        """Makes an internal note one that went to the requester."""
        self.connection.execute(update(case_note).where(case_note.c.id == note.id).values(kind=kind.value))

    def move_notes(self, of: Case, to: Case) -> None:
        """Puts what stands on one case onto another."""
        self.connection.execute(update(case_note).where(case_note.c.case_id == of.id).values(case_id=to.id))
