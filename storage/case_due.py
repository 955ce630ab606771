"""What the clock looks for among the cases: promises, silence, seminars with people waiting, and what it told already."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from intents.desk.case_books import Noted, Waiting
from intents.desk.case_records import Case, CaseKind, CaseState
from intents.desk.seats import SeatState
from intents.desk.seminar_records import SeminarState
from storage.case_rows import case_of
from storage.cases import FAR
from storage.tables import audit, case, seminar, seminar_registration

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
        """Open cases in which somebody talks with the requester and nothing has changed since then."""
        return self._open(and_(case.c.talking != "", case.c.changed_at <= since))

    def waiting(self) -> tuple[Case, ...]:
        """Cases that wait for the requester."""
        return self._open(case.c.state == CaseState.WAITING.value)

    def quiet(self, since: datetime) -> tuple[Case, ...]:
        """Cases in which it is our turn, nothing is due, and nothing has changed since then."""
        ours = case.c.state.in_((CaseState.NEW.value, CaseState.TAKEN.value))
        return self._open(and_(ours, case.c.due_at == FAR, case.c.changed_at <= since))

    def waitlists(self) -> tuple[Case, ...]:
        """Open cases about seminars with people waiting."""
        return self._open(and_(case.c.kind == CaseKind.WAITLIST.value, case.c.about != ""))

    def _open(self, which: ColumnElement[bool]) -> tuple[Case, ...]:
        query = select(case).where(case.c.open, which).order_by(case.c.due_at, case.c.id)
        return tuple(map(case_of, self._connection.execute(query)))

    def last_about(self, subject: str) -> Case | None:
        """The newest case about that subject, open or closed."""
        query = select(case).where(case.c.about == subject).order_by(case.c.id.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return case_of(row) if row else None

    def noted(self, cases: Collection[Case], actions: Collection[str]) -> tuple[Noted, ...]:
        """The lines of the audit about these cases with these actions, oldest first."""
        columns = (audit.c.subject, audit.c.action, audit.c.reason, audit.c.at)
        mine = and_(audit.c.subject.in_([one.subject for one in cases]), audit.c.action.in_(actions))
        rows = self._connection.execute(select(*columns).where(mine).order_by(audit.c.id)) if cases else ()
        return tuple(Noted(*row) for row in rows)

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
