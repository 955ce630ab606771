"""Links that sign somebody in stand in a stored message only until it has left: afterwards nobody can read them."""

import json
import re
from typing import Any

from sqlalchemy import Connection, String, cast, select, update

from storage.tables import message, outbox

_LINK = re.compile(r"(/console/login/)[A-Za-z0-9_-]+")
REPLY = "reply:"
# Whether a letter has such a link; as a column, for whoever marks a letter as one that has left.
HOLDS_LINK = cast(outbox.c.body, String).like("%/console/login/%").label("holds_link")


def spend(connection: Connection, letter: int) -> None:
    """Takes such links out of a letter that has left, and out of the log of the turn that it answered."""
    held = select(outbox.c.key, outbox.c.body, HOLDS_LINK).where(outbox.c.id == letter)
    found = connection.execute(held).one_or_none()
    if found is None or not found.holds_link:
        return
    key = found.key
    connection.execute(update(outbox).where(outbox.c.id == letter).values(body=_without(found.body)))
    if event := key.removeprefix(REPLY) if key.startswith(REPLY) else "":
        mine = (message.c.event == int(event)) & (message.c.author == "desk")
        said = connection.scalar(select(message.c.reply).where(mine))
        connection.execute(update(message).where(mine).values(reply=_without(said)))


def _without(body: Any) -> Any:
    return json.loads(_LINK.sub(r"\1…", json.dumps(body)))
