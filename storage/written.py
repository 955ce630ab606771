"""Words of our own in a statement that is put together once: written out, where a parameter would be filled in each time.

An engine uses an index of some rows only where it sees the same words as in the index's condition.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, literal_column


def word(value: str) -> ColumnElement[str]:
    """A word as it stands in a statement; never what anybody typed. Raises ValueError for what is no such word."""
    if not value.isidentifier():
        raise ValueError(f"{value!r} is not a word of our own")
    return literal_column(f"'{value}'")


def among(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column is one of these words."""
    return column.in_([word(value) for value in values])
