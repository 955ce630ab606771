"""What the rules of seminars need from the books; `storage.seminars` fulfils it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from intents.desk.books import Books, Recipient
from intents.desk.seats import Attended, SeatState
from intents.desk.seminar_excerpts import Place, Seated, Watched
from intents.desk.seminar_records import CapacityChange, NewSeminar, Registration, Seats, Seminar, SignUp


class Seminars(Protocol):
    """The seminars and registrations within one transaction."""

    def add(self, new: NewSeminar) -> Seminar:
        """Writes a seminar down and gives it its number."""
        ...

    def lock(self, seminar: int) -> Seminar:
        """The seminar as it is now; nobody else changes it or its registrations until the transaction ends."""
        ...

    def find(self, number: str) -> Seminar | None:
        """The seminar of that number."""
        ...

    def seminar_of(self, registration: Registration) -> Seminar:
        """The seminar that a registration is for, as it is now."""
        ...

    def listing(self) -> tuple[Seminar, ...]:
        """Every seminar, the latest start first."""
        ...

    def open(self) -> tuple[Seminar, ...]:
        """The seminars, not the meetings, that take sign-ups now, the earliest start first."""
        ...

    def seats(self, seminars: Collection[int]) -> Mapping[int, Seats]:
        """The people of each of these seminars, counted."""
        ...

    def save(self, seminar: Seminar) -> None:
        """Writes the seminar down as it is now."""
        ...

    def registrations(self, seminar: int) -> tuple[Registration, ...]:
        """All of a seminar's registrations, in the order of arrival, also those that are over."""
        ...

    def parties(self, seminar: int) -> tuple[Registration, ...]:
        """A seminar's registrations that sit, are offered a seat or wait, in the order of arrival."""
        ...

    def places(self, seminar: int) -> tuple[Place, ...]:
        """The same parties as far as seats and the line go, which is all that has to be read to count them."""
        ...

    def seated(self, seminar: int) -> tuple[Seated, ...]:
        """Who has a confirmed seat, in the order of arrival."""
        ...

    def those(self, seminar: int, ids: Collection[int]) -> tuple[Registration, ...]:
        """These registrations of a seminar, in the order of arrival."""
        ...

    def late(self, seminar: int) -> tuple[int, ...]:
        """The seats that were offered and not taken in time, in the order of arrival."""
        ...

    def unreminded(self, seminar: int, at: datetime) -> tuple[int, ...]:
        """The seats that were confirmed before that moment and reminded of nothing since, in the order of arrival."""
        ...

    def still_waiting(self, seminar: int, at: datetime) -> tuple[int, ...]:
        """Those who wait and were told nothing from that moment on, in the order of arrival."""
        ...

    def register(self, seminar: int, wanted: SignUp, state: SeatState) -> Registration:
        """Writes a registration down and gives it its number."""
        ...

    def registration(self, number: str) -> Registration | None:
        """The registration of that number."""
        ...

    def of_person(self, person: str) -> tuple[Registration, ...]:
        """All registrations of a person, the newest first."""
        ...

    def bring(self, number: str, to: Recipient) -> None:
        """Moves a registration to the person who opened the link of its letter."""
        ...

    def update(self, registration: Registration) -> None:
        """Writes the registration down as it is now."""
        ...

    def watched(self, since: datetime) -> tuple[Watched, ...]:
        """The seminars of which something may be due, in the order of their ids.

        Those that are open; closed and held ones that begin after that moment; and where an offer's time is over.
        """
        ...

    def attended(self) -> Attended:
        """The seats confirmed and used at all seminars whose attendance was taken."""
        ...

    def history(self, seminar: Seminar) -> tuple[CapacityChange, ...]:
        """How the seats of a seminar came to be so many, oldest first."""
        ...


class SeminarBooks(Books, Protocol):
    """The office's books with the seminars."""

    @property
    def seminars(self) -> Seminars:
        """The seminars."""
        ...
