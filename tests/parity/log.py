"""What the desk said and filed, as its own tables tell it, without what differs between two houses."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Table, select

from intents.messages import Reply
from storage.codec import pack_reply, unpack_reply
from storage.database import Database
from storage.tables import (
    answer_given,
    booking,
    case,
    case_note,
    consent,
    consultation,
    contact,
    conversation,
    duty,
    message,
    nudge,
    obligation,
    offset_application,
    outbox,
    seminar_registration,
    succession,
    survey_answer,
)

Neutral = Any
# What people asked for, answered and were promised.
FILED: tuple[Table, ...] = (
    answer_given,
    booking,
    case,
    case_note,
    consent,
    consultation,
    contact,
    duty,
    nudge,
    obligation,
    offset_application,
    seminar_registration,
    succession,
    survey_answer,
)
# Tokens and the names of rows and people belong to one house.
_OWN = frozenset({"token", "uid"})
_ROWS = frozenset({"id", "event", "conversation_id", "conversation", "trace", "message"})
_CHANNEL = re.compile(r"^(person:)?(web|slack|teams|terminal):\S+$|^(web|slack|teams|terminal)$")


@dataclass(frozen=True, slots=True)
class Log:
    """The log of the first conversation on a channel whose name ends so."""

    database: Database
    channel: str
    where: str = ""

    def rows(self) -> list[Row[Any]]:
        """Its answered messages, oldest first."""
        here = self._conversation().with_only_columns(conversation.c.id).scalar_subquery()
        mine = select(message).where(message.c.conversation_id == here, message.c.event.is_not(None))
        with self.database.look() as connection:
            return list(connection.execute(mine.order_by(message.c.id)))

    def last(self) -> Reply:
        """What the desk answered last."""
        return unpack_reply(next(row.reply for row in reversed(self.rows()) if row.reply))

    def person(self) -> tuple[str, int]:
        """Who talks there, as the desk calls them, and the row of the conversation."""
        with self.database.look() as connection:
            row = connection.execute(self._conversation()).one()
        return f"{row.channel}:{row.person}", row.id

    def _conversation(self) -> Select[Any]:
        here = (conversation.c.channel == self.channel) & conversation.c.key.endswith(self.where)
        return select(conversation).where(here).order_by(conversation.c.id).limit(1)


def letters(database: Database) -> list[Row[Any]]:
    """What was said unasked, oldest first."""
    with database.look() as connection:
        unasked = select(outbox).where(outbox.c.key.not_like("reply:%")).order_by(outbox.c.id)
        return list(connection.execute(unasked))


def waiting(database: Database, channels: Collection[str], now: datetime) -> list[Row[Any]]:
    """What should have left on these channels by now and did not, or was given up."""
    late = (
        outbox.c.channel.in_(channels) & outbox.c.state.not_in(("sent", "dropped")) & (outbox.c.due_at <= now)
    )
    with database.look() as connection:
        return list(connection.execute(select(outbox.c.key, outbox.c.state, outbox.c.last_error).where(late)))


def neutral(reply: Reply) -> Neutral:
    """A reply without its tokens."""
    return _bare(pack_reply(reply))


def _bare(value: Any) -> Neutral:
    match value:
        case dict():
            return {name: _bare(one) for name, one in value.items() if name not in _OWN}
        case list() | tuple():
            return [_bare(one) for one in value]
        case _:
            return value


def filed(database: Database) -> Mapping[str, list[Neutral]]:
    """What stands in the tables, without what belongs to one house or names a channel."""
    with database.look() as connection:
        return {one.name: [_row(row) for row in connection.execute(one.select())] for one in FILED}


def _row(row: Row[Any]) -> Neutral:
    pairs = ((str(name), value) for name, value in row._mapping.items())
    return {
        name: _named(_bare(value)) for name, value in pairs if name not in _ROWS and not name.endswith("_id")
    }


def _named(value: Neutral) -> Neutral:
    if isinstance(value, str):
        return "(channel)" if _CHANNEL.match(value) else value
    return [_named(one) for one in value] if isinstance(value, list) else value
