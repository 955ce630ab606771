"""What the clock looks for among the cases: promises, silence, lost letters, people waiting, and what it told already."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from intents.desk.case_books import Noted, Undelivered, Waiting
from intents.desk.case_records import Case, CaseKind, CaseState
from intents.desk.seats import SeatState
from intents.desk.seminar_records import SeminarState
from storage.case_rows import case_of, cases_of
from storage.cases import FAR
from storage.tables import audit, case, case_note, outbox, seminar, seminar_registration

# Databases take a limited number of values in one question.
AT_ONCE = 500
WAYS = ("web", "slack", "teams", "mail")
# Letters that carry what staff said; that the desk answers again, or that tomorrow is the day, is worth no case.
LOST = frozenset({"note", "closed", "appointed"})
_AHEAD = (SeminarState.OPEN, SeminarState.CLOSED)


class StoredCaseDue:
    """Reads the cases within one transaction; takes no lock."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def promised(self, until: datetime) -> tuple[Case, ...]:
        """Open cases in which we owe an answer by that moment or before, the earliest first."""
        ours = and_(case.c.state != CaseState.WAITING.value, case.c.promised_by <= until)
        # What is due first is never later than the promise, and that has an index.
        return self._open(and_(ours, case.c.due_at <= until))

    def silent(self, since: datetime) -> tuple[Case, ...]:
        """Open cases in which it is our turn to talk with the requester and nothing has changed since then."""
        ours = case.c.state != CaseState.WAITING.value
        return self._open(and_(case.c.talking != "", ours, case.c.changed_at <= since))

    def waiting(self, since: datetime) -> tuple[Case, ...]:
        """Cases that wait for the requester and were opened by that moment."""
        return self._open(and_(case.c.state == CaseState.WAITING.value, case.c.opened_at <= since))

    def quiet(self, since: datetime) -> tuple[Case, ...]:
        """Cases in which it is our turn, nothing is due, and nothing has changed since then."""
        ours = case.c.state.in_((CaseState.NEW.value, CaseState.TAKEN.value))
        return self._open(and_(ours, case.c.due_at == FAR, case.c.changed_at <= since))

    def waitlists(self) -> tuple[Case, ...]:
        """Open cases about seminars with people waiting."""
        return self._open(and_(case.c.kind == CaseKind.WAITLIST.value, case.c.about != ""))

    def _open(self, which: ColumnElement[bool]) -> tuple[Case, ...]:
        query = select(case).where(case.c.open, which).order_by(case.c.due_at, case.c.id)
        return cases_of(self._connection.execute(query))

    def last_about(self, subject: str) -> Case | None:
        """The newest case about that subject, open or closed."""
        query = select(case).where(case.c.about == subject).order_by(case.c.id.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return case_of(row) if row else None

    def noted(self, cases: Collection[Case], actions: Collection[str]) -> tuple[Noted, ...]:
        """The lines of the audit about these cases with these actions, of each case the oldest first."""
        columns = (audit.c.subject, audit.c.action, audit.c.reason, audit.c.at)
        wanted = select(*columns).where(audit.c.action.in_(actions)).order_by(audit.c.id)
        return tuple(
            Noted(*row)
            for some in _parts([one.subject for one in cases])
            for row in self._connection.execute(wanted.where(audit.c.subject.in_(some)))
        )

    def undelivered(self, letter: str = "") -> tuple[Undelivered, ...]:
        """Letters that reached a requester on no way and of which their case does not tell yet; or only the one."""
        # Only letters to requesters name a person; rooms and staff are told by other letters of the same beginning.
        ours = and_(outbox.c.key.startswith("case:"), outbox.c.person.is_not(None))
        mine = and_(ours, outbox.c.key.in_(_keys(letter))) if letter else ours
        parked = select(outbox.c.key).where(mine, outbox.c.state == "parked").order_by(outbox.c.id)
        found: dict[str, Undelivered] = {}
        for key in self._connection.scalars(parked):
            name, _, way = key.rpartition(":")
            if name.split(":")[2] in LOST:
                ways = found[name].ways if name in found else ()
                found[name] = Undelivered(name, name.split(":")[2], (*ways, way))
        settled = {*self._told_of(found), *self._under_way(found)}
        return tuple(one for one in found.values() if one.letter not in settled)

    def _told_of(self, letters: Mapping[str, Undelivered]) -> Iterator[str]:
        """Those of which a note tells, on whatever case it stands by now."""
        named = {one.reference: one.letter for one in letters.values()}
        for some in _parts(list(named)):
            there = select(case_note.c.reference).where(case_note.c.reference.in_(some))
            yield from (named[reference] for reference in self._connection.scalars(there))

    def _under_way(self, letters: Mapping[str, Undelivered]) -> Iterator[str]:
        """Those that reached the requester on another way, or still may."""
        for some in _parts([key for letter in letters for key in _keys(letter)]):
            alive = and_(outbox.c.key.in_(some), outbox.c.state.in_(("due", "sending", "sent")))
            yield from (
                key.rpartition(":")[0] for key in self._connection.scalars(select(outbox.c.key).where(alive))
            )

    def lines_of_people(self, seminar_id: int = 0) -> tuple[Waiting, ...]:
        """The seminars that have not begun and for which people wait; or only the one."""
        table = seminar_registration
        waits = and_(
            table.c.state == SeatState.WAITING, seminar.c.state.in_(_AHEAD), seminar.c.starts_at > self._now
        )
        mine = and_(waits, seminar.c.id == seminar_id) if seminar_id else waits
        counted = (table.c.seminar_id, func.sum(table.c.party), func.max(table.c.signed_up_at))
        query = select(*counted).join(seminar).where(mine).group_by(table.c.seminar_id)
        rows = self._connection.execute(query.order_by(table.c.seminar_id))
        return tuple(Waiting(id_, int(people), newest) for id_, people, newest in rows)


def _keys(letter: str) -> list[str]:
    return [f"{letter}:{way}" for way in WAYS]


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE))
