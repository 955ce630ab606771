"""Rows of some projects, asked for by a range where the projects are neighbours in the register, else by their list.

A range is quicker to read, and an engine that has counted nothing yet takes a long list for the whole table.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, bindparam

# As many ids go into one statement.
BATCH = 500
T = TypeVar("T")


def batches(all_: Sequence[T]) -> Iterable[Sequence[T]]:
    """As many at once as one statement takes."""
    return (all_[begin : begin + BATCH] for begin in range(0, len(all_), BATCH))


def among_them(column: ColumnElement[Any], *, neighbours: bool) -> ColumnElement[bool]:
    """Whether a column names one of the projects that `named` gives."""
    if neighbours:
        return column.between(bindparam("first"), bindparam("last"))
    return column.in_(bindparam("ids", expanding=True))


def are_neighbours(ids: Sequence[int]) -> bool:
    """Whether these ids, in their order, leave none out."""
    return ids[-1] - ids[0] == len(ids) - 1


def named(ids: Sequence[int]) -> dict[str, object]:
    """The ids as the statement for them takes them."""
    return {"first": ids[0], "last": ids[-1]} if are_neighbours(ids) else {"ids": list(ids)}
