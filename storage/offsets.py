"""Offset applications and outreach within one transaction; fulfils `intents.desk.offset_books`."""

import dataclasses
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from intents.desk.case_records import case_id, case_number
from intents.desk.offset_records import Application, Contact, NewApplication, Stance
from intents.desk.offsets import Item
from intents.readers.organisation_key import organisation_key
from knowledge.model import Lang
from storage.database import Database
from storage.tables import offset_application, outreach


class StoredOffsets:
    """The applications within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def claim(self, new: NewApplication, fingerprint: str) -> tuple[Application, bool]:
        """Writes an application down, unless the same one stands open: then it is that one, and True comes with it."""
        row = _values(new) | {"fingerprint": fingerprint, "applied_at": self._now, "state": "open"}
        self._connection.execute(self._database.insert_new(offset_application, [row]))
        same = and_(offset_application.c.fingerprint == fingerprint, offset_application.c.state == "open")
        found = self._connection.execute(select(offset_application).where(same)).one()
        # One that was there has its case: the transaction that wrote it opened that, too.
        return _application(found), found.case_id is not None

    def attach(self, application: int, case: str) -> None:
        """Keeps the case that an application opened."""
        mine = offset_application.c.id == application
        self._connection.execute(update(offset_application).where(mine).values(case_id=case_id(case)))

    def find(self, case: str) -> Application | None:
        """The application of a case."""
        mine = offset_application.c.case_id == case_id(case)
        row = self._connection.execute(select(offset_application).where(mine)).one_or_none()
        return _application(row) if row else None

    def listing(self) -> tuple[Application, ...]:
        """Every application, the newest first."""
        rows = self._connection.execute(select(offset_application).order_by(offset_application.c.id.desc()))
        return tuple(map(_application, rows))

    def save(self, changed: Application) -> None:
        """Writes the application down as it is now."""
        state = {"retired_on": changed.retired_on, "state": "retired" if changed.retired_on else "open"}
        mine = offset_application.c.id == changed.id
        self._connection.execute(update(offset_application).where(mine).values(_values(changed) | state))


def _values(value: NewApplication) -> dict[str, object]:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(NewApplication)}
    return fields | {"items": [_packed(item) for item in value.items]}


def _packed(item: Item) -> dict[str, object]:
    # JSON numbers are binary fractions: an exact decimal is kept as text.
    return {
        "name": item.name,
        "units": item.units,
        "kg_each": None if item.kg_each is None else str(item.kg_each),
    }


def _item(row: dict[str, Any]) -> Item:
    each = row["kg_each"]
    return Item(row["name"], row["units"], None if each is None else Decimal(each))


def _application(row: Row[Any]) -> Application:
    values = row._asdict()
    case = values.pop("case_id")
    del values["fingerprint"], values["state"]
    shaped = {"case": case_number(case) if case else "", "items": tuple(map(_item, values.pop("items")))}
    return Application(**(values | shaped | {"lang": Lang(row.lang)}))


class StoredOutreach:
    """The organisations that staff asked to take part, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def listing(self) -> tuple[Contact, ...]:
        """All of them, in the order in which they were asked."""
        rows = self._connection.execute(select(outreach).order_by(outreach.c.asked_on, outreach.c.id))
        return tuple(map(_contact, rows))

    def find(self, organisation: str) -> Contact | None:
        """The organisation of that name, however its legal form is written."""
        mine = outreach.c.key == organisation_key(organisation)
        row = self._connection.execute(select(outreach).where(mine)).one_or_none()
        return _contact(row) if row else None

    def put(self, contact: Contact) -> None:
        """Writes an organisation down, or what has changed about it."""
        values = {field.name: getattr(contact, field.name) for field in dataclasses.fields(contact)}
        values["key"] = organisation_key(contact.organisation)
        known = update(outreach).where(outreach.c.key == values["key"]).values(values)
        if not self._connection.execute(known).rowcount:
            self._connection.execute(insert(outreach).values(values))


def _contact(row: Row[Any]) -> Contact:
    values = row._asdict()
    del values["id"], values["key"]
    return Contact(**(values | {"state": Stance(row.state)}))
