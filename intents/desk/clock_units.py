"""Units of the clock's work: each so short that nobody waits for it, each decided anew where it is done."""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import TypeAlias, TypeVar

from intents.desk.consultations import Pen

B = TypeVar("B")
T = TypeVar("T")
Unit: TypeAlias = Callable[[B, Pen], object]

# Writing a letter takes up to ten milliseconds, and a turn waits for the books meanwhile.
LETTERS = 10


def in_batches(found: Collection[T], size: int = LETTERS) -> Iterator[frozenset[T]]:
    """What was found, so many at a time, in its order."""
    left = iter(found)
    while batch := frozenset(islice(left, size)):
        yield batch
