"""Who takes over, within one transaction; fulfils `intents.desk.nudges.books.Successions`."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Row, bindparam, exists, func, select, update

from intents.desk.case_records import case_id, case_number
from intents.desk.nudges.records import Succession, SuccessionState, SuccessionWhy
from intents.desk.projects.records import Contact, Role
from storage import consents
from storage.database import Database
from storage.new_rows import inserting
from storage.nudges import unheard
from storage.tables import duty, nudge, succession
from storage.written import word

_SUCCESSIONS = select(succession).order_by(succession.c.id)
# As in the index of those that are open, and in its order: else SQLite goes through all that there ever were.
_OPEN = (
    select(succession.c.id)
    .where(succession.c.state == word(SuccessionState.OPEN))
    .order_by(succession.c.project_id)
)
_STILL = exists().where(
    duty.c.project_id == succession.c.project_id,
    duty.c.contact_id == succession.c.contact_id,
    duty.c.role == word(Role.OWNER),
    duty.c.until.is_(None),
)
SETTLED = _OPEN.where(~_STILL)
STUCK = _OPEN.where(
    _STILL,
    succession.c.asked_staff_at.is_(None),
    func.coalesce(succession.c.asked_second_at, succession.c.opened_at) < bindparam("stuck"),
)
_OF_PROJECT = _SUCCESSIONS.where(succession.c.project_id == bindparam("project"))
# What the one it is asked about has not seen counts as a silence no more.
_UNHEARD = select(nudge.c.id).where(nudge.c.contact_id == bindparam("whose"), unheard())
_ASKED = update(nudge).where(nudge.c.id.in_(bindparam("rows", expanding=True)))
# At most one of a project is open: it has a unique index.
_OPEN_OF = select(succession).where(
    succession.c.project_id == bindparam("project"), succession.c.state == word(SuccessionState.OPEN)
)
_ONE = select(succession).where(succession.c.id == bindparam("row"))
_SAVE = update(succession).where(succession.c.id == bindparam("row"))


class StoredSuccessions:
    """The questions who takes over."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def open(self, project: int, contact: int, why: SuccessionWhy) -> Succession | None:
        """Opens the question for a project; None when it is open already."""
        row = {"project_id": project, "contact_id": contact, "why": why, "opened_at": self._now}
        fresh = row | {"state": SuccessionState.OPEN, "closed_by": ""}
        opened = self._first(_opening(self._connection.dialect.name), **fresh)
        if opened is None:
            return None
        # What somebody holds is being seen or taken back: nobody waits for it, who may hold what they wait for.
        free = self._database.for_update(_UNHEARD, skip_locked=True)
        rows = self._connection.scalars(free, {"whose": contact}).all()
        if rows:
            self._connection.execute(_ASKED, {"rows": rows, "asked_at": self._now})
        return opened

    def find(self, id_: int) -> Succession | None:
        """One of them, held until the transaction ends."""
        return self._first(self._database.for_update(_ONE), row=id_)

    def open_of(self, project: int) -> Succession | None:
        """The one of a project that is open, held until the transaction ends."""
        return self._first(self._database.for_update(_OPEN_OF), project=project)

    def of_project(self, project: int) -> tuple[Succession, ...]:
        """Those of a project, oldest first."""
        return tuple(map(_succession, self._connection.execute(_OF_PROJECT, {"project": project})))

    def settled(self) -> tuple[int, ...]:
        """Those that are open, though whom they ask about is in charge no more."""
        return tuple(self._connection.scalars(SETTLED))

    def stuck(self, before: datetime) -> tuple[int, ...]:
        """Of the others those of which staff do not know, and whoever was asked last was asked before that moment."""
        return tuple(self._connection.scalars(STUCK, {"stuck": before}))

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
        self._connection.execute(_SAVE, {"row": changed.id, **values})

    def copy_consent(self, leaving: Contact, successor: Contact, purpose: str) -> str:
        """What was agreed to for a project holds for whoever takes over, unless they once withdrew it themselves.

        Gives the version; empty when nothing was agreed to.
        """
        names, heirs = _names(leaving), _names(successor)
        agreed = consents.agreed_by(self._connection, [*names, *heirs], purpose)
        version = next((agreed[name] for name in names if agreed.get(name)), "")
        free = version and heirs and not any(agreed.get(name) for name in heirs)
        if free and not consents.withdrawn(self._connection, heirs, purpose):
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

    def _first(self, statement: Executable, **given: object) -> Succession | None:
        row = self._connection.execute(statement, given).one_or_none()
        return _succession(row) if row else None


@cache
def _opening(engine: str) -> Executable:
    """Writes a new one down and gives it; nothing where one of the project is open."""
    return inserting(succession, engine).returning(succession)


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
