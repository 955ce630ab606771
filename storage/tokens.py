"""Action tokens: what a button does is a stored row; the button carries only its random name."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from intents.messages import Action, FillIn, GiveAnswer, RunCommand, Steer
from storage.codec import pack_action, unpack_action
from storage.database import Database
from storage.tables import action_token

LIFE = timedelta(days=30)
# A letter is read late, and a seminar may be announced a season ahead.
LINK_LIFE = timedelta(days=180)
MintToken = Callable[[], str]
_ADD = insert(action_token)
OF_A_DIALOG = (GiveAnswer, FillIn, Steer)


def mint() -> str:
    """A name of 144 random bits."""
    return secrets.token_urlsafe(18)


@dataclass(frozen=True, slots=True)
class Pressable:
    """What a genuine token stands for; `used_at` tells a second press."""

    action: Action
    used_at: datetime | None


class StoredTokens:
    """The tokens of one conversation within one transaction."""

    def __init__(
        self,
        connection: Connection,
        conversation_id: int,
        now: datetime,
        new_token: MintToken,
        person: str | None = None,
    ) -> None:
        self._connection, self._person = connection, person
        self._conversation_id = conversation_id
        self._now = now
        self._new_token = new_token
        self._issued: list[dict[str, object]] = []

    def issue(self, action: Action) -> str:
        """Gives the token of an action; `keep` stores it.

        A dialog is its person's own, also in a channel where others look on; other buttons are everybody's.
        """
        row = {
            "token": self._new_token(),
            "conversation_id": self._conversation_id,
            "person": self._person if _is_own(action) else None,
            "action": pack_action(action),
            "expires_at": self._now + LIFE,
        }
        self._issued.append(row)
        return str(row["token"])

    def keep(self) -> None:
        """Writes down what was issued: a reply has many buttons, and one statement is enough for them."""
        if self._issued:
            self._connection.execute(_ADD, self._issued)
            self._issued = []

    def press(self, token: str, person: str) -> Pressable | None:
        """Looks a token up and marks it used; nothing when it is foreign, expired or somebody else's."""
        here = action_token.c.conversation_id == self._conversation_id
        mine = and_(action_token.c.token == token, or_(here, action_token.c.conversation_id.is_(None)))
        row = self._connection.execute(select(action_token).where(mine)).one_or_none()
        if row is None or row.expires_at < self._now or row.person not in (None, person):
            return None
        if row.used_at is None:
            self._connection.execute(update(action_token).where(mine).values(used_at=self._now))
        return Pressable(unpack_action(row.action), row.used_at)


def _is_own(action: Action) -> bool:
    return isinstance(action, OF_A_DIALOG) or (isinstance(action, RunCommand) and action.own)


class StoredLinks:
    """Tokens of letters: they belong to no conversation, whoever holds the letter may press them."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now
        self._issued: list[dict[str, object]] = []

    def issue(self, action: Action) -> str:
        """Gives the token of an action; `keep` stores it."""
        row = {"token": mint(), "action": pack_action(action), "expires_at": self._now + LINK_LIFE}
        self._issued.append(row)
        return str(row["token"])

    def keep(self) -> None:
        """Writes down what was issued: a letter has a dozen buttons, and one statement is enough for them."""
        if self._issued:
            self._connection.execute(_ADD, self._issued)
        self.forget()

    def forget(self) -> None:
        """Drops what was issued since, because the letters that carry it were taken back."""
        self._issued = []


def command_of(database: Database, token: str, now: datetime) -> str:
    """What the button of a letter would do, by the name of its order and the answer that it gives, if it gives one.

    Empty when it does nothing any more.
    """
    open_ = (action_token.c.token == token) & action_token.c.conversation_id.is_(None)
    with database.look() as connection:
        mine = select(action_token.c.action).where(open_, action_token.c.expires_at >= now)
        body = connection.scalar(mine)
    action = unpack_action(body) if body else None
    if not isinstance(action, RunCommand):
        return ""
    return ".".join(filter(None, (action.command, action.given.get("answer", ""))))


def forget_expired(connection: Connection, now: datetime) -> int:
    """Deletes tokens that nobody can press any more."""
    return connection.execute(delete(action_token).where(action_token.c.expires_at < now)).rowcount
