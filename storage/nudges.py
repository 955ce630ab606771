"""Who was told what, within one transaction; fulfils `intents.desk.nudges.books.Nudges`."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    union_all,
    update,
)

from intents.desk.nudges.books import LostWay
from intents.desk.nudges.records import (
    Nudge,
    NudgeState,
    SuccessionState,
)
from intents.desk.projects.records import Role
from intents.messages import Part
from storage.codec import unpack_reply
from storage.database import Database
from storage.further_ways import base_of
from storage.lost_letters import ALIVE, BOUNCED, GONE, WAITING, WAYS, furthest, state_of
from storage.tables import LOST, NOT_TAKEN_IN, duty, nudge, outbox, succession
from storage.written import word

# What stands before the reason of a letter that was lost, once its recipient was looked into; as `LOST` has it.
TAKEN = "taken in: "
_COLUMNS = tuple(column for column in nudge.columns if column.name != "asked_at")
_SENT = nudge.c.state == NudgeState.SENT
_UNSEEN = and_(_SENT, nudge.c.seen_at.is_(None))
_SEEN = update(nudge).where(nudge.c.contact_id == bindparam("whose"), _UNSEEN)
_LATEST = (
    select(*_COLUMNS)
    .where(nudge.c.contact_id == bindparam("whose"), nudge.c.put_at >= bindparam("since"), _SENT)
    .order_by(nudge.c.put_at.desc(), nudge.c.id)
)
_TOLD = (
    select(nudge.c.contact_id, nudge.c.put_at)
    .distinct()
    .where(nudge.c.contact_id.in_(bindparam("rows", expanding=True)))
    .where(nudge.c.put_at >= bindparam("since"), _SENT)
)
_NUDGES = select(*_COLUMNS).order_by(nudge.c.id)
_OF_LETTER = _NUDGES.where(nudge.c.letter == bindparam("of"))
_OF_THESE = nudge.c.obligation_id.in_(bindparam("rows", expanding=True))
_OF_OBLIGATIONS = _NUDGES.where(_OF_THESE)
LOST_WAYS = (
    select(outbox.c.id, outbox.c.key, outbox.c.channel, outbox.c.last_error)
    .where(LOST, outbox.c.key.startswith("nudge"))
    .order_by(outbox.c.id)
    .limit(bindparam("most", type_=Integer))
)


def _standing(which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """The letters that told of such obligations, with how each of their ways stands; each way has its own key."""
    first = func.min(nudge.c.id).label("first")
    told = select(first, nudge.c.letter).where(which, _SENT).group_by(nudge.c.letter).cte("told")
    ways = (
        select(told.c.first, told.c.letter, outbox.c.state).where(
            outbox.c.key == told.c.letter + literal_column(f"':{way}'", String)
        )
        for way in WAYS
    )
    return union_all(*ways)


_STANDING = _standing(_OF_THESE)
# A list is filled into its statement each time, and mostly it is one obligation.
_STANDING_OF_ONE = _standing(nudge.c.obligation_id == bindparam("rows"))


def unheard() -> ColumnElement[bool]:
    """What somebody in charge was told and has not seen, as in its index; what was asked about counts no more."""
    open_ = and_(nudge.c.seen_at.is_(None), nudge.c.asked_at.is_(None))
    return and_(open_, nudge.c.state == word(NudgeState.SENT), nudge.c.role == word(Role.OWNER))


def _silent() -> Select[Any]:
    """Contacts with so many `:letters` unseen, the newest put before `:unseen`; `:most` of them."""
    # Of a project for which it is asked already nothing more comes.
    open_ = and_(
        succession.c.project_id == duty.c.project_id, succession.c.state == word(SuccessionState.OPEN)
    )
    owns = and_(
        duty.c.contact_id == nudge.c.contact_id, duty.c.role == word(Role.OWNER), duty.c.until.is_(None)
    )
    theirs = and_(owns, ~exists().where(open_))
    letters = bindparam("letters", type_=Integer)
    by_person = select(nudge.c.contact_id).where(unheard()).group_by(nudge.c.contact_id)
    # Letters are told apart, and projects looked at, only of people with so many nudges.
    many = by_person.having(func.count() >= letters, func.max(nudge.c.put_at) < bindparam("unseen"))
    enough = and_(func.count(nudge.c.letter.distinct()) >= letters, exists().where(theirs))
    found = by_person.where(nudge.c.contact_id.in_(many.correlate(None))).having(enough)
    return found.order_by(nudge.c.contact_id).limit(bindparam("most", type_=Integer))


SILENT = _silent()


class StoredNudges:
    """The nudges."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def add(self, new: Sequence[Nudge]) -> None:
        """Writes them down; one that is there already stays."""
        self._database.add_new(self._connection, nudge, [_values(one) for one in new])

    def of_obligations(self, ids: Collection[int]) -> tuple[Nudge, ...]:
        """The nudges of these obligations, oldest first."""
        return self._found(_OF_OBLIGATIONS, rows=list(ids))

    def of_letter(self, letter: str) -> tuple[Nudge, ...]:
        """What one letter told."""
        return self._found(_OF_LETTER, of=letter)

    def waiting(self, ids: Collection[int]) -> tuple[str, ...]:
        """The letters about these obligations that wait to leave, oldest first; none that has left on any way."""
        found: dict[str, set[str]] = defaultdict(set)
        rows = list(ids)
        query, given = (_STANDING_OF_ONE, rows[0]) if len(rows) == 1 else (_STANDING, rows)
        for _, letter, state in sorted(self._connection.execute(query, {"rows": given})):
            found[letter].add(state)
        return tuple(letter for letter, ways in found.items() if furthest(ways) == WAITING)

    def latest(self, contact: int, since: datetime) -> tuple[Nudge, ...]:
        """What somebody was told since then, the newest letter first."""
        return self._found(_LATEST, whose=contact, since=since)

    def told(self, contacts: Collection[int], since: datetime) -> Mapping[int, Collection[datetime]]:
        """When these people were told something since then, by contact."""
        found: dict[int, set[datetime]] = defaultdict(set)
        for whose, put_at in self._connection.execute(_TOLD, {"rows": list(contacts), "since": since}):
            found[whose].add(put_at)
        return found

    def withdraw(self, letter: str) -> None:
        """Forgets a letter's nudges, because it was taken back before it left."""
        self._connection.execute(delete(nudge).where(nudge.c.letter == letter))

    def seen(self, contact: int) -> int:
        """Keeps that somebody showed a sign of life now; gives how many nudges that confirms."""
        return self._connection.execute(_SEEN, {"whose": contact, "seen_at": self._now}).rowcount

    def silent(self, letters: int, before: datetime, limit: int) -> tuple[int, ...]:
        """Contacts with so many letters since their last sign of life, the newest of them put before that moment."""
        given = {"letters": letters, "unseen": before, "most": limit}
        return tuple(self._connection.scalars(SILENT, given))

    def words(self, letter: str) -> tuple[Part, ...]:
        """What a letter says, with its buttons; nothing when there is no such letter."""
        keys = [f"{letter}:{way}" for way in WAYS]
        body = self._connection.scalar(select(outbox.c.body).where(outbox.c.key.in_(keys)).limit(1))
        return unpack_reply(body).parts if body else ()

    def states(self, letters: Collection[str]) -> Mapping[str, str]:
        """How letters stand in the outbox, over all their ways."""
        return state_of(self._connection, letters)

    def lost(self, limit: int) -> tuple[LostWay, ...]:
        """Ways on which nudges could not be delivered and that nobody has taken in yet, the oldest first."""
        rows = self._connection.execute(LOST_WAYS, {"most": limit}).all()
        letters = {row.id: base_of(row.key, row.channel) for row in rows}
        states = state_of(self._connection, set(letters.values()))
        return tuple(
            LostWay(
                row.id,
                letters[row.id],
                _why(row.last_error or ""),
                states[letters[row.id]] in ALIVE,
                row.channel,
            )
            for row in rows
        )

    def take_in(self, lost: LostWay) -> bool:
        """Keeps that this was taken in; False when somebody was quicker."""
        told = (
            update(outbox)
            .where(outbox.c.id == lost.row, NOT_TAKEN_IN)
            .values(last_error=TAKEN + func.coalesce(outbox.c.last_error, ""))
        )
        return bool(self._connection.execute(told).rowcount)

    def _found(self, query: Select[Any], **given: object) -> tuple[Nudge, ...]:
        return tuple(map(_nudge, self._connection.execute(query, given)))


def _why(last_error: str) -> str:
    word = last_error.partition(": ")[0]
    return word if word in (BOUNCED, GONE) else ""


# The columns stand in the order of the fields; whether others were asked is written by itself.
_NAMES = nudge.columns.keys()[1:-1]
_FIELDS = attrgetter(*(field.name for field in dataclasses.fields(Nudge) if field.name != "id"))


def _values(one: Nudge) -> dict[str, Any]:
    return dict(zip(_NAMES, _FIELDS(one), strict=True))


def _nudge(row: Row[Any]) -> Nudge:
    values = row._asdict()
    names = {"obligation": values.pop("obligation_id"), "contact": values.pop("contact_id")}
    return Nudge(**(values | names | {"role": Role(row.role), "state": NudgeState(row.state)}))
