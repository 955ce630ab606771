"""What the clock looks for among the cases: promises, silence, lost letters, people waiting, and what it told already."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, and_, bindparam, func, select

from intents.desk.case_books import Noted, Owed, Undelivered, Waiting
from intents.desk.case_records import Case, CaseKind, CaseState, case_number
from intents.desk.seats import SeatState
from intents.desk.seminar_records import SeminarState
from storage.case_rows import TOLD, case_of, cases_of, readable
from storage.cases import FAR
from storage.tables import audit, case, case_note, outbox, seminar, seminar_registration
from storage.written import among, word

# Databases take a limited number of values in one question.
AT_ONCE = 500
WAYS = ("web", "slack", "teams", "mail")
# Letters that carry what staff said; that the desk answers again, or that tomorrow is the day, is worth no case.
LOST = frozenset({"note", "closed", "appointed"})
_AHEAD = (SeminarState.OPEN, SeminarState.CLOSED)

# ------------------------------------------------ what is asked, put together once


def _open(which: ColumnElement[bool]) -> Select[Any]:
    return select(*TOLD).where(case.c.open, which).order_by(case.c.due_at, case.c.id)


# Moments are `:until`, `:talked`, `:asked` and `:moved`, by that moment or before.
_NOT_WAITING = case.c.state != word(CaseState.WAITING)
# What is due first is never later than the promise, and that has an index.
_PROMISED = _open(
    and_(_NOT_WAITING, case.c.promised_by <= bindparam("until"), case.c.due_at <= bindparam("until"))
).with_only_columns(case.c.id, case.c.kind, case.c.state, case.c.promised_by)
SILENT = _open(and_(case.c.talking != "", _NOT_WAITING, case.c.changed_at <= bindparam("talked")))
WAITING = _open(and_(case.c.state == word(CaseState.WAITING), case.c.opened_at <= bindparam("asked")))
_OURS = among(case.c.state, (CaseState.NEW, CaseState.TAKEN))
QUIET = _open(and_(_OURS, case.c.due_at == FAR, case.c.changed_at <= bindparam("moved")))
_WAITLISTS = _open(and_(case.c.kind == word(CaseKind.WAITLIST), case.c.about != ""))
_LAST_ABOUT = select(*TOLD).where(case.c.about == bindparam("subject")).order_by(case.c.id.desc()).limit(1)

# Only letters to requesters name a person; rooms and staff are told by other letters of the same beginning.
_OF_CASES = outbox.c.key.startswith("case:")
_TO_REQUESTERS = and_(_OF_CASES, outbox.c.person.is_not(None))
_THESE_KEYS = outbox.c.key.in_(bindparam("keys", expanding=True))
_PARKED = select(outbox.c.key).where(_TO_REQUESTERS, outbox.c.state == word("parked")).order_by(outbox.c.id)
# Whether there is any, whomever it is to: without an order SQLite would look among all that are to a person.
PARKED = select(outbox.c.key).where(_OF_CASES, outbox.c.state == word("parked"))
_PARKED_OF_THESE = _PARKED.where(_THESE_KEYS)
_UNDER_WAY = select(outbox.c.key).where(_THESE_KEYS, among(outbox.c.state, ("due", "sending", "sent")))
_TOLD_OF = select(case_note.c.reference).where(
    case_note.c.reference.in_(bindparam("references", expanding=True))
)

_SEAT = seminar_registration.c
_LINES = (
    select(_SEAT.seminar_id, func.sum(_SEAT.party), func.max(_SEAT.signed_up_at))
    .join(seminar)
    .where(
        _SEAT.state == word(SeatState.WAITING),
        among(seminar.c.state, _AHEAD),
        seminar.c.starts_at > bindparam("now"),
    )
    .group_by(_SEAT.seminar_id)
    .order_by(_SEAT.seminar_id)
)
_LINE_OF_ONE = _LINES.where(seminar.c.id == bindparam("seminar"))


@cache
def _noted(actions: frozenset[str], *, several: bool) -> Select[Any]:
    """The lines with these actions about one subject or several, the oldest first."""
    subject = audit.c.subject
    whose: BindParameter[str] = bindparam("whose", expanding=several)
    mine = and_(among(audit.c.action, sorted(actions)), subject.in_(whose) if several else subject == whose)
    return select(subject, audit.c.action, audit.c.reason, audit.c.at).where(mine).order_by(audit.c.id)


class StoredCaseDue:
    """Reads the cases within one transaction; takes no lock."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def promised(self, until: datetime) -> tuple[Owed, ...]:
        """The answers that we owe in open cases by that moment or before, the earliest first."""
        return readable(self._connection.execute(_PROMISED, {"until": until}), _owed)

    def silent(self, since: datetime) -> tuple[Case, ...]:
        """Open cases in which it is our turn to talk with the requester and nothing has changed since then."""
        return self._found(SILENT, talked=since)

    def waiting(self, since: datetime) -> tuple[Case, ...]:
        """Cases that wait for the requester and were opened by that moment."""
        return self._found(WAITING, asked=since)

    def quiet(self, since: datetime) -> tuple[Case, ...]:
        """Cases in which it is our turn, nothing is due, and nothing has changed since then."""
        return self._found(QUIET, moved=since)

    def waitlists(self) -> tuple[Case, ...]:
        """Open cases about seminars with people waiting."""
        return self._found(_WAITLISTS)

    def _found(self, query: Select[Any], **given: datetime) -> tuple[Case, ...]:
        return cases_of(self._connection.execute(query, given))

    def last_about(self, subject: str) -> Case | None:
        """The newest case about that subject, open or closed."""
        row = self._connection.execute(_LAST_ABOUT, {"subject": subject}).one_or_none()
        return case_of(row) if row else None

    def noted(self, cases: Collection[Case | Owed], actions: Collection[str]) -> tuple[Noted, ...]:
        """The lines of the audit about these cases with these actions, of each case the oldest first."""
        subjects = [one.subject for one in cases]
        # A list is filled into its statement each time, so that a single case is asked for without one.
        several = len(subjects) != 1
        query = _noted(frozenset(actions), several=several)
        return tuple(
            Noted(*row)
            for whose in (_parts(subjects) if several else subjects)
            for row in self._connection.execute(query, {"whose": whose})
        )

    def undelivered(self, letter: str = "") -> tuple[Undelivered, ...]:
        """Letters that reached a requester on no way and of which their case does not tell yet; or only the one."""
        parked, given = (_PARKED_OF_THESE, {"keys": _keys(letter)}) if letter else (_PARKED, {})
        found: dict[str, Undelivered] = {}
        for key in self._connection.scalars(parked, given):
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
            there = self._connection.scalars(_TOLD_OF, {"references": some})
            yield from (named[reference] for reference in there)

    def _under_way(self, letters: Mapping[str, Undelivered]) -> Iterator[str]:
        """Those that reached the requester on another way, or still may."""
        for some in _parts([key for letter in letters for key in _keys(letter)]):
            alive = self._connection.scalars(_UNDER_WAY, {"keys": some})
            yield from (key.rpartition(":")[0] for key in alive)

    def lines_of_people(self, seminar_id: int = 0) -> tuple[Waiting, ...]:
        """The seminars that have not begun and for which people wait; or only the one."""
        query, one = (_LINE_OF_ONE, {"seminar": seminar_id}) if seminar_id else (_LINES, {})
        rows = self._connection.execute(query, {"now": self._now} | one)
        return tuple(Waiting(id_, int(people), newest) for id_, people, newest in rows)


def _owed(row: Row[Any]) -> Owed:
    # A state of another release: whoever holds the case could not read it either.
    CaseState(row.state)
    return Owed(case_number(row.id), CaseKind(row.kind), row.promised_by)


def _keys(letter: str) -> list[str]:
    return [f"{letter}:{way}" for way in WAYS]


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE))
