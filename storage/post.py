"""Letters put into the outbox within one transaction: by which ways somebody is reached, what they were sent, what is taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, String, and_, bindparam, or_, select, update
from sqlalchemy import Row as SQLRow

from intents.desk.books import Outgoing, Reachable, Recipient
from intents.messages import Reply, RunCommand
from storage import consents
from storage.database import Database
from storage.further_ways import Way, base_of, kept
from storage.letter_hours import kept_hours
from storage.lost_letters import state_of
from storage.outbox_rows import Row, add, row_of
from storage.outbox_turns import waiting
from storage.post_addresses import SLACK, TEAMS, Address, by_slack, by_teams, in_chat, named, slack_person
from storage.tables import conversation, outbox
from storage.tokens import StoredLinks
from storage.written import word

# Channels on which the desk can say something unasked.
REACHED = frozenset({"web", "slack", "teams"})
MAIL = "mail"

# Asked before every letter: put together once.
_WHERE = select(conversation.c.id, conversation.c.channel, conversation.c.address).where(
    conversation.c.id.in_(bindparam("rows", expanding=True))
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
        need = "" if always else purpose
        ended = self._ended([to], need)
        if to.person in ended:
            return 0
        ways = {} if mail_only else in_chat(to, self._chats([to]))
        ways |= self._mail(to, need, ended)
        rows = [self._row(key, Way(*way), letter, to, need, due) for way in ways.items()]
        add(self._connection, self._database, rows)
        return len(ways)

    def send_each(
        self, all_: Sequence[Outgoing], *, purpose: str, due: datetime, always: bool = False
    ) -> tuple[str, ...]:
        """Puts letters with keys of their own into the outbox, each for the first of its channels that reaches somebody.

        The others are tried in turn when it cannot be delivered. Gives the channel of each; empty when none reaches
        them, or when they have withdrawn their consent; `always` as in `send`.
        """
        need = "" if always else purpose
        ways = self._ways(all_, need)
        # By whichever way the first one went: the same key is the same letter.
        known = state_of(self._connection, [one.key for one, found in zip(all_, ways, strict=True) if found])
        rows = [
            self._row(one.key, found[0], one.body, named(one.to, one.slack), need, due)
            | kept(found[1:])
            | kept_hours(one.hours)
            for one, found in zip(all_, ways, strict=True)
            if found and one.key not in known
        ]
        add(self._connection, self._database, rows)
        return tuple(found[0].channel if found else "" for found in ways)

    def _ways(self, all_: Sequence[Outgoing], purpose: str) -> Sequence[Sequence[Way]]:
        """By which ways each letter reaches its recipient, in their order; none for whom consent has ended."""
        whom = [named(one.to, one.slack) for one in all_]
        ended, chats = self._ended(whom, purpose), self._chats(whom)
        found: list[Sequence[Way]] = []
        for one, to in zip(all_, whom, strict=True):
            there = by_teams(one.teams) | in_chat(to, chats) | by_slack(to, one.slack)
            if MAIL in one.ways and to.person not in ended:
                there |= self._mail(to, purpose, ended)
            wanted = () if to.person in ended else dict.fromkeys(one.ways)
            found.append([Way(name, there[name]) for name in wanted if name in there])
        return found

    def _row(self, key: str, way: Way, letter: Reply, to: Recipient, purpose: str, due: datetime) -> Row:
        whose = {"person": to.person, "purpose": purpose or None, "trace": self._trace or None}
        return row_of(f"{key}:{way.channel}", way, letter, due, self._now) | whose

    def _ended(self, whom: Collection[Recipient], purpose: str) -> frozenset[str]:
        """Under which of their names they withdrew their consent: their own, and those of their addresses."""
        if not purpose or not whom:
            return frozenset()
        names = {one.person for one in whom} | {consents.by_mail(one.mail) for one in whom if one.mail}
        return consents.withdrawn(self._connection, names, purpose)

    def _mail(self, to: Recipient, purpose: str, ended: Collection[str]) -> dict[str, Address]:
        """Their address, unless it was struck off; without a purpose no way out is named."""
        if not to.mail or consents.by_mail(to.mail) in ended:
            return {}
        return {MAIL: {"mail": to.mail} | (self._leave(to, purpose) if purpose else {})}

    def _leave(self, to: Recipient, purpose: str) -> dict[str, str]:
        """The token that ends the letters of a purpose, for the header in which mail programs look for it."""
        given = {"purpose": purpose, "person": to.person, "mail": to.mail}
        stop = RunCommand("reminder.stop", given=given)
        return {"unsubscribe": self._links.issue(stop)}

    def _chats(self, whom: Collection[Recipient]) -> Mapping[int, tuple[str, Mapping[str, str]]]:
        """The channel and the address of their conversations; without an address the desk was taken out of there."""
        if not (asked := sorted({one.conversation for one in whom if one.conversation})):
            return {}
        rows = self._connection.execute(_WHERE, {"rows": asked})
        return {id_: (channel, address) for id_, channel, address in rows if channel in REACHED and address}

    def tell(self, key: str, member: Reachable, letter: Reply) -> int:
        """Puts a letter to one of staff into the outbox for each way to reach them; gives the number of ways."""
        ways: dict[str, Address] = {}
        if member.slack:
            # Slack takes a person for the conversation with them.
            ways[SLACK] = slack_person(member.slack)
        if member.teams:
            ways |= by_teams(member.teams)
        if member.mail:
            ways[MAIL] = {"mail": member.mail}
        rows = [
            row_of(f"{key}:{channel}", Way(channel, address), letter, self._now, self._now)
            | {"trace": self._trace or None}
            for channel, address in ways.items()
        ]
        add(self._connection, self._database, rows)
        return len(ways)

    def told(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which one of staff was written to, sent or not."""
        ways = {f"{key}:{channel}": key for key in keys for channel in (SLACK, TEAMS, MAIL)}
        found = self._connection.scalars(_THERE, {"keys": list(ways)})
        return frozenset(ways[key] for key in found)

    def sent_since(
        self, whom: Sequence[tuple[Recipient, str]], since: datetime, kinds: Collection[str]
    ) -> tuple[Sequence[datetime], ...]:
        """When each of these, with Slack's name of them, was sent letters of these kinds since then; each letter once.

        Kinds are the beginnings of keys.
        """
        if not whom:
            return ()
        names, places = [_names(*one) for one in whom], [_place(to) for to, _ in whom]
        given = {"names": sorted(set().union(*names)), "places": places, "since": since}
        found = self._connection.execute(_sent(tuple(kinds)), given).all()
        return tuple(
            [*{base_of(row.key, row.channel): row.put_at for row in found if _is_to(row, *one)}.values()]
            for one in zip(names, places, strict=True)
        )

    def drop(self, keys_begin: str) -> int:
        """Takes back letters that have not left, by the beginning of their keys; gives their number."""
        begins = keys_begin.replace("/", "//").replace("%", "/%").replace("_", "/_")
        return self._connection.execute(_DROP, {"begins": begins}).rowcount


@cache
def _sent(kinds: tuple[str, ...]) -> Select[Any]:
    """Letters of these kinds to one of `:names`, or to one of `:places`, put after `:since`; put together once."""
    # The channel is named as well: letters are found by both together.
    there = and_(outbox.c.channel == MAIL, outbox.c.place.in_(bindparam("places", expanding=True)))
    whose = or_(outbox.c.person.in_(bindparam("names", expanding=True)), there)
    counted = or_(*(outbox.c.key.startswith(f"{kind}:", autoescape=True) for kind in kinds))
    which = and_(counted, outbox.c.state != "dropped", outbox.c.put_at > bindparam("since"))
    columns = (outbox.c.key, outbox.c.channel, outbox.c.put_at, outbox.c.person, outbox.c.place)
    return select(*columns).where(whose, which)


def _names(to: Recipient, slack: str) -> frozenset[str]:
    """The names under which the outbox may have somebody's letters."""
    mailed = consents.by_mail(to.mail) if to.mail else ""
    return frozenset(filter(None, (to.person, mailed, f"{SLACK}:{slack}" if slack else "")))


def _place(to: Recipient) -> str:
    """The place of their mail."""
    return f"mail:{to.mail}" if to.mail else "-"


def _is_to(row: SQLRow[Any], names: Collection[str], place: str) -> bool:
    return row.person in names or (row.channel == MAIL and row.place == place)
