"""The steps that every change of seats shares: lock and look up, check, offer what is free to the next in line."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from intents.desk import seats
from intents.desk.refused import Refused
from intents.desk.seats import Party, SeatState
from intents.desk.seminar_books import SeminarBooks
from intents.desk.seminar_excerpts import Place
from intents.desk.seminar_letters import SeminarLetters
from intents.desk.seminar_records import Registration, Seminar, SeminarState


def find_seminar(books: SeminarBooks, number: str) -> Seminar:
    """The seminar of that number, not locked; Refused: no_such_seminar."""
    if seminar := books.seminars.find(number):
        return seminar
    raise Refused("no_such_seminar", number=number)


def lock_seminar(books: SeminarBooks, number: str) -> Seminar:
    """The seminar of that number, locked; Refused: no_such_seminar."""
    return books.seminars.lock(find_seminar(books, number).id)


def find_registration(books: SeminarBooks, number: str) -> Registration:
    """The registration of that number, not locked; Refused: no_such_registration."""
    if one := books.seminars.registration(number):
        return one
    raise Refused("no_such_registration", number=number)


def lock_registration(books: SeminarBooks, number: str) -> tuple[Seminar, Registration]:
    """A registration as it is under the lock of its seminar; Refused: no_such_registration."""
    seminar = books.seminars.lock(find_registration(books, number).seminar)
    # Read again: it may have changed while we waited for the lock.
    return seminar, find_registration(books, number)


def check_ahead(seminar: Seminar, now: datetime) -> None:
    """Refused: seminar_cancelled, started."""
    if seminar.state is SeminarState.CANCELLED:
        raise Refused("seminar_cancelled", title=seminar.title)
    if seminar.state is SeminarState.HELD or now >= seminar.starts_at:
        raise Refused("started", title=seminar.title)


def check_open(seminar: Seminar, now: datetime) -> None:
    """Refused: seminar_cancelled, started, deadline_over, not_open."""
    check_ahead(seminar, now)
    if now >= seminar.sign_up_ends:
        raise Refused("deadline_over", title=seminar.title, until=seminar.sign_up_ends)
    if seminar.state is not SeminarState.OPEN:
        raise Refused("not_open", title=seminar.title)


def position(seminar: Seminar, parties: Sequence[Party], one: Party) -> int:
    """The place in the line, from 1; 0 for who does not wait."""
    if one.state is not SeatState.WAITING:
        return 0
    return seats.why_waiting(seminar.capacity, parties, one).position


def offer_until(seminar: Seminar, now: datetime) -> datetime:
    """How long an offer made now stands: the hours that a seat is held, but not past the start."""
    return min(now + timedelta(hours=seminar.held_hours), seminar.starts_at)


def drain(books: SeminarBooks, letters: SeminarLetters, seminar: Seminar) -> tuple[Registration, ...]:
    """Offers what is free to those whose turn it is, one letter each; the seminar must be locked.

    No seat is held for somebody whom no letter reaches: they keep their place, the audit says so, the next is asked.
    """
    if not seminar.ahead(books.now):
        return ()
    until = offer_until(seminar, books.now)

    def tell(one: Place) -> bool:
        return _offer(books, letters, seminar, find_registration(books, one.number), until)

    told = seats.next_offers(seminar.capacity, books.seminars.places(seminar.id), tell)
    return books.seminars.those(seminar.id, [one.id for one in told]) if told else ()


def _offer(
    books: SeminarBooks, letters: SeminarLetters, seminar: Seminar, one: Registration, until: datetime
) -> bool:
    held = replace(one, state=SeatState.OFFERED, offered_until=until, sequence=one.sequence + 1)
    if letters.offered(books, seminar, held):
        books.seminars.update(held)
        return True
    if not one.passed_over:
        books.seminars.update(replace(one, offered_until=until))
        books.audit.note(f"registration:{one.number}", "cannot_be_told")
    return False


def numbers(registrations: Iterable[Registration]) -> list[str]:
    """Their receipt numbers, for the audit."""
    return [one.number for one in registrations]
