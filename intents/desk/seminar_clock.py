"""What happens to seminars by the clock: sign-up closes, offers lapse, reminders leave, who got no seat is told.

Reminders: 14, 3 and 1 days before at 10:00 and on the day at 08:30, Tokyo.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from intents.desk.clock_units import LETTERS, Subject, Unit, in_batches
from intents.desk.consultations import Pen
from intents.desk.moments import TOKYO
from intents.desk.seats import SeatState
from intents.desk.seminar_books import SeminarBooks
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_excerpts import Watched
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


# ---------------------------------------------------------------- what is due


def subjects(watched: Sequence[Watched], now: datetime) -> Iterator[Subject[SeminarBooks]]:
    """The seminars of which something may be due, among those that the clock looks at."""
    seminars = [one.seminar for one in watched]
    yield from (partial(_to_close, one.id) for one in seminars if _signed_off(one, now))
    yield from (partial(_to_expire, one.seminar.id) for one in watched if one.lapsed)
    yield from (partial(_to_remind, one) for one in seminars if _is_near(one, now))
    yield from (partial(_to_tell, one) for one in seminars if _has_begun(one, now))


def _signed_off(seminar: Seminar, now: datetime) -> bool:
    return seminar.state is SeminarState.OPEN and seminar.sign_up_ends <= now


def _is_near(seminar: Seminar, now: datetime) -> bool:
    return seminar.ahead(now) and seminar.starts_at < now + LONGEST


def _has_begun(seminar: Seminar, now: datetime) -> bool:
    took_place = seminar.state not in (SeminarState.DRAFT, SeminarState.CANCELLED)
    return took_place and now - MISSED_FOR < seminar.starts_at <= now


def _to_close(id_: int, _: SeminarBooks) -> Iterator[Unit[SeminarBooks]]:
    yield partial(_close, id_)


def _to_expire(id_: int, books: SeminarBooks) -> Iterator[Unit[SeminarBooks]]:
    late = books.seminars.late(id_)
    # Each of these seats may be offered to somebody else, so there are more letters than offers.
    yield from (partial(_expire, id_, ids) for ids in in_batches(late, LETTERS // 2))


def _to_remind(seminar: Seminar, books: SeminarBooks) -> Iterator[Unit[SeminarBooks]]:
    passed = [step.at for step in reminders(seminar) if step.at <= books.now]
    ids = books.seminars.unreminded(seminar.id, passed[-1]) if passed else ()
    yield from (partial(_remind, seminar.id, some) for some in in_batches(ids))


def _to_tell(seminar: Seminar, books: SeminarBooks) -> Iterator[Unit[SeminarBooks]]:
    ids = books.seminars.still_waiting(seminar.id, seminar.starts_at)
    yield from (partial(_tell_missed, seminar.id, some) for some in in_batches(ids))


# ---------------------------------------------------------------- the units


def _letters(books: SeminarBooks, pen: Pen) -> SeminarLetters:
    return letters_with_buttons(books.links, pen.notices, pen.wording)


def _close(id_: int, books: SeminarBooks, _: Pen) -> None:
    seminar = books.seminars.lock(id_)
    if _signed_off(seminar, books.now):
        books.seminars.save(replace(seminar, state=SeminarState.CLOSED))
        books.audit.note(seminar.subject, "closed", before={"state": seminar.state})


def _expire(id_: int, ids: Collection[int], books: SeminarBooks, pen: Pen) -> None:
    seminar, letters = books.seminars.lock(id_), _letters(books, pen)
    late = tuple(one for one in books.seminars.those(id_, ids) if _late(one, books.now))
    for one in late:
        gone = replace(one, state=SeatState.EXPIRED, sequence=one.sequence + 1)
        books.seminars.update(gone)
        letters.offer_expired(books, seminar, gone)
    if late:
        after = {"expired": numbers(late), "offered": numbers(drain(books, letters, seminar))}
        books.audit.note(seminar.subject, "offers_expired", after=after)


def _late(one: Registration, now: datetime) -> bool:
    return one.state is SeatState.OFFERED and one.offered_until is not None and one.offered_until <= now


def _remind(id_: int, ids: Collection[int], books: SeminarBooks, pen: Pen) -> None:
    seminar, letters = books.seminars.lock(id_), _letters(books, pen)
    for one in books.seminars.those(id_, ids):
        for step in reminders_due(seminar, one, books.now):
            letters.reminder(books, seminar, one, step.days, step.step)
            books.seminars.update(replace(one, reminded_to=step.at))


def _tell_missed(id_: int, ids: Collection[int], books: SeminarBooks, pen: Pen) -> None:
    """Who still waited when it began hears that there was no seat, and where the materials are; once each."""
    seminar, letters = books.seminars.lock(id_), _letters(books, pen)
    for one in books.seminars.those(id_, ids):
        if _missed(seminar, one, books.now):
            letters.missed(books, seminar, one)
            books.seminars.update(replace(one, reminded_to=books.now))


def _missed(seminar: Seminar, one: Registration, now: datetime) -> bool:
    if seminar.state is SeminarState.CANCELLED or seminar.starts_at > now:
        return False
    told = one.reminded_to is not None and one.reminded_to >= seminar.starts_at
    return one.state is SeatState.WAITING and not told
