"""What happens by the clock to booked times: one whose case is closed is given back, and who booked it is told."""

from collections.abc import Iterator
from functools import partial
from typing import Protocol

from intents.desk import consultations
from intents.desk.case_books import CaseClockBooks
from intents.desk.case_merge import last
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultation_books import ConsultationBooks
from intents.desk.consultations import Pen


class BookingClockBooks(ConsultationBooks, CaseClockBooks, Protocol):
    """The books with the booked times and the cases."""


def subjects(_: BookingClockBooks) -> Iterator[Subject[BookingClockBooks]]:
    """The times to come that are booked for closed cases."""
    yield _to_give_back


def _to_give_back(books: BookingClockBooks) -> Iterator[Unit[BookingClockBooks]]:
    for one in books.consultations.of_closed_cases():
        yield partial(_give_back, one.number)


def _give_back(number: str, books: BookingClockBooks, pen: Pen) -> None:
    booking = books.consultations.lock_booking(number)
    if booking is None or not booking.active or booking.slot.starts_at <= books.now:
        return
    # One that was merged goes on elsewhere, and one may have been reopened meanwhile.
    case = last(books.cases, booking.case)
    if case and not case.is_open:
        consultations.cancel(books, pen, number, unasked=True)
