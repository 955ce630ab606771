"""What was said in each conversation, in order: the log behind the web chat, hand-overs and reports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select

from intents.messages import Part, Reply
from storage.codec import pack_reply, unpack_reply
from storage.database import Database
from storage.tables import conversation, message


@dataclass(frozen=True, slots=True)
class Logged:
    """One message of a conversation; `id` grows within the whole log, times are UTC.

    A person's message has `text`, the desk's has `reply`. `event` is the inbox row that it belongs to,
    0 for what was said unasked.
    """

    id: int
    event: int
    author: Literal["person", "desk"]
    at: datetime
    text: str = ""
    reply: Reply | None = None


def ring(channel: str, key: str) -> str:
    """The topic that is rung when something is said in a conversation."""
    return f"said:{channel}:{key}"


def log_person(connection: Connection, conversation_id: int, event: int, text: str, at: datetime) -> None:
    """Keeps what a person said or pressed."""
    row = {"conversation_id": conversation_id, "event": event, "author": "person", "text": text, "at": at}
    connection.execute(insert(message).values(row))


def log_reply(connection: Connection, conversation_id: int, event: int, reply: Reply, at: datetime) -> int:
    """Keeps what the desk said to an event and gives the message's id."""
    row = {"conversation_id": conversation_id, "event": event, "author": "desk", "text": "", "at": at}
    result = connection.execute(insert(message).values(row | {"reply": pack_reply(reply)}))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def log_letter(database: Database, key: str, channel: str, where: str, reply: Reply, now: datetime) -> int:
    """Keeps what the desk said unasked, once per letter's key, and gives the message's id; 0: no such conversation."""
    with database.begin() as connection:
        mine = (conversation.c.channel == channel) & (conversation.c.key == where)
        # A turn holds the same lock: ids are given in the order in which messages become visible.
        found = connection.scalar(database.for_update(select(conversation.c.id).where(mine)))
        if found is None:
            return 0
        row = {"conversation_id": found, "letter": key, "author": "desk", "text": "", "at": now}
        database.add_new(connection, message, [row | {"reply": pack_reply(reply)}])
        database.ring(connection, ring(channel, where))
        said = select(message.c.id).where(message.c.letter == key, message.c.conversation_id == found)
        return connection.scalar(said) or 0


def reply_to(database: Database, event: int) -> Logged | None:
    """What the desk said to an event, if it has answered."""
    with database.look() as connection:
        mine = select(message).where(message.c.event == event, message.c.author == "desk")
        row = connection.execute(mine).one_or_none()
    return _logged(row) if row else None


def said_to(connection: Connection, conversation_id: int, event: int) -> tuple[Part, ...]:
    """What the desk said to an earlier event of a conversation; nothing when it is not there."""
    mine = (message.c.conversation_id == conversation_id) & (message.c.event == event)
    body = connection.scalar(select(message.c.reply).where(mine, message.c.author == "desk"))
    return unpack_reply(body).parts if body else ()


def history(database: Database, channel: str, key: str, after: int, limit: int) -> tuple[Logged, ...]:
    """The newest messages of a conversation with an id above `after`, oldest first."""
    with database.look() as connection:
        newest = (
            select(message)
            .join(conversation, conversation.c.id == message.c.conversation_id)
            .where(conversation.c.channel == channel, conversation.c.key == key, message.c.id > after)
            .order_by(message.c.id.desc())
            .limit(limit)
        )
        rows = connection.execute(newest).all()
    return tuple(_logged(row) for row in reversed(rows))


def _logged(row: Row[Any]) -> Logged:
    reply = unpack_reply(row.reply) if row.reply else None
    return Logged(row.id, row.event or 0, row.author, row.at, row.text, reply)
