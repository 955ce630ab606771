"""The people: whom the desk writes to, where they are, how they are, and when they leave their desk without a word."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from intents.desk.projects.records import Contact

MAIL, SLACK, WEB = "mail", "slack", "web"


class Habit(StrEnum):
    """How somebody deals with letters."""

    PROMPT = "prompt"
    SLOW = "slow"
    SILENT = "silent"


@dataclass(slots=True)
class Someone:
    """One person. `left_at` is when they stopped reading; `lost` are the channels that give letters back from then on."""

    contact: int
    name: str
    zone: str
    habit: Habit
    addresses: frozenset[tuple[str, str]] = frozenset()
    left_at: datetime | None = None
    lost: frozenset[str] = frozenset()

    def reads(self, now: datetime) -> bool:
        """Whether they are still there."""
        return self.left_at is None or now < self.left_at


@dataclass(slots=True)
class Cast:
    """Everybody who looks after projects, by the row of the contact and by address, and names of others by address."""

    people: dict[int, Someone] = field(default_factory=dict)
    others: dict[tuple[str, str], str] = field(default_factory=dict)
    _there: dict[tuple[str, str], Someone] = field(default_factory=dict)

    def add(self, contact: Contact, habit: Habit, web: str = "") -> Someone:
        """Somebody new; `web` is the name of the conversation in which they use the web chat."""
        slack = contact.slack.rpartition(":")[2]
        found = {(MAIL, contact.mail), (SLACK, slack), (WEB, web)}
        there = frozenset(one for one in found if one[1])
        one = Someone(contact.id, contact.name, contact.zone, habit, there)
        self.people[contact.id] = one
        self._there |= dict.fromkeys(there, one)
        return one

    def at(self, channel: str, to: str) -> Someone | None:
        """Who has that address."""
        return self._there.get((channel, to))

    def name(self, channel: str, to: str) -> str:
        """What whoever has that address is called."""
        found = self.at(channel, to)
        return found.name if found else self.others.get((channel, to), to)

    def zones(self) -> Iterator[str]:
        """Each zone in which somebody is, in a fixed order."""
        yield from sorted({one.zone for one in self.people.values()})
