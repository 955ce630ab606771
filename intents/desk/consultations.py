"""Consultations: what is asked for, what is alike, and slots that are never given twice. Moments are UTC."""

from dataclasses import dataclass, replace
from datetime import timedelta

from intents.appointments import when_text
from intents.desk.books import Recipient
from intents.desk.case_talk import booked as case_booked
from intents.desk.case_talk import given_back
from intents.desk.consultation_books import Alike, Booking, ConsultationBooks, Slot
from intents.desk.moments import day_before
from intents.desk.refused import Refused
from intents.messages import Appointment, Choice, Choices, ChoiceStyle, Part, Reply, RunCommand
from intents.notices import Notices
from intents.readers.organisation_key import organisation_key
from knowledge.model import Lang
from knowledge.wording import Wording

PURPOSE, MINE = "consultation", "my.cases"
# Within so many days the same wish of the same organisation is one conversation with the office.
ALIKE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Pen:
    """What letters are written with."""

    notices: Notices
    wording: Wording


def alike(books: ConsultationBooks, organisation: str, corporate_number: str, topic: str) -> Alike | None:
    """An open case of the last thirty days about the same matter of the same organisation."""
    since = books.now - timedelta(days=ALIKE_DAYS)
    return books.consultations.alike(organisation_key(organisation), corporate_number, topic, since)


def book(books: ConsultationBooks, pen: Pen, slot: int, case: str, to: Recipient, name: str) -> Booking:
    """Gives a slot to a person. Raises Refused (slot_gone) when it is not to be had any more."""
    booked = books.consultations.book(_held(books, slot), case, to, name)
    books.audit.note(f"slot:{slot}", "booked", after={"booking": booked.number, "case": case})
    case_booked(books, case, booked.slot.starts_at)
    _write(books, pen, "consultation_booked", booked)
    return booked


def move(books: ConsultationBooks, pen: Pen, number: str, slot: int) -> Booking:
    """Moves a booking to another slot. Raises Refused (no_booking, slot_gone)."""
    before = _booked(books, number)
    moved = replace(before, slot=_held(books, slot), sequence=before.sequence + 1)
    books.consultations.save(moved)
    books.audit.note(f"booking:{number}", "moved", before={"slot": before.slot.id}, after={"slot": slot})
    case_booked(books, moved.case, moved.slot.starts_at)
    _write(books, pen, "consultation_moved", moved, before)
    return moved


def cancel(books: ConsultationBooks, pen: Pen, number: str, *, unasked: bool = False) -> Booking:
    """Gives a slot back; `unasked` when not the person themselves did. Raises Refused (no_booking)."""
    before = _booked(books, number)
    gone = replace(before, active=False, sequence=before.sequence + 1)
    books.consultations.save(gone)
    books.audit.note(f"booking:{number}", "cancelled", before={"slot": before.slot.id})
    given_back(books, gone.case, before.slot.starts_at, books.consultations.earliest(gone.case))
    _write(books, pen, "consultation_cancelled", gone, unasked=unasked)
    return gone


def may_book(books: ConsultationBooks, slot: int) -> bool:
    """Whether a slot is to be had; it is held until the transaction ends, so that it stays so."""
    try:
        _held(books, slot)
    except Refused:
        return False
    return True


def _held(books: ConsultationBooks, id_: int) -> Slot:
    slot = books.consultations.lock(id_)
    if slot is None or not slot.is_open or slot.starts_at <= books.now or books.consultations.taken(id_):
        raise Refused("slot_gone")
    return slot


def _booked(books: ConsultationBooks, number: str) -> Booking:
    found = books.consultations.lock_booking(number)
    if found is None or not found.active or found.slot.starts_at <= books.now:
        raise Refused("no_booking", number=number)
    return found


# ------------------------------------------------ letters


def appointment(booking: Booking, lang: Lang, wording: Wording) -> Appointment:
    """The booked slot for a calendar."""
    slot = booking.slot
    link = slot.place if slot.place.startswith(("https://", "http://")) else ""
    place = wording.say(f"consultation.way_{slot.way.value}", lang) if link or not slot.place else slot.place
    return Appointment(
        uid=f"booking-{booking.id}@jdesk",
        sequence=booking.sequence,
        title=wording.say("consultation.appointment", lang, number=booking.case),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=place,
        link=link,
        cancelled=not booking.active,
    )


def _write(
    books: ConsultationBooks,
    pen: Pen,
    name: str,
    booking: Booking,
    before: Booking | None = None,
    *,
    unasked: bool = False,
) -> None:
    """The letter about it now, and the reminder of the day before.

    By mail only where the chat has just said so; what somebody else did must be known by every way.
    """
    key, to = f"booking:{booking.id}", booking.to
    books.post.drop(f"{key}:reminder")
    letter = _letter(books, pen, name, booking, before)
    books.post.send(
        f"{key}:{name}:{booking.sequence}",
        to,
        letter,
        purpose=PURPOSE,
        due=books.now,
        mail_only=not unasked,
        always=unasked,
    )
    due = day_before(booking.slot.starts_at)
    if booking.active and due > books.now:
        reminder = _letter(books, pen, "consultation_reminder", booking)
        books.post.send(f"{key}:reminder:{booking.sequence}", to, reminder, purpose=PURPOSE, due=due)


def _letter(
    books: ConsultationBooks, pen: Pen, name: str, booking: Booking, before: Booking | None = None
) -> Reply:
    lang = booking.to.lang
    shown = appointment(booking, lang, pen.wording)
    places = {
        "number": booking.case,
        "when": when(booking.slot, lang, pen.wording),
        "before": when(before.slot, lang, pen.wording) if before else "",
        "way": pen.wording.say(f"consultation.way_{booking.slot.way.value}", lang),
        "place": "" if shown.link else shown.place,
        "link": shown.link,
        "reason": "",
    }
    parts: tuple[Part, ...] = pen.notices.parts(name, lang, **places)
    return Reply((*parts, shown, *_button(books, pen, booking)), lang)


def _button(books: ConsultationBooks, pen: Pen, booking: Booking) -> tuple[Part, ...]:
    """The way back from a letter to the booking, wherever it is opened."""
    if not booking.active:
        return ()
    lang, action = booking.to.lang, RunCommand(MINE, given={"booking": booking.number})
    choice = Choice(pen.wording.say("mine.see_booking", lang), books.links.issue(action))
    return (Choices(pen.wording.say("mine.booking_prompt", lang), (choice,), ChoiceStyle.OFFER),)


def when(slot: Slot, lang: Lang, wording: Wording) -> str:
    """A slot's day and time in Tokyo, in words."""
    return when_text(slot.starts_at, slot.ends_at, lang, wording)
