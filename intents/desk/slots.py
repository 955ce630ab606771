"""Times for consultations that staff publish and withdraw. Moments are UTC, days and hours Tokyo's."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from intents.desk.books import Books
from intents.desk.consultation_books import Meeting, NewSlot, Slot
from intents.desk.moments import TOKYO
from intents.desk.refused import Refused


class Slots(Protocol):
    """The slots within one transaction."""

    def publish(self, new: NewSlot) -> Slot:
        """Writes a slot down."""
        ...

    def coming(self) -> tuple[tuple[Slot, str], ...]:
        """Every slot that has not begun, the earliest first, with the number of its booking (empty: none)."""
        ...

    def lock(self, slot: int) -> Slot | None:
        """The slot, held for this transaction; nothing when there is none."""
        ...

    def taken(self, slot: int) -> bool:
        """Whether somebody has booked it."""
        ...

    def withdraw(self, slot: int) -> None:
        """Takes a slot out of what can be booked."""
        ...


class SlotBooks(Books, Protocol):
    """The office's books with the slots."""

    @property
    def consultations(self) -> Slots:
        """The slots."""
        ...


def plan(
    day: date, hours: tuple[time, time], minutes: int, way: Meeting, place: str = "", adviser: str = ""
) -> tuple[NewSlot, ...]:
    """The slots of a day between two hours, one after the other; a rest that is too short stays free."""
    begin, end = (datetime.combine(day, hour, TOKYO) for hour in hours)
    length = timedelta(minutes=minutes)
    count = max(0, (end - begin) // length)
    starts = (begin + number * length for number in range(count))
    return tuple(NewSlot(start, start + length, way, place, adviser) for start in starts)


def publish(books: SlotBooks, wanted: Sequence[NewSlot]) -> tuple[Slot, ...]:
    """Publishes what is not there yet, so that the same command twice is once. Refused: no_slots, slots_past."""
    if not wanted:
        raise Refused("no_slots")
    if wanted[0].starts_at <= books.now:
        raise Refused("slots_past", starts=wanted[0].starts_at)
    there = {_key(slot) for slot, _ in books.consultations.coming() if slot.is_open}
    new = tuple(books.consultations.publish(one) for one in wanted if _key(one) not in there)
    for slot in new:
        books.audit.note(f"slot:{slot.id}", "published", after={"starts": slot.starts_at.isoformat()})
    return new


def clashes(books: SlotBooks, wanted: Sequence[NewSlot]) -> Iterator[Slot]:
    """Open slots of the same adviser that overlap with other times; worth a warning, since nobody is in two places."""
    for slot, _ in books.consultations.coming():
        same = [one for one in wanted if one.adviser == slot.adviser and _key(one) != _key(slot)]
        if slot.is_open and any(
            one.starts_at < slot.ends_at and slot.starts_at < one.ends_at for one in same
        ):
            yield slot


def _key(slot: NewSlot) -> tuple[object, ...]:
    return slot.starts_at, slot.ends_at, slot.way, slot.adviser


def withdraw(books: SlotBooks, id_: int) -> Slot:
    """Takes a slot out of what can be booked; twice is once. Refused: no_slot, slot_booked."""
    slot = books.consultations.lock(id_)
    if slot is None:
        raise Refused("no_slot", id=id_)
    if books.consultations.taken(id_):
        raise Refused("slot_booked", id=id_, starts=slot.starts_at)
    if slot.is_open:
        books.consultations.withdraw(id_)
        books.audit.note(f"slot:{id_}", "withdrawn")
    return slot
