"""The clock's work in small pieces: areas are looked through for subjects, subjects for units, units are done.

Looking needs no lock. A unit is for a transaction of its own, so short that nobody waits for it, and it decides anew
under its lock what is still due, so that twice is once.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import TypeAlias, TypeVar

from intents.desk.consultations import Pen

B = TypeVar("B")
T = TypeVar("T")
Unit: TypeAlias = Callable[[B, Pen], object]
Subject: TypeAlias = Callable[[B], Iterator[Unit[B]]]
Area: TypeAlias = Callable[[B], Iterator[Subject[B]]]

# Writing a letter takes up to ten milliseconds, and a turn waits for the books meanwhile.
LETTERS = 10


def in_batches(found: Collection[T], size: int = LETTERS) -> Iterator[frozenset[T]]:
    """What was found, so many at a time, in its order."""
    left = iter(found)
    while batch := frozenset(islice(left, size)):
        yield batch


def due(area: Area[B], books: B) -> tuple[Unit[B], ...]:
    """Every unit of an area that is due now."""
    return tuple(unit for subject in area(books) for unit in subject(books))
