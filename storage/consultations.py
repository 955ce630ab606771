"""Consultations, slots and bookings in their tables; fulfils `intents.desk.consultation_books`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, or_, select, update

from intents.desk.books import Recipient
from intents.desk.case_records import case_id
from intents.desk.case_records import case_number as number
from intents.desk.consultation_books import Alike, Booking, Meeting, NewSlot, OwnCase, Slot, Wanted
from intents.readers.organisation_key import organisation_key
from knowledge.model import Lang
from storage.database import Database
from storage.identities import same_person
from storage.tables import booking, case, case_note, consultation, slot
from storage.written import word

CASES_SHOWN = 20
# Written out, as in the index of what is booked: with a parameter SQLite plans such a statement anew each time.
_BOOKED = booking.c.state == word("booked")

# Bookings with their slots; what is asked at every look of the clock or step of a booking is put together once.
_BOOKINGS = select(booking, *(column.label(f"held_{column.name}") for column in slot.c)).join(
    slot, slot.c.id == booking.c.slot_id
)
_ONE = _BOOKINGS.where(booking.c.id == bindparam("row"))
# The times to come are few, and found first; what was booked stays booked when it is over.
_AHEAD = select(slot.c.id).where(slot.c.starts_at > bindparam("now"))
OF_CLOSED_CASES = (
    _BOOKINGS.join(case, case.c.id == booking.c.case_id)
    .where(_BOOKED, booking.c.slot_id.in_(_AHEAD), case.c.open.is_(False))
    .order_by(booking.c.id)
)


class StoredConsultations:
    """The consultations within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    # ------------------------------------------------ requests

    def open(self, number: str, wanted: Wanted) -> None:
        """Writes down what the case of that number asks for; twice is once."""
        row = {
            "case_id": case_id(number),
            "organisation_key": organisation_key(wanted.organisation),
            "corporate_number": wanted.corporate_number,
            "topic": wanted.topic,
            "request": dict(wanted.request),
            "opened_at": self._now,
        }
        self._connection.execute(self._database.insert_new(consultation, [row]))

    def alike(
        self, organisation_key: str, corporate_number: str, topic: str, since: datetime
    ) -> Alike | None:
        """The newest open case about that topic of that organisation."""
        same = consultation.c.organisation_key == organisation_key
        if corporate_number:
            same = or_(same, consultation.c.corporate_number == corporate_number)
        joined = select(case.c.id, case.c.opened_at).join(consultation, consultation.c.case_id == case.c.id)
        mine = joined.where(same, consultation.c.topic == topic, case.c.open)
        newest = mine.where(consultation.c.opened_at >= since).order_by(case.c.id.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return Alike(number(row.id), row.opened_at) if row else None

    def cases_of(self, person: str) -> tuple[OwnCase, ...]:
        """What a person asked the office, the newest first."""
        # One that was merged stands as the one does that goes on for it.
        on = case.alias("on")
        state = func.coalesce(on.c.state, case.c.state).label("stands")
        own = select(case, state).outerjoin(on, on.c.id == case.c.merged_into)
        mine = own.where(same_person(case.c.person, person), case.c.kind != "fault")
        rows = self._connection.execute(mine.order_by(case.c.id.desc()).limit(CASES_SHOWN))
        asked = [OwnCase(number(row.id), row.stands, row.summary, row.opened_at) for row in rows]
        return (*asked, *self._added_by(person))[:CASES_SHOWN]

    def _added_by(self, person: str) -> list[OwnCase]:
        """Cases of others to which a person added; of those they see what they wrote themselves."""
        joined = select(case_note, case.c.state).join(case, case.c.id == case_note.c.case_id)
        mine = joined.where(case_note.c.author == f"person:{person}", ~same_person(case.c.person, person))
        rows = self._connection.execute(mine.order_by(case_note.c.id.desc()).limit(CASES_SHOWN))
        return [OwnCase(number(row.case_id), row.state, row.text, row.at) for row in rows]

    # ------------------------------------------------ slots

    def publish(self, new: NewSlot) -> Slot:
        """Writes a slot down."""
        row = {
            "starts_at": new.starts_at,
            "ends_at": new.ends_at,
            "way": new.way.value,
            "place": new.place,
            "adviser": new.adviser,
            "state": "open",
        }
        result = self._connection.execute(insert(slot).values(row))
        assert result.inserted_primary_key is not None
        return _slot(
            self._connection.execute(select(slot).where(slot.c.id == result.inserted_primary_key[0])).one()
        )

    def free(self) -> tuple[Slot, ...]:
        """Open slots that nobody has booked and that have not begun, the earliest first."""
        open_ = and_(slot.c.state == "open", slot.c.starts_at > self._now, ~_booked())
        return tuple(
            map(
                _slot,
                self._connection.execute(select(slot).where(open_).order_by(slot.c.starts_at, slot.c.id)),
            )
        )

    def coming(self) -> tuple[tuple[Slot, str], ...]:
        """Every slot that has not begun, the earliest first, with the number of its booking (empty: none)."""
        taken = and_(booking.c.slot_id == slot.c.id, _BOOKED)
        rows = select(slot, booking.c.id.label("booking")).select_from(slot).outerjoin(booking, taken)
        found = self._connection.execute(
            rows.where(slot.c.starts_at > self._now).order_by(slot.c.starts_at, slot.c.id)
        )
        return tuple((_slot(row), f"B-{row.booking:05d}" if row.booking else "") for row in found)

    def lock(self, slot_id: int) -> Slot | None:
        """The slot, held for this transaction; nothing when there is none."""
        mine = self._database.for_update(select(slot).where(slot.c.id == slot_id))
        row = self._connection.execute(mine).one_or_none()
        return _slot(row) if row else None

    def taken(self, slot_id: int) -> bool:
        """Whether somebody has booked it."""
        mine = select(booking.c.id).where(booking.c.slot_id == slot_id, _BOOKED)
        return self._connection.scalar(mine) is not None

    def withdraw(self, slot_id: int) -> None:
        """Takes a slot out of what can be booked."""
        self._connection.execute(update(slot).where(slot.c.id == slot_id).values(state="withdrawn"))

    # ------------------------------------------------ bookings

    def book(self, slot: Slot, case: str, to: Recipient, name: str) -> Booking:
        """Writes a booking down."""
        row = {
            "slot_id": slot.id,
            "case_id": case_id(case),
            "conversation_id": to.conversation,
            "person": to.person,
            "mail": to.mail,
            "lang": to.lang.value,
            "name": name,
            "booked_at": self._now,
        }
        result = self._connection.execute(insert(booking).values(row))
        assert result.inserted_primary_key is not None
        return Booking(result.inserted_primary_key[0], slot, case, to, name, 0)

    def bookings(self, person: str) -> tuple[Booking, ...]:
        """What a person has booked and not begun, the earliest first."""
        mine = and_(same_person(booking.c.person, person), _BOOKED, slot.c.starts_at > self._now)
        return tuple(
            map(_booking, self._connection.execute(_BOOKINGS.where(mine).order_by(slot.c.starts_at)))
        )

    def earliest(self, number_: str) -> datetime | None:
        """When the first time begins that is booked for a case, or for one that shares its end, and has not begun."""
        mine = select(case.c.id, case.c.merged_into).where(case.c.id == case_id(number_))
        row = self._connection.execute(mine).one_or_none()
        end = row and (row.merged_into or row.id)
        one = or_(case.c.id == end, case.c.merged_into == end)
        ahead = and_(_BOOKED, slot.c.starts_at > self._now, one)
        joined = select(slot.c.starts_at).join(booking, booking.c.slot_id == slot.c.id)
        found = joined.join(case, case.c.id == booking.c.case_id).where(ahead).order_by(slot.c.starts_at)
        return self._connection.scalar(found.limit(1))

    def of_closed_cases(self) -> tuple[Booking, ...]:
        """What is booked, has not begun, and belongs to a case that is closed."""
        return tuple(map(_booking, self._connection.execute(OF_CLOSED_CASES, {"now": self._now})))

    def find(self, number: str) -> Booking | None:
        """The booking of that number."""
        digits = number.rpartition("-")[2]
        if not digits.isdecimal():
            return None
        row = self._connection.execute(_ONE, {"row": int(digits)}).one_or_none()
        return _booking(row) if row else None

    def lock_booking(self, number: str) -> Booking | None:
        """The booking of that number as it is now; nobody else changes it until the transaction ends."""
        mine = select(booking.c.id).where(booking.c.id == case_id(number))
        self._connection.execute(self._database.for_update(mine))
        return self.find(number)

    def bring(self, number: str, to: Recipient) -> None:
        """Moves a booking to the person who opened the link of its letter."""
        whom = {"person": to.person, "conversation_id": to.conversation}
        self._connection.execute(update(booking).where(booking.c.id == case_id(number)).values(whom))

    def save(self, changed: Booking) -> None:
        """Writes a booking down as it is now."""
        state = "booked" if changed.active else "cancelled"
        values = {"slot_id": changed.slot.id, "state": state, "sequence": changed.sequence}
        self._connection.execute(update(booking).where(booking.c.id == changed.id).values(values))


def _booked() -> Any:
    return exists().where(booking.c.slot_id == slot.c.id, _BOOKED)


def _slot(row: Any) -> Slot:
    way = Meeting(row.way)
    return Slot(row.starts_at, row.ends_at, way, row.place, row.adviser, row.id, row.state == "open")


def _booking(row: Any) -> Booking:
    held = Slot(
        row.held_starts_at,
        row.held_ends_at,
        Meeting(row.held_way),
        row.held_place,
        row.held_adviser,
        row.held_id,
        row.held_state == "open",
    )
    to = Recipient(row.conversation_id, row.person, row.mail, Lang(row.lang))
    return Booking(row.id, held, number(row.case_id), to, row.name, row.sequence, row.state == "booked")
