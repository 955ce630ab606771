"""Invitations to meetings within one transaction; fulfils `intents.desk.meeting_books.Invitations`."""

import dataclasses
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from intents.desk.meeting_records import Invitation, NewInvitation
from intents.desk.seminar_records import Way
from knowledge.model import Lang
from storage.identities import same_person
from storage.tables import invitation

_DIGITS = 9
# Run at every look of the clock, for every letter or for every reply, so put together once.
_ADD = insert(invitation).returning(invitation.c.id)
_OF_MEETING = (
    select(invitation).where(invitation.c.seminar_id == bindparam("seminar")).order_by(invitation.c.id)
)
_ONE = select(invitation).where(invitation.c.id == bindparam("row"))
_UPDATE = update(invitation).where(invitation.c.id == bindparam("row"))


class StoredInvitations:
    """The invitations within one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def add(self, seminar: int, new: NewInvitation) -> Invitation:
        """Writes an invitation down and gives it its number."""
        one = Invitation(
            **dataclasses.asdict(new),
            id=0,
            seminar=seminar,
            conversation=0,
            person=f"mail:{new.key}"[:200],
            lang=Lang.JA,
            invited_at=self._now,
        )
        return dataclasses.replace(one, id=self._connection.scalars(_ADD, _values(one)).one())

    def of_meeting(self, seminar: int) -> tuple[Invitation, ...]:
        """All invitations to a meeting, in the order of the list."""
        return tuple(map(_invitation, self._connection.execute(_OF_MEETING, {"seminar": seminar})))

    def of_person(self, person: str) -> tuple[Invitation, ...]:
        """The invitations that a person has replied to, the newest first."""
        query = (
            select(invitation)
            .where(same_person(invitation.c.person, person))
            .order_by(invitation.c.id.desc())
        )
        return tuple(map(_invitation, self._connection.execute(query)))

    def find(self, number: str) -> Invitation | None:
        """The invitation of that number."""
        row = self._connection.execute(_ONE, {"row": id_in("I", number)}).one_or_none()
        return _invitation(row) if row else None

    def update(self, changed: Invitation) -> None:
        """Writes the invitation down as it is now."""
        self._connection.execute(_UPDATE, {"row": changed.id} | _values(changed))


def id_in(letter: str, number: str) -> int:
    """The row that a number such as I-00001 names; 0 where it is none."""
    head, _, digits = number.strip().upper().partition("-")
    return int(digits) if head == letter and digits.isdecimal() and len(digits) <= _DIGITS else 0


def _values(one: Invitation) -> dict[str, object]:
    fields = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    del fields["id"]
    fields["seminar_id"], fields["conversation_id"] = (
        fields.pop("seminar"),
        fields.pop("conversation") or None,
    )
    return fields | {"key": one.key, "people": list(one.people)}


def _invitation(row: Row[Any]) -> Invitation:
    values = row._asdict()
    del values["key"]
    values["seminar"], values["conversation"] = values.pop("seminar_id"), values.pop("conversation_id") or 0
    shaped = {"lang": Lang(row.lang), "way": Way(row.way), "people": tuple(row.people)}
    return Invitation(**(values | shaped))
