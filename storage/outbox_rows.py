"""Letters as rows of the outbox, and how several of them are written down at once."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from intents.messages import Reply
from storage.codec import pack_reply
from storage.database import Database
from storage.further_ways import Way
from storage.outbox_turns import RING, place_of
from storage.tables import outbox

Row = dict[str, Any]


def row_of(key: str, way: Way, body: Reply, due: datetime, now: datetime | None) -> Row:
    """What the outbox keeps of every letter."""
    where = {"channel": way.channel, "place": place_of(way.address), "address": dict(way.address)}
    return where | {"key": key, "body": pack_reply(body), "due_at": due, "put_at": now}


def add(connection: Connection, database: Database, rows: Collection[Row]) -> None:
    """Adds letters in their order, without those whose key is there already, and wakes whoever sends them."""
    # Further ways and hours stand in the rows of those letters only that have them.
    for _, alike in groupby(rows, key=frozenset):
        database.add_new(connection, outbox, list(alike))
    if rows:
        database.ring(connection, RING)
