"""Who was told what, and who takes over, within one transaction; fulfils `intents.desk.nudges.books`."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, select, update

from intents.desk.case_records import case_id, case_number
from intents.desk.nudges.books import LostWay
from intents.desk.nudges.records import (
    Nudge,
    NudgeState,
    Succession,
    SuccessionState,
    SuccessionWhy,
)
from intents.desk.projects.records import Contact, Role
from intents.messages import Part
from storage import consents
from storage.codec import unpack_reply
from storage.database import Database
from storage.further_ways import base_of
from storage.lost_letters import ALIVE, BOUNCED, GONE, WAYS, state_of
from storage.tables import duty, nudge, outbox, succession

# What stands before the reason of a letter that was lost, once its recipient was looked into.
TAKEN = "taken in: "
_SENT = nudge.c.state == NudgeState.SENT
_UNSEEN = and_(_SENT, nudge.c.seen_at.is_(None))


class StoredNudges:
    """The nudges."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def add(self, new: Sequence[Nudge]) -> None:
        """Writes them down; one that is there already stays."""
        self._database.add_new(self._connection, nudge, [_values(one) for one in new])

    def of_obligations(self, ids: Collection[int]) -> tuple[Nudge, ...]:
        """The nudges of these obligations, oldest first."""
        return self._found(nudge.c.obligation_id.in_(list(ids)))

    def of_letter(self, letter: str) -> tuple[Nudge, ...]:
        """What one letter told."""
        return self._found(nudge.c.letter == letter)

    def latest(self, contact: int, since: datetime) -> tuple[Nudge, ...]:
        """What somebody was told since then, the newest letter first."""
        mine = and_(nudge.c.contact_id == contact, nudge.c.put_at >= since, _SENT)
        query = select(nudge).where(mine).order_by(nudge.c.put_at.desc(), nudge.c.id)
        return tuple(map(_nudge, self._connection.execute(query)))

    def withdraw(self, letter: str) -> None:
        """Forgets a letter's nudges, because it was taken back before it left."""
        self._connection.execute(delete(nudge).where(nudge.c.letter == letter))

    def seen(self, contact: int) -> int:
        """Keeps that somebody showed a sign of life now; gives how many nudges that confirms."""
        mine = and_(nudge.c.contact_id == contact, _UNSEEN)
        return self._connection.execute(update(nudge).where(mine).values(seen_at=self._now)).rowcount

    def silent(self, letters: int, before: datetime, limit: int) -> tuple[int, ...]:
        """Contacts with so many letters since their last sign of life, the newest of them put before that moment."""
        # Of a project for which it is asked already nothing more comes.
        open_ = and_(succession.c.project_id == duty.c.project_id, succession.c.state == SuccessionState.OPEN)
        owns = and_(
            duty.c.contact_id == nudge.c.contact_id, duty.c.role == Role.OWNER, duty.c.until.is_(None)
        )
        theirs = and_(owns, ~exists().where(open_))
        # What was asked about before is not counted again.
        asked = and_(succession.c.contact_id == nudge.c.contact_id, succession.c.opened_at >= nudge.c.put_at)
        whose = (exists().where(theirs), ~exists().where(asked))
        counted = select(nudge.c.contact_id).where(_UNSEEN, nudge.c.role == Role.OWNER, *whose)
        enough = and_(func.count(nudge.c.letter.distinct()) >= letters, func.max(nudge.c.put_at) < before)
        found = counted.group_by(nudge.c.contact_id).having(enough).order_by(nudge.c.contact_id)
        return tuple(self._connection.scalars(found.limit(limit)))

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
        ours = and_(outbox.c.state == "parked", outbox.c.key.startswith("nudge"))
        fresh = func.coalesce(outbox.c.last_error, "").not_like(f"{TAKEN}%")
        rows = self._connection.execute(
            select(outbox).where(ours, fresh).order_by(outbox.c.id).limit(limit)
        ).all()
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
        fresh = and_(outbox.c.id == lost.row, func.coalesce(outbox.c.last_error, "").not_like(f"{TAKEN}%"))
        told = update(outbox).where(fresh).values(last_error=TAKEN + func.coalesce(outbox.c.last_error, ""))
        return bool(self._connection.execute(told).rowcount)

    def _found(self, where: ColumnElement[bool]) -> tuple[Nudge, ...]:
        return tuple(map(_nudge, self._connection.execute(select(nudge).where(where).order_by(nudge.c.id))))


def _why(last_error: str) -> str:
    word = last_error.partition(": ")[0]
    return word if word in (BOUNCED, GONE) else ""


def _values(one: Nudge) -> dict[str, Any]:
    values = {field.name: getattr(one, field.name) for field in dataclasses.fields(Nudge)}
    del values["id"]
    return values | {"obligation_id": values.pop("obligation"), "contact_id": values.pop("contact")}


def _nudge(row: Row[Any]) -> Nudge:
    values = row._asdict()
    names = {"obligation": values.pop("obligation_id"), "contact": values.pop("contact_id")}
    return Nudge(**(values | names | {"role": Role(row.role), "state": NudgeState(row.state)}))


class StoredSuccessions:
    """The questions who takes over."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def open(self, project: int, contact: int, why: SuccessionWhy) -> Succession | None:
        """Opens the question for a project; None when it is open already."""
        row = {"project_id": project, "contact_id": contact, "why": why, "opened_at": self._now}
        fresh = row | {"state": SuccessionState.OPEN, "closed_by": ""}
        # Without it PostgreSQL's driver does not say how many rows an INSERT has written.
        counted = self._database.insert_new(succession, [fresh])
        if not self._connection.execute(counted, execution_options={"preserve_rowcount": True}).rowcount:
            return None
        return next(one for one in reversed(self.of_project(project)) if one.state is SuccessionState.OPEN)

    def find(self, id_: int) -> Succession | None:
        """One of them, held until the transaction ends."""
        held = self._database.for_update(select(succession).where(succession.c.id == id_))
        row = self._connection.execute(held).one_or_none()
        return _succession(row) if row else None

    def of_project(self, project: int) -> tuple[Succession, ...]:
        """Those of a project, oldest first."""
        return self._found(succession.c.project_id == project)

    def running(self) -> tuple[Succession, ...]:
        """Those that are open."""
        return self._found(succession.c.state == SuccessionState.OPEN)

    def save(self, changed: Succession) -> None:
        """Writes one down as it is now."""
        values = {
            "state": changed.state,
            "asked_second_at": changed.asked_second_at,
            "asked_staff_at": changed.asked_staff_at,
            "case_id": case_id(changed.case) if changed.case else None,
            "successor_id": changed.successor or None,
            "closed_at": changed.closed_at,
            "closed_by": changed.closed_by,
        }
        self._connection.execute(update(succession).where(succession.c.id == changed.id).values(values))

    def copy_consent(self, leaving: Contact, successor: Contact, purpose: str) -> str:
        """What was agreed to for a project holds for whoever takes over, unless they once withdrew it themselves.

        Gives the version; empty when nothing was agreed to.
        """
        versions = (consents.agreed(self._connection, name, purpose) for name in _names(leaving))
        version = next((one for one in versions if one), "")
        heirs = _names(successor)
        known = [name for name in heirs if consents.agreed(self._connection, name, purpose)]
        withdrawn = [name for name in heirs if consents.has_withdrawn(self._connection, name, purpose)]
        if version and heirs and not known and not withdrawn:
            self._record(successor, heirs[0], purpose, version)
        return version

    def renew_consent(self, contact: Contact, purpose: str, version: str) -> None:
        """Somebody who withdrew their consent gives it again."""
        for name in _names(contact):
            if consents.has_withdrawn(self._connection, name, purpose):
                self._record(contact, name, purpose, version)

    def _record(self, contact: Contact, name: str, purpose: str, version: str) -> None:
        where = contact.conversation or None
        consents.record(self._connection, where, name, purpose, version, self._now)

    def _found(self, where: ColumnElement[bool]) -> tuple[Succession, ...]:
        query = select(succession).where(where).order_by(succession.c.id)
        return tuple(map(_succession, self._connection.execute(query)))


def _names(contact: Contact) -> list[str]:
    """Under which names somebody may have agreed to something, or withdrawn it."""
    mailed = consents.by_mail(contact.mail) if contact.mail else ""
    slack = f"slack:{contact.slack}" if contact.slack else ""
    return list(dict.fromkeys(name for name in (contact.person, mailed, slack) if name))


def _succession(row: Row[Any]) -> Succession:
    return Succession(
        id=row.id,
        project=row.project_id,
        contact=row.contact_id,
        why=SuccessionWhy(row.why),
        state=SuccessionState(row.state),
        opened_at=row.opened_at,
        asked_second_at=row.asked_second_at,
        asked_staff_at=row.asked_staff_at,
        case=case_number(row.case_id) if row.case_id else "",
        successor=row.successor_id or 0,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )
