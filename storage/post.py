"""Letters put into the outbox within one transaction: by which ways somebody is reached, what they were sent, what is taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Select, String, and_, bindparam, or_, select, update

from intents.desk.books import Reachable, Recipient, Span
from intents.messages import Reply, RunCommand
from storage import consents
from storage import outbox as letters
from storage.database import Database
from storage.further_ways import base_of
from storage.lost_letters import state_of
from storage.outbox_turns import waiting
from storage.tables import conversation, outbox
from storage.tokens import StoredLinks
from storage.written import word

# Channels on which the desk can say something unasked.
REACHED = frozenset({"web", "slack", "teams"})
SLACK, TEAMS, MAIL = "slack", "teams", "mail"

# Asked before every letter: put together once.
_WHERE = select(conversation.c.channel, conversation.c.key, conversation.c.address).where(
    conversation.c.id == bindparam("row")
)
_THERE = select(outbox.c.key).where(outbox.c.key.in_(bindparam("keys", expanding=True)))
# A pattern that is a parameter alone has SQLite put the statement together anew each time.
_BEGINS = outbox.c.key.like(bindparam("begins", type_=String).concat("%"), escape="/")
_DROP = update(outbox).where(waiting(outbox), outbox.c.state == word("due"), _BEGINS).values(state="dropped")


class StoredPost:
    """Letters put into the outbox."""

    def __init__(
        self, connection: Connection, database: Database, now: datetime, links: StoredLinks, trace: str = ""
    ) -> None:
        self._connection, self._database, self._now = connection, database, now
        self._links, self._trace = links, trace

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

        Who has withdrawn their consent to the purpose gets no letter; `always` is for what they must know even
        so, such as that a seminar is cancelled, and no withdrawal takes it back.
        """
        ended = frozenset[str]() if always else self._ended(to, purpose)
        if to.person in ended:
            return 0
        ways = {} if mail_only else self._chat(to)
        ways |= self._mail(to, "" if always else purpose, ended)
        for channel, address in ways.items():
            self._put(key, letters.Way(channel, address), letter, to, "" if always else purpose, due)
        return len(ways)

    def send_by(
        self,
        key: str,
        to: Recipient,
        letter: Reply,
        ways: Sequence[str],
        *,
        purpose: str,
        due: datetime,
        always: bool = False,
        slack: str = "",
        teams: str = "",
        hours: Sequence[Span] = (),
    ) -> str:
        """Puts one letter into the outbox, for the first of these channels that reaches them; gives that channel.

        The others are tried in turn when it cannot be delivered. Empty when none reaches them, or when they have
        withdrawn their consent; `always` as in `send`. `slack` is Slack's name of them (`T…:U…`) and `teams` that of
        Teams, where they are known from elsewhere than their conversation. `hours` are those in which it may leave.
        """
        whom = _named(to, slack)
        ended = frozenset[str]() if always else self._ended(whom, purpose)
        if whom.person in ended:
            return ""
        there = _by_teams(teams) | self._chat(whom) | _by_slack(whom, slack)
        if MAIL in ways:
            there |= self._mail(whom, "" if always else purpose, ended)
        found = [letters.Way(name, there[name]) for name in dict.fromkeys(ways) if name in there]
        if not found:
            return ""
        # By whichever way the first one went: the same key is the same letter.
        if not state_of(self._connection, [key]):
            self._put(key, found[0], letter, whom, "" if always else purpose, due, found[1:], hours)
        return found[0].channel

    def _put(
        self,
        key: str,
        way: letters.Way,
        letter: Reply,
        to: Recipient,
        purpose: str,
        due: datetime,
        otherwise: Sequence[letters.Way] = (),
        hours: Sequence[Span] = (),
    ) -> None:
        whole = (f"{key}:{way.channel}", way.channel, way.address, letter, due, self._now)
        put = partial(letters.put, self._connection, self._database, *whole, trace=self._trace or None)
        put(person=to.person, purpose=purpose or None, otherwise=otherwise, hours=hours)

    def _ended(self, to: Recipient, purpose: str) -> frozenset[str]:
        """Under which of their names they withdrew their consent: their own, and that of their address."""
        names = {to.person, consents.by_mail(to.mail)} if to.mail else {to.person}
        return consents.withdrawn(self._connection, names, purpose)

    def _mail(self, to: Recipient, purpose: str, ended: Collection[str]) -> dict[str, dict[str, str]]:
        """Their address, unless it was struck off; without a purpose no way out is named."""
        if not to.mail or consents.by_mail(to.mail) in ended:
            return {}
        return {MAIL: {"mail": to.mail} | (self._leave(to, purpose) if purpose else {})}

    def _leave(self, to: Recipient, purpose: str) -> dict[str, str]:
        """The token that ends the letters of a purpose, for the header in which mail programs look for it."""
        given = {"purpose": purpose, "person": to.person, "mail": to.mail}
        stop = RunCommand("reminder.stop", given=given)
        return {"unsubscribe": self._links.issue(stop)}

    def _chat(self, to: Recipient) -> dict[str, dict[str, str]]:
        if not to.conversation:
            return {}
        row = self._connection.execute(_WHERE, {"row": to.conversation}).one_or_none()
        # Without an address the desk was taken out of there.
        if row is None or row.channel not in REACHED or not row.address:
            return {}
        return {row.channel: _unasked(row.channel, row.address, to.person)}

    def tell(self, key: str, member: Reachable, letter: Reply) -> int:
        """Puts a letter to one of staff into the outbox for each way to reach them; gives the number of ways."""
        ways: dict[str, dict[str, str]] = {}
        if member.slack:
            # Slack takes a person for the conversation with them.
            ways[SLACK] = _slack_person(member.slack)
        if member.teams:
            ways |= _by_teams(member.teams)
        if member.mail:
            ways[MAIL] = {"mail": member.mail}
        for channel, address in ways.items():
            whole = (f"{key}:{channel}", channel, address, letter, self._now, self._now)
            letters.put(self._connection, self._database, *whole, trace=self._trace or None)
        return len(ways)

    def told(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which one of staff was written to, sent or not."""
        ways = {f"{key}:{channel}": key for key in keys for channel in (SLACK, TEAMS, MAIL)}
        found = self._connection.scalars(_THERE, {"keys": list(ways)})
        return frozenset(ways[key] for key in found)

    def sent_since(
        self, to: Recipient, since: datetime, kinds: Collection[str], slack: str = ""
    ) -> tuple[datetime, ...]:
        """When somebody was sent letters of these kinds since then, by the beginning of their keys; each letter once."""
        mailed = consents.by_mail(to.mail) if to.mail else ""
        names = [name for name in (to.person, mailed, f"{SLACK}:{slack}" if slack else "") if name]
        given = {"names": names, "place": f"mail:{to.mail}" if to.mail else "-", "since": since}
        rows = self._connection.execute(_sent(tuple(kinds)), given)
        return tuple({base_of(key, channel): put_at for key, channel, put_at in rows}.values())

    def drop(self, keys_begin: str) -> int:
        """Takes back letters that have not left, by the beginning of their keys; gives their number."""
        begins = keys_begin.replace("/", "//").replace("%", "/%").replace("_", "/_")
        return self._connection.execute(_DROP, {"begins": begins}).rowcount


@cache
def _sent(kinds: tuple[str, ...]) -> Select[Any]:
    """Letters of these kinds to somebody with one of `:names`, or to `:place`, put after `:since`; put together once."""
    # The channel is named as well: letters are found by both together.
    there = and_(outbox.c.channel == MAIL, outbox.c.place == bindparam("place"))
    whose = or_(outbox.c.person.in_(bindparam("names", expanding=True)), there)
    counted = or_(*(outbox.c.key.startswith(f"{kind}:", autoescape=True) for kind in kinds))
    kept = and_(counted, outbox.c.state != "dropped", outbox.c.put_at > bindparam("since"))
    return select(outbox.c.key, outbox.c.channel, outbox.c.put_at).where(whose, kept)


def _named(to: Recipient, slack: str) -> Recipient:
    """The recipient under a name by which a consent can be withdrawn, also when no channel knows them yet."""
    known = f"{SLACK}:{slack}" if slack else consents.by_mail(to.mail) if to.mail else ""
    return to if to.person else replace(to, person=known)


def _by_slack(to: Recipient, slack: str) -> dict[str, dict[str, str]]:
    """To the person, not into what they once wrote in: only so does Slack tell that somebody has left."""
    name = to.person if to.person.startswith(f"{SLACK}:") else slack
    return {SLACK: _slack_person(name.removeprefix(f"{SLACK}:"))} if name else {}


def _by_teams(name: str) -> dict[str, dict[str, str]]:
    """To the person, in the chat that they have with the desk or that is opened for it."""
    tenant, _, person = name.partition(":")
    return {TEAMS: {"person": person, "tenant": tenant}} if name else {}


def _slack_person(name: str) -> dict[str, str]:
    """A person by Slack's name of them (`T…:U…`); the desk may be in several workspaces."""
    team, _, user = name.rpartition(":")
    return {"channel": user} | ({"team": team} if team else {})


def _unasked(channel: str, last: Mapping[str, str], person: str) -> dict[str, str]:
    """Where to say something later: where others look on, to the person; a channel need not know."""
    if channel == TEAMS:
        whom = {"person": last["user"]} if "user" in last else _named_in(last, "conversation", "person")
        return whom | _named_in(last, "service", "tenant")
    if "user" in last:
        return {"channel": person.rpartition(":")[2]} | _named_in(last, "team")
    return {"channel": last["home"]} | _named_in(last, "team") if "home" in last else dict(last)


def _named_in(address: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: address[name] for name in names if name in address}
