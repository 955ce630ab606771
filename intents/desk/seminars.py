"""What a person does about a seminar: sign up, change, cancel, take or decline a seat that was offered.

Each function locks the seminar first, so that seats are counted by one at a time, and raises Refused
before it writes anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from intents.desk import seats
from intents.desk.refused import Refused
from intents.desk.seats import SeatState, WhyWaiting
from intents.desk.seminar_books import SeminarBooks
from intents.desk.seminar_excerpts import Place
from intents.desk.seminar_letters import SeminarLetters, letters_of
from intents.desk.seminar_records import PARTY_LIMIT, Registration, Seminar, SignUp, Way, Ways
from intents.desk.seminar_seating import (
    check_ahead,
    check_open,
    drain,
    find_registration,
    lock_registration,
    lock_seminar,
    numbers,
    position,
)


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What came of a sign-up; `already` when the same mail address was signed up before and nothing changed.

    `position` is the place in the line, 0 for who does not wait.
    """

    seminar: Seminar
    registration: Registration
    already: bool
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What shall be different about a registration; None stays as it is."""

    party: int | None = None
    way: Way | None = None
    name: str | None = None
    organisation: str | None = None
    mail: str | None = None
    phone: str | None = None
    prefecture: str | None = None
    question: str | None = None
    wants_consultation: bool | None = None
    extras: Mapping[str, str] | None = None


def sign_up(books: SeminarBooks, letters: SeminarLetters, number: str, wanted: SignUp) -> SignedUp:
    """Gives seats or a place in the line; who is signed up already gets the registration that stands.

    Refused: no_such_seminar, seminar_cancelled, started, not_open, deadline_over, party_out_of_range,
    party_over_capacity, way_not_offered.
    """
    seminar = lock_seminar(books, number)
    parties = books.seminars.places(seminar.id)
    if there := next((one for one in parties if one.key == wanted.key), None):
        stands = find_registration(books, there.number)
        return SignedUp(seminar, stands, already=True, position=position(seminar, parties, there))
    check_open(seminar, books.now)
    _check_party(seminar, wanted.party)
    _check_way(seminar, wanted.way)
    state = seats.arriving(seminar.capacity, parties, wanted.party)
    one = books.seminars.register(seminar.id, wanted, state)
    place = position(seminar, (*parties, one), one)
    letters.signed_up(books, seminar, one, place)
    _note(books, one, "signed_up", after={"state": one.state, "party": one.party})
    return SignedUp(seminar, one, already=False, position=place)


def change(books: SeminarBooks, letters: SeminarLetters, number: str, wanted: Change) -> Registration:
    """Changes a registration; a party that grows must fit without overtaking anybody, else all stays as it is.

    Refused: no_such_registration, registration_over, seminar_cancelled, started, party_out_of_range,
    party_over_capacity, way_not_offered, does_not_fit, others_wait, others_behind, mail_taken.
    """
    seminar, one = lock_registration(books, number)
    _check_active(one)
    check_ahead(seminar, books.now)
    different = {name: value for name in Change.__slots__ if (value := getattr(wanted, name)) is not None}
    now = replace(one, **different)
    if now == one:
        return one
    _check_way(seminar, now.way)
    parties = books.seminars.places(seminar.id)
    _check_growth(seminar, parties, one, now.party)
    _check_key(parties, one, now)
    # With another address they may be told now, and others wait behind them again.
    until = None if one.passed_over and now.mail != one.mail else one.offered_until
    now = replace(now, sequence=one.sequence + 1, offered_until=until)
    books.seminars.update(now)
    letters.changed(books, seminar, now)
    moves = now.party < one.party or now.mail != one.mail
    offered = drain(books, letters, seminar) if moves else ()
    after = {"fields": sorted(different), "party": now.party, "offered": numbers(offered)}
    _note(books, one, "changed", before={"party": one.party}, after=after)
    return now


def cancel(books: SeminarBooks, letters: SeminarLetters, number: str) -> Registration:
    """Gives the seats or the place in the line back, and offers the seats on; twice is once.

    Refused: no_such_registration, registration_over, seminar_cancelled, started.
    """
    seminar, one = lock_registration(books, number)
    if one.state is SeatState.CANCELLED:
        return one
    _check_active(one)
    check_ahead(seminar, books.now)
    books.post.drop(letters_of(seminar, one))
    gone = _settle(books, one, SeatState.CANCELLED)
    letters.withdrawn(books, seminar, gone, one.state)
    _note(books, one, "cancelled", before={"state": one.state}, after=_offered(books, letters, seminar))
    return gone


def accept(books: SeminarBooks, letters: SeminarLetters, number: str) -> Registration:
    """Takes the seats that are held; twice is once.

    Refused: no_such_registration, seminar_cancelled, started, offer_expired, no_offer.
    """
    seminar, one = lock_registration(books, number)
    if one.state is SeatState.CONFIRMED:
        return one
    _check_offer(one, books.now)
    check_ahead(seminar, books.now)
    seated = replace(one, state=SeatState.CONFIRMED, confirmed_at=books.now, sequence=one.sequence + 1)
    books.seminars.update(seated)
    letters.confirmed(books, seminar, seated)
    _note(books, one, "accepted")
    return seated


def decline(books: SeminarBooks, letters: SeminarLetters, number: str) -> Registration:
    """Gives the seats that are held to the next in line; twice is once.

    Refused: no_such_registration, offer_expired, no_offer.
    """
    seminar, one = lock_registration(books, number)
    if one.state is SeatState.DECLINED:
        return one
    _check_offer(one, books.now)
    books.post.drop(letters_of(seminar, one))
    gone = _settle(books, one, SeatState.DECLINED)
    _note(books, one, "declined", after=_offered(books, letters, seminar))
    return gone


def why(books: SeminarBooks, number: str) -> WhyWaiting:
    """Why somebody waits. Refused: no_such_registration, not_waiting."""
    one = find_registration(books, number)
    if one.state is not SeatState.WAITING:
        raise Refused("not_waiting", number=one.number, state=one.state)
    parties = books.seminars.places(one.seminar)
    return seats.why_waiting(books.seminars.seminar_of(one).capacity, parties, one)


# ---------------------------------------------------------------- what is checked


def _check_active(one: Registration) -> None:
    if not one.active:
        raise Refused("registration_over", number=one.number, state=one.state)


def _check_offer(one: Registration, now: datetime) -> None:
    late = one.state is SeatState.OFFERED and one.offered_until is not None and one.offered_until <= now
    if late or one.state is SeatState.EXPIRED:
        raise Refused("offer_expired", number=one.number, until=one.offered_until)
    if one.state is not SeatState.OFFERED:
        raise Refused("no_offer", number=one.number, state=one.state)


def _check_party(seminar: Seminar, party: int) -> None:
    if not 1 <= party <= PARTY_LIMIT:
        raise Refused("party_out_of_range", party=party, limit=PARTY_LIMIT)
    if party > seminar.capacity:
        raise Refused("party_over_capacity", party=party, capacity=seminar.capacity)


def _check_way(seminar: Seminar, way: Way) -> None:
    if seminar.ways is not Ways.BOTH and seminar.ways.value != way.value:
        raise Refused("way_not_offered", ways=seminar.ways)


def _check_growth(seminar: Seminar, parties: Sequence[Place], one: Registration, party: int) -> None:
    if party == one.party:
        return
    if not 1 <= party <= PARTY_LIMIT:
        raise Refused("party_out_of_range", party=party, limit=PARTY_LIMIT)
    if problem := seats.may_grow(seminar.capacity, parties, one, party):
        free = seats.free(seminar.capacity, parties)
        raise Refused(problem, party=party, now=one.party, free=free, capacity=seminar.capacity)


def _check_key(parties: Sequence[Place], one: Registration, now: Registration) -> None:
    if any(other.id != one.id and other.key == now.key for other in parties):
        raise Refused("mail_taken")


def _settle(books: SeminarBooks, one: Registration, state: SeatState) -> Registration:
    gone = replace(one, state=state, sequence=one.sequence + 1)
    books.seminars.update(gone)
    return gone


def _offered(books: SeminarBooks, letters: SeminarLetters, seminar: Seminar) -> Mapping[str, object]:
    return {"offered": numbers(drain(books, letters, seminar))}


def _note(books: SeminarBooks, one: Registration, action: str, **changed: Mapping[str, object]) -> None:
    books.audit.note(
        f"registration:{one.number}", action, before=changed.get("before"), after=changed.get("after")
    )
