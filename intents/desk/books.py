"""What the office's rules need from outside, whoever acts: a person in a turn, staff, or the clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from intents.messages import Action, Reply
from knowledge.model import Lang

# From and until when, UTC.
Span: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to: their conversation (0: none), their mail address (empty: none), their language.

    `person` is the channel and the channel's name of them; a withdrawn consent stops letters by it.
    """

    conversation: int
    person: str
    mail: str
    lang: Lang


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter for the first of these channels that reaches somebody; the others are tried when it cannot be delivered.

    `slack` is Slack's name of them (`T…:U…`) and `teams` that of Teams, where they are known from elsewhere than their
    conversation. `hours` are those in which it may leave.
    """

    key: str
    to: Recipient
    body: Reply
    ways: Sequence[str]
    slack: str = ""
    teams: str = ""
    hours: Sequence[Span] = ()


class Reachable(Protocol):
    """One of staff as somebody to write to: the names that channels have for them, and their mail; each empty for none."""

    @property
    def slack(self) -> str:
        """Slack's name of them, `T…:U…`."""
        ...

    @property
    def teams(self) -> str:
        """Teams' name of them: organisation and person, as the directory calls them."""
        ...

    @property
    def mail(self) -> str:
        """Their mail address."""
        ...


class Post(Protocol):
    """Letters that leave after the transaction, each once per key."""

    def send(
        self,
        key: str,
        to: Recipient,
        letter: Reply,
        *,
        purpose: str,
        due: datetime,
        mail_only: bool = False,
        always: bool = False,
    ) -> int:
        """Puts a letter into the outbox for each way to reach them; gives the number of ways.

        Who has withdrawn their consent to the purpose gets only what must be known `always`.
        """
        ...

    def send_each(
        self, all_: Sequence[Outgoing], *, purpose: str, due: datetime, always: bool = False
    ) -> tuple[str, ...]:
        """Puts letters with keys of their own into the outbox, each by one way; gives the channel of each.

        Empty for whom none reaches, or who has withdrawn their consent where it is not for `always`.
        """
        ...

    def tell(self, key: str, member: Reachable, letter: Reply) -> int:
        """Puts a letter to one of staff into the outbox for each way to reach them; gives the number of ways."""
        ...

    def told(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which one of staff was written to, sent or not."""
        ...

    def sent_since(
        self, whom: Sequence[tuple[Recipient, str]], since: datetime, kinds: Collection[str]
    ) -> tuple[Sequence[datetime], ...]:
        """When each of these, with Slack's name of them, was sent letters of these kinds since then; each letter once.

        Kinds are the beginnings of keys.
        """
        ...

    def drop(self, keys_begin: str) -> int:
        """Takes back letters that have not left, by the beginning of their keys; gives their number."""
        ...


class Links(Protocol):
    """Buttons of letters: whoever holds the letter may press them, from any channel."""

    def issue(self, action: Action) -> str:
        """Stores the action and gives the token that a button carries."""
        ...


class Audit(Protocol):
    """The record of changes, append only."""

    def note(
        self,
        subject: str,
        action: str,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        reason: str = "",
    ) -> None:
        """Writes one line: the actor and the moment are those of this transaction."""
        ...


class Books(Protocol):
    """One transaction with everything the office remembers, whoever acts in it."""

    @property
    def now(self) -> datetime:
        """The moment of this transaction, UTC."""
        ...

    @property
    def actor(self) -> str:
        """Who acts: person:…, staff:… or clock."""
        ...

    @property
    def post(self) -> Post:
        """The letters."""
        ...

    @property
    def links(self) -> Links:
        """The buttons of letters."""
        ...

    @property
    def audit(self) -> Audit:
        """The record of changes."""
        ...
