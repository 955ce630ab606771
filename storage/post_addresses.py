"""Where somebody is written to unasked, channel by channel, and under what name a consent of theirs can be withdrawn."""

from collections.abc import Mapping
from dataclasses import replace

from intents.desk.books import Recipient
from storage.consents import by_mail

SLACK, TEAMS = "slack", "teams"
Address = dict[str, str]


def named(to: Recipient, slack: str) -> Recipient:
    """The recipient under a name by which a consent can be withdrawn, also when no channel knows them yet."""
    known = f"{SLACK}:{slack}" if slack else by_mail(to.mail) if to.mail else ""
    return to if to.person else replace(to, person=known)


def by_slack(to: Recipient, slack: str) -> dict[str, Address]:
    """To the person, not into what they once wrote in: only so does Slack tell that somebody has left."""
    name = to.person if to.person.startswith(f"{SLACK}:") else slack
    return {SLACK: slack_person(name.removeprefix(f"{SLACK}:"))} if name else {}


def by_teams(name: str) -> dict[str, Address]:
    """To the person, in the chat that they have with the desk or that is opened for it."""
    tenant, _, person = name.partition(":")
    return {TEAMS: {"person": person, "tenant": tenant}} if name else {}


def slack_person(name: str) -> Address:
    """A person by Slack's name of them (`T…:U…`); the desk may be in several workspaces."""
    team, _, user = name.rpartition(":")
    return {"channel": user} | ({"team": team} if team else {})


def in_chat(to: Recipient, chats: Mapping[int, tuple[str, Mapping[str, str]]]) -> dict[str, Address]:
    """Where they talk to the desk, out of the channels and addresses of conversations."""
    if to.conversation not in chats:
        return {}
    channel, address = chats[to.conversation]
    return {channel: _unasked(channel, address, to.person)}


def _unasked(channel: str, last: Mapping[str, str], person: str) -> Address:
    """Where to say something later: where others look on, to the person; a channel need not know."""
    if channel == TEAMS:
        whom = {"person": last["user"]} if "user" in last else _named_in(last, "conversation", "person")
        return whom | _named_in(last, "service", "tenant")
    if "user" in last:
        return {"channel": person.rpartition(":")[2]} | _named_in(last, "team")
    return {"channel": last["home"]} | _named_in(last, "team") if "home" in last else dict(last)


def _named_in(address: Mapping[str, str], *names: str) -> Address:
    return {name: address[name] for name in names if name in address}
