"""Links that sign somebody in stand in a stored message only until it has left: afterwards nobody can read them."""

import json
import re
from typing import Any

from sqlalchemy import Connection, String, cast, select, update

from storage.tables import message, outbox

_LINK = re.compile(r"(/console/login/)[A-Za-z0-9_-]+")
REPLY = "reply:"


def spend(connection: Connection, key: str) -> None:
    """Takes such links out of a letter that has left, and out of the log of the turn that it answered."""
    holds = cast(outbox.c.body, String).like("%/console/login/%")
    body = connection.scalar(select(outbox.c.body).where(outbox.c.key == key, holds))
    if body is None:
        return
    connection.execute(update(outbox).where(outbox.c.key == key).values(body=_without(body)))
    if event := key.removeprefix(REPLY) if key.startswith(REPLY) else "":
        mine = (message.c.event == int(event)) & (message.c.author == "desk")
        said = connection.scalar(select(message.c.reply).where(mine))
        connection.execute(update(message).where(mine).values(reply=_without(said)))


def _without(body: Any) -> Any:
    return json.loads(_LINK.sub(r"\1…", json.dumps(body)))
