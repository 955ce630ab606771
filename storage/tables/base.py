"""What all tables share: points in time, and how keys and indexes are named."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator

# What text on SQLite leaves out, and how long it is without it.
ZONE = "+00:00"
LENGTH = len("2026-04-01 09:00:00.000000")


class Moment(TypeDecorator[datetime]):
    """A point in time, UTC in and UTC out; SQLite keeps it as text without its zone.

    Nearly every row has some: each engine's own way there and back is taken at once, not one wrapped in another.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object]:
        """Refuses a moment without a zone: it would mean another time on each engine."""
        return _as_text if dialect.name == "sqlite" else _in_utc

    def process_literal_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy names it
        """As what is bound."""
        return _in_utc(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:  # noqa: ARG002 - SQLAlchemy names it
        """The moment as it was put in."""
        return _from_text if dialect.name == "sqlite" else None


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    here = _in_utc(value)
    return here.isoformat(" ", "microseconds").removesuffix(ZONE) if here else None


def _from_text(value: str | None) -> datetime | None:
    if not value:
        return None
    if len(value) == LENGTH:
        return datetime.fromisoformat(value + ZONE)
    # What did not come by way of this type may be shorter, or have its zone with it.
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
MOMENT = Moment()
