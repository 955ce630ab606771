"""What happens to seminars by the clock: sign-up closes, offers lapse, reminders leave, who got no seat is told.

Reminders: 14, 3 and 1 days before at 10:00 and on the day at 08:30, Tokyo.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from intents.desk.moments import TOKYO
from intents.desk.seats import SeatState
from intents.desk.seminar_books import SeminarBooks
from intents.desk.seminar_letters import SeminarLetters
from intents.desk.seminar_records import Registration, Seminar, SeminarState
from intents.desk.seminar_seating import drain, numbers

STEPS = ((14, time(10)), (3, time(10)), (1, time(10)), (0, time(8, 30)))
# After a longer standstill nobody waits for that news any more.
MISSED_FOR = timedelta(days=2)
LONGEST = timedelta(days=STEPS[0][0] + 1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step before a seminar: how many days before, the moment it is due, and a key unlike any other's."""

    days: int
    at: datetime

    @property
    def step(self) -> str:
        """A name that also tells the date, so that a seminar that moved is reminded of anew."""
        return f"{self.days}d-{self.at.astimezone(TOKYO):%Y%m%d}"


def reminders(seminar: Seminar) -> tuple[Reminder, ...]:
    """All steps before a seminar, earliest first."""
    day = seminar.starts_at.astimezone(TOKYO).date()
    steps = (Reminder(days, datetime.combine(day - timedelta(days=days), at, TOKYO)) for days, at in STEPS)
    return tuple(step for step in steps if step.at < seminar.starts_at)


def reminders_due(seminar: Seminar, one: Registration, now: datetime) -> tuple[Reminder, ...]:
    """The step to send now, one at most: the latest that is due, unless it was dealt with or known already.

    A step that was past when the seat was confirmed, or when a move was told, says nothing new.
    """
    if one.state is not SeatState.CONFIRMED or one.confirmed_at is None or not seminar.ahead(now):
        return ()
    since = max(one.confirmed_at, one.reminded_to or one.confirmed_at)
    return tuple(step for step in reminders(seminar) if since < step.at <= now)[-1:]


def remind(books: SeminarBooks, letters: SeminarLetters) -> int:
    """Sends the reminders that are due and gives their number."""
    soon = books.seminars.upcoming(books.now + LONGEST)
    return sum(_remind(books, letters, seminar) for seminar in soon if _any_due(books, seminar))


def _any_due(books: SeminarBooks, seminar: Seminar) -> bool:
    """Looking costs no lock; most of the time nothing is due."""
    return any(True for _ in _due(books, seminar))


def _due(books: SeminarBooks, seminar: Seminar) -> Iterator[tuple[Registration, Reminder]]:
    for one in books.seminars.registrations(seminar.id):
        for step in reminders_due(seminar, one, books.now):
            yield one, step


def _remind(books: SeminarBooks, letters: SeminarLetters, seminar: Seminar) -> int:
    locked = books.seminars.lock(seminar.id)
    due = tuple(_due(books, locked))
    for one, step in due:
        letters.reminder(books, locked, one, step.days, step.step)
        books.seminars.update(replace(one, reminded_to=step.at))
    return len(due)


def expire_offers(books: SeminarBooks, letters: SeminarLetters) -> int:
    """Ends the offers whose time is over and offers the seats on; gives the number that ended."""
    return sum(_expire(books, letters, seminar) for seminar in books.seminars.lapsed())


def _expire(books: SeminarBooks, letters: SeminarLetters, id_: int) -> int:
    seminar = books.seminars.lock(id_)
    late = tuple(one for one in books.seminars.registrations(id_) if _late(one, books.now))
    for one in late:
        gone = replace(one, state=SeatState.EXPIRED, sequence=one.sequence + 1)
        books.seminars.update(gone)
        letters.offer_expired(books, seminar, gone)
    if late:
        after = {"expired": numbers(late), "offered": numbers(drain(books, letters, seminar))}
        books.audit.note(seminar.subject, "offers_expired", after=after)
    return len(late)


def _late(one: Registration, now: datetime) -> bool:
    return one.state is SeatState.OFFERED and one.offered_until is not None and one.offered_until <= now


def close_due(books: SeminarBooks) -> int:
    """Closes sign-up where its deadline is over; gives the number of seminars."""
    due = [
        one for one in books.seminars.listing() if one.state is SeminarState.OPEN and _over(one, books.now)
    ]
    for seminar in sorted(due, key=lambda one: one.id):
        locked = books.seminars.lock(seminar.id)
        if locked.state is SeminarState.OPEN and _over(locked, books.now):
            books.seminars.save(replace(locked, state=SeminarState.CLOSED))
            books.audit.note(seminar.subject, "closed", before={"state": locked.state})
    return len(due)


def _over(seminar: Seminar, now: datetime) -> bool:
    return seminar.sign_up_ends <= now


def tell_missed(books: SeminarBooks, letters: SeminarLetters) -> int:
    """Tells who still waited when a seminar began that there was no seat, and where its materials are; once each."""
    begun = [one for one in books.seminars.listing() if _has_begun(one, books.now)]
    return sum(_tell_missed(books, letters, seminar) for seminar in begun if _missed(books, seminar))


def _has_begun(seminar: Seminar, now: datetime) -> bool:
    called_off = seminar.state in (SeminarState.CANCELLED, SeminarState.DRAFT)
    return not called_off and seminar.starts_at <= now < seminar.starts_at + MISSED_FOR


def _missed(books: SeminarBooks, seminar: Seminar) -> tuple[Registration, ...]:
    waiting = (one for one in books.seminars.registrations(seminar.id) if one.state is SeatState.WAITING)
    return tuple(one for one in waiting if not (one.reminded_to and one.reminded_to >= seminar.starts_at))


def _tell_missed(books: SeminarBooks, letters: SeminarLetters, seminar: Seminar) -> int:
    locked = books.seminars.lock(seminar.id)
    missed = _missed(books, locked)
    for one in missed:
        letters.missed(books, locked, one)
        books.seminars.update(replace(one, reminded_to=books.now))
    return len(missed)


def tick(books: SeminarBooks, letters: SeminarLetters) -> None:
    """Everything that is due now; called every minute or so, by any number of processes."""
    close_due(books)
    expire_offers(books, letters)
    remind(books, letters)
    tell_missed(books, letters)
