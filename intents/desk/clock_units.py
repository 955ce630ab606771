"""The clock's work in small pieces: areas are looked through for subjects, subjects for units, units are done.

Looking needs no lock. A unit is for a transaction of its own, so short that nobody waits for it, and it decides anew
under its lock what is still due, so that twice is once.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from intents.desk.consultations import Pen

B = TypeVar("B")
T = TypeVar("T")
Unit: TypeAlias = Callable[[B, Pen], object]
Subject: TypeAlias = Callable[[B], Iterator[Unit[B]]]
Area: TypeAlias = Callable[[B], Iterator[Subject[B]]]


@dataclass(frozen=True, slots=True)
class Together(Generic[B]):
    """A unit about several people or things, and the units that do the same one by one, should it fail for one of them."""

    whole: Unit[B]
    apart: tuple[Unit[B], ...]

    def __call__(self, books: B, pen: Pen) -> object:
        """Does it for all of them."""
        return self.whole(books, pen)


# Writing a letter takes up to ten milliseconds, and a turn waits for the books meanwhile.
LETTERS = 10


def in_batches(found: Collection[T], size: int = LETTERS) -> Iterator[frozenset[T]]:
    """What was found, so many at a time, in its order."""
    left = iter(found)
    while batch := frozenset(islice(left, size)):
        yield batch


def once_a_look(ask: Callable[[B], T]) -> Callable[[B], T]:
    """What was asked of a pair of books is not asked of them again; after something was done there are others."""
    last: list[tuple[B, T]] = []

    def asked(books: B) -> T:
        if not last or last[0][0] is not books:
            last[:] = [(books, ask(books))]
        return last[0][1]

    return asked


def only_if(there: Callable[[B], bool], look: Callable[[B], Iterator[T]]) -> Callable[[B], Iterator[T]]:
    """An area or a subject that is looked at where there is anything of its kind at all."""
    return partial(_looked_at, there, look)


def _looked_at(there: Callable[[B], bool], look: Callable[[B], Iterator[T]], books: B) -> Iterator[T]:
    if there(books):
        yield from look(books)


class Ahead(Generic[B]):
    """What a round has still to look at, in its order; false when it is through."""

    def __init__(self, areas: Sequence[Area[B]]) -> None:
        self._areas = deque(areas)
        self._subjects: deque[Subject[B]] = deque()

    def __bool__(self) -> bool:
        return bool(self._areas or self._subjects)

    def give_up(self) -> None:
        """Leaves everything else for the next round."""
        self._areas.clear()
        self._subjects.clear()

    def units(self, books: B) -> tuple[Unit[B], ...]:
        """The units of the next subject that has any; what was looked at is over, also where looking failed.

        As long as nothing is found nothing is done, so that one pair of books will do for all of it.
        """
        while self:
            if not self._subjects:
                self._subjects.extend(self._areas.popleft()(books))
            elif found := tuple(self._subjects.popleft()(books)):
                return found
        return ()


def due(area: Area[B], books: B) -> tuple[Unit[B], ...]:
    """Every unit of an area that is due now."""
    return tuple(unit for subject in area(books) for unit in subject(books))
