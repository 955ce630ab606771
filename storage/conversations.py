"""Conversations: who talks where, in which language, and what is remembered between two messages."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, String, cast, select, update

from intents.conversation import Conversation
from intents.messages import Incoming
from knowledge.model import Lang
from storage.codec import pack_state, unpack_state
from storage.database import Database
from storage.tables import conversation


@dataclass(frozen=True, slots=True)
class Remembered:
    """A conversation's row and its memory."""

    id: int
    memory: Conversation


def recall(connection: Connection, database: Database, event: Incoming, lang: Lang) -> Remembered:
    """The conversation of an event, locked until the transaction ends; begun when there is none."""
    mine = (conversation.c.channel == event.channel) & (conversation.c.key == event.conversation)
    look = database.for_update(select(conversation).where(mine))
    row = connection.execute(look).one_or_none()
    if row is None:
        fresh = {
            "channel": event.channel,
            "key": event.conversation,
            "person": event.person,
            "lang": lang.value,
            "state": pack_state(Conversation(lang=lang)),
            "updated_at": event.received_at,
        }
        # Somebody else may begin it at this very moment: then theirs is the one.
        database.add_new(connection, conversation, [fresh])
        row = connection.execute(look).one()
    if event.address and row.address != dict(event.address):
        where = update(conversation).where(conversation.c.id == row.id)
        connection.execute(where.values(address=dict(event.address)))
    return Remembered(row.id, unpack_state(row.state))


def remember(connection: Connection, id_: int, memory: Conversation, now: datetime) -> None:
    """Keeps the memory for the next message."""
    values = {"state": pack_state(memory), "lang": memory.lang.value, "updated_at": now}
    connection.execute(update(conversation).where(conversation.c.id == id_).values(values))


def forget_drafts(connection: Connection, before: datetime) -> int:
    """Drops dialogs that nobody touched since that moment: what was typed into them is nobody's business any more."""
    old = select(conversation.c.id, conversation.c.state).where(conversation.c.updated_at < before)
    left = [
        (row.id, memory)
        for row in connection.execute(old.where(cast(conversation.c.state, String).like('%"owner"%')))
        if (memory := unpack_state(row.state)).drafts
    ]
    for id_, memory in left:
        values = {"state": pack_state(replace(memory, drafts=(), options=()))}
        connection.execute(update(conversation).where(conversation.c.id == id_).values(values))
    return len(left)
