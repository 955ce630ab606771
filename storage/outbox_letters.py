"""Letters of the outbox as senders see them, out of their rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, update

from intents.messages import Reply
from storage.codec import Unreadable, unpack_reply
from storage.tables import outbox
from storage.written import word

# A letter that nobody is sending.
FREE = {"lease_owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way: where it goes, what it says, and how often sending was begun.

    `attempts` above one means that an earlier try may have arrived: look before sending again, from `put_at` on.
    `failures` counts the tries that went wrong; being told to wait is none. A card has the `subject` that it shows;
    `anchor` is what the channel calls the last card of that subject in its place, or of the card that it stands under.
    `elsewhere` says that it has a further way, should this one not deliver.
    """

    id: int
    key: str
    channel: str
    address: Mapping[str, str]
    body: Reply
    attempts: int
    failures: int = 0
    put_at: datetime | None = None
    subject: str = ""
    anchor: str = ""
    elsewhere: bool = False


def _card_of(row: Row[Any]) -> str:
    """The subject of the card that a letter is, or stands under."""
    return str(row.subject or row.address.get("under", ""))


def letters_of(connection: Connection, channel: str, rows: Collection[Row[Any]]) -> list[Letter]:
    """The letters of a channel's rows, which begin to be sent; those that nobody can read are taken aside."""
    anchors = _anchors(connection, channel, rows)
    return [letter for row in rows if (letter := _letter(connection, row, anchors))]


def _anchors(
    connection: Connection, channel: str, rows: Collection[Row[Any]]
) -> Mapping[tuple[str, str], str]:
    """What the channel calls the last card that it has of each subject in each place."""
    wanted = {_card_of(row) for row in rows} - {""}
    if not wanted:
        return {}
    there = and_(outbox.c.channel == channel, outbox.c.subject.in_(wanted), outbox.c.state == word("sent"))
    newest = select(func.max(outbox.c.id)).where(there).group_by(outbox.c.subject, outbox.c.place)
    columns = (outbox.c.subject, outbox.c.place, outbox.c.reference)
    found = connection.execute(select(*columns).where(outbox.c.id.in_(newest)))
    return {(row.subject, row.place): row.reference or "" for row in found}


def _letter(connection: Connection, row: Row[Any], anchors: Mapping[tuple[str, str], str]) -> Letter | None:
    """The letter of a row; one that another release wrote is parked, so that the others leave."""
    try:
        body = unpack_reply(row.body)
    except Unreadable as fault:
        parked = {"state": "parked", **FREE, "last_error": str(fault)}
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(parked))
        return None
    whole = (row.id, row.key, row.channel, row.address, body, row.attempts + 1, row.failures, row.put_at)
    return Letter(*whole, row.subject or "", anchors.get((_card_of(row), row.place), ""), bool(row.otherwise))
