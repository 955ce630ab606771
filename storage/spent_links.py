"""Links that sign somebody in stand in a stored message only until it has left: afterwards nobody can read them."""

import json
import re
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, select, update

from storage.tables import message, outbox

_LINK = re.compile(r"(/console/login/)[A-Za-z0-9_-]+")
REPLY = "reply:"


# Asked of every letter that leaves: put together once.
_HOLDING = select(outbox.c.key, outbox.c.body).where(
    outbox.c.id == bindparam("row"), cast(outbox.c.body, String).like("%/console/login/%")
)


def spend(connection: Connection, letter: int) -> None:
    """Takes such links out of a letter that has left, and out of the log of the turn that it answered."""
    found = connection.execute(_HOLDING, {"row": letter}).one_or_none()
    if found is None:
        return
    key = found.key
    connection.execute(update(outbox).where(outbox.c.id == letter).values(body=_without(found.body)))
    if event := key.removeprefix(REPLY) if key.startswith(REPLY) else "":
        mine = (message.c.event == int(event)) & (message.c.author == "desk")
        said = connection.scalar(select(message.c.reply).where(mine))
        connection.execute(update(message).where(mine).values(reply=_without(said)))


def _without(body: Any) -> Any:
    return json.loads(_LINK.sub(r"\1…", json.dumps(body)))
