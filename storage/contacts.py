"""The people who look after projects, within one transaction; fulfils `intents.desk.projects.books.Contacts`."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Row, Select, bindparam, case, insert, or_, select, update

from intents.desk.projects.people import contact_key, known_key
from intents.desk.projects.records import Contact, Duty, Role
from storage import identities
from storage.database import Database
from storage.neighbours import among_them, are_neighbours, batches, named
from storage.new_rows import inserting
from storage.projects import told_apart
from storage.tables import contact, duty

# As many ids go into one statement.
KEY_LIMIT = 330
SLACK = "slack:"
_OWN = tuple(field.name for field in dataclasses.fields(Contact) if field.name != "conversation")
_READ = ("conversation", *_OWN)
_CONTACTS = select(contact.c.conversation_id, *(contact.c[name] for name in _OWN))
_ORDER = case({Role.OWNER.value: 0, Role.SECOND.value: 1}, value=duty.c.role, else_=2)
_NOW = duty.c.until.is_(None)
_DUTIES = select(duty).where(_NOW).order_by(_ORDER, duty.c.since, duty.c.id)
# Asked for every letter and answer: put together once.
_ONE = _CONTACTS.where(contact.c.id == bindparam("row"))
_THESE = _CONTACTS.where(contact.c.id.in_(bindparam("rows", expanding=True)))
_TAKEN = _THESE.order_by(contact.c.id)
_KEYED = select(contact.c.key, *_CONTACTS.selected_columns).where(
    contact.c.key.in_(bindparam("keys", expanding=True))
)
_WITH_ROLE = (
    _CONTACTS.join(duty)
    .where(duty.c.project_id == bindparam("project"), duty.c.role == bindparam("role"), _NOW)
    .order_by(contact.c.id)
)
_SAVE = update(contact).where(contact.c.id == bindparam("row"))
# Whoever gets the address that a person no longer has is somebody else.
_NO_ADDRESS = _SAVE.where(contact.c.key.startswith("mail:"))
_END = update(duty).where(
    duty.c.project_id == bindparam("project"),
    duty.c.contact_id == bindparam("contact"),
    duty.c.role == bindparam("which"),
    _NOW,
)
_OF_CONTACT = _DUTIES.where(duty.c.contact_id == bindparam("row"), duty.c.role != Role.FORMER.value)


class StoredContacts:
    """The contacts within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def by_id(self, id_: int) -> Contact | None:
        """The contact of a row."""
        return self._first(_ONE, row=id_)

    def of(self, ids: Collection[int]) -> tuple[Contact, ...]:
        """The contacts of these rows, by row."""
        rows = (
            row
            for some in batches(sorted(set(ids)))
            for row in self._connection.execute(_THESE, {"rows": some})
        )
        return tuple(sorted(map(_contact, rows), key=lambda one: one.id))

    def lock(self, id_: int) -> Contact | None:
        """The contact, held until the transaction ends."""
        return self._first(self._database.for_update(_ONE), row=id_)

    def with_role(self, project: int, role: Role) -> tuple[Contact, ...]:
        """Those who are this to a project now, by row."""
        given = {"project": project, "role": role.value}
        return tuple(map(_contact, self._connection.execute(_WITH_ROLE, given)))

    def take(self, ids: Collection[int]) -> tuple[Contact, ...]:
        """Those of these contacts whom nobody else holds, by row; held until the transaction ends."""
        free = self._database.for_update(_TAKEN, skip_locked=True)
        return tuple(map(_contact, self._connection.execute(free, {"rows": sorted(ids)})))

    def by_mail(self, mail: str) -> Contact | None:
        """The contact with that address, however its letters are written."""
        return self.by_mails([mail]).get(known_key(mail)) if mail.strip() else None

    def by_mails(self, mails: Collection[str]) -> Mapping[str, Contact]:
        """The contacts with these addresses, by the key of the address."""
        return self._by_key({known_key(mail)[:KEY_LIMIT] for mail in mails if mail.strip()})

    def _by_key(self, keys: Collection[str]) -> dict[str, Contact]:
        return {
            key: _contact(rest)
            for some in batches(sorted(set(keys)))
            for key, *rest in self._connection.execute(_KEYED, {"keys": some})
        }

    def by_person(self, person: str) -> Contact | None:
        """The contact who talks to the desk as that person (`channel:name`), or whose Slack name staff entered."""
        if not person:
            return None
        proven = contact.c.id.in_(identities.contact_of(person))
        mine = [contact.c.person == person, proven]
        if name := person.removeprefix(SLACK) if person.startswith(SLACK) else "":
            mine.append(contact.c.slack == name)
        # What was said last here, then what was proven, then what staff entered.
        order = case((mine[0], 0), (proven, 1), else_=2)
        return self._first(_CONTACTS.where(or_(*mine)).order_by(order, contact.c.id).limit(1))

    def put(self, name: str, mail: str, organisation: str) -> Contact:
        """The contact with that address, new or known; without an address, that of the name in the organisation."""
        key = contact_key(name, mail, organisation)[:KEY_LIMIT]
        if known := self._by_key([key]):
            return known[key]
        new = Contact(id=0, name=name, mail=mail.strip())
        row = _values(new) | {"key": key, "created_at": self._now}
        # Somebody else may put the same one at the same moment.
        return self._first(_putting(self._connection.dialect.name), **row) or self._by_key([key])[key]

    def put_all(self, people: Collection[tuple[str, str, str]]) -> tuple[Contact, ...]:
        """The contacts of these names, addresses and organisations, new or known, in their order.

        Raises ValueError when somebody else puts one of them at the same moment.
        """
        keys = [contact_key(*one)[:KEY_LIMIT] for one in people]
        known = self._by_key(keys)
        new = {
            key: _values(Contact(id=0, name=name, mail=mail.strip())) | {"key": key, "created_at": self._now}
            for key, (name, mail, _) in zip(reversed(keys), reversed([*people]), strict=True)
            if key not in known
        }
        if new:
            with told_apart():
                self._connection.execute(
                    insert(contact), [new[key] for key in dict.fromkeys(keys) if key in new]
                )
            known |= self._by_key(new)
        return tuple(known[key] for key in keys)

    def save(self, changed: Contact) -> None:
        """Writes a contact down as they are now."""
        key = known_key(changed.mail)[:KEY_LIMIT] if changed.mail.strip() else None
        row, keyed = {"row": changed.id}, {"key": key} if key else {}
        self._connection.execute(_SAVE, row | _values(changed) | keyed)
        if key is None:
            self._connection.execute(_NO_ADDRESS, row | {"key": f"name::{changed.id}"})

    def prove(self, id_: int, person: str) -> None:
        """A code that was sent to their address showed that they talk as that person."""
        identities.keep(self._connection, self._database, person, id_, self._now)

    def _first(self, query: Executable, **given: object) -> Contact | None:
        row = self._connection.execute(query, given).one_or_none()
        return _contact(row) if row else None

    # ------------------------------------------------ duties

    def duties(self, projects: Collection[int]) -> tuple[Duty, ...]:
        """The duties of these projects that have not ended; owners first, then second contacts, the oldest first."""
        found = [
            row
            for some in batches(sorted(set(projects)))
            for row in self._connection.execute(_of_projects(neighbours=are_neighbours(some)), named(some))
        ]
        return tuple(map(_duty, found))

    def duties_of(self, contact: int) -> tuple[Duty, ...]:
        """What somebody looks after now; what they looked after formerly is none of it."""
        return tuple(map(_duty, self._connection.execute(_OF_CONTACT, {"row": contact})))

    def history(self, project: int) -> tuple[Duty, ...]:
        """Who was what to a project, from the first on."""
        query = select(duty).where(duty.c.project_id == project).order_by(duty.c.since, duty.c.id)
        return tuple(map(_duty, self._connection.execute(query)))

    def give(self, project: int, contact: int, role: Role, why: str = "") -> None:
        """Makes somebody this to a project from now on; twice is once."""
        self._database.add_new(self._connection, duty, [self._begun(project, contact, role, why)])

    def _begun(self, project: int, contact: int, role: Role, why: str = "") -> dict[str, object]:
        whose = {"project_id": project, "contact_id": contact, "role": role.value}
        return whose | {"since": self._now, "why": why}

    def give_all(self, given: Collection[tuple[int, int, Role]]) -> None:
        """Gives duties, each of a project to a contact, from now on; those that stand already are left out.

        Raises ValueError when somebody else gives one of them at the same moment.
        """
        stand = {(one.project, one.contact, one.role) for one in self.duties({one[0] for one in given})}
        rows = [
            self._begun(project, whom, role)
            for project, whom, role in dict.fromkeys(given)
            if (project, whom, role) not in stand
        ]
        if rows:
            with told_apart():
                self._connection.execute(insert(duty), rows)

    def end(self, project: int, contact: int, role: Role, why: str = "") -> None:
        """Ends a duty now."""
        self._connection.execute(_END, self._over(project, contact, role, why))

    def _over(self, project: int, contact: int, role: Role, why: str) -> dict[str, object]:
        which: dict[str, object] = {"project": project, "contact": contact, "which": role.value}
        return which | {"until": self._now} | ({"why": why} if why else {})

    def hand_over(self, project: int, leaving: int, successor: int, why: str) -> None:
        """Makes somebody the owner of a project, who is its second contact no more, and the one before a former one."""
        owned = self._over(project, leaving, Role.OWNER, why)
        stood_by = self._over(project, successor, Role.SECOND, why)
        self._connection.execute(_END, [owned, stood_by])
        former = self._begun(project, leaving, Role.FORMER, why)
        owner = self._begun(project, successor, Role.OWNER, why)
        self._database.add_new(self._connection, duty, [former, owner])


@cache
def _of_projects(*, neighbours: bool) -> Select[Any]:
    """The duties of the projects that `neighbours.named` names."""
    return _DUTIES.where(among_them(duty.c.project_id, neighbours=neighbours))


@cache
def _putting(engine: str) -> Executable:
    """Writes a new one down and gives it; nothing where the key is there already."""
    return inserting(contact, engine).returning(*_CONTACTS.selected_columns)


def _values(one: Contact) -> dict[str, object]:
    fields = {name: getattr(one, name) for name in _OWN if name != "id"}
    return fields | {"ways": list(one.ways), "conversation_id": one.conversation or None}


def _contact(row: Sequence[Any]) -> Contact:
    values = dict(zip(_READ, row, strict=True))
    values["conversation"], values["ways"] = values["conversation"] or 0, tuple(values["ways"])
    return Contact(**values)


def _duty(row: Row[Any]) -> Duty:
    return Duty(row.project_id, row.contact_id, Role(row.role), row.since, row.until, row.why)
