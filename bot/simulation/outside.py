"""The channels as they are outside: what arrived stays there, and everything that can go wrong with a send does.

A letter is on its way for a part of a second, or for many seconds; halfway it is there, and a process that is killed
or hears nothing afterwards does not know it.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.delivery import Hopeless, Later
from bot.simulation.cast import MAIL, SLACK, Cast
from bot.simulation.hurry import Hours
from bot.simulation.plan import DAY, Plan
from bot.simulation.story import Arrival, Story
from intents.messages import Choices, Heading, Part
from storage.lost_letters import BOUNCED, GONE
from storage.outbox import Letter

# Seconds that a send takes, one that is slow, one that is refused, and those for which a channel asks to wait.
USUAL, SLOW, REFUSED, ASKED = (0.05, 0.6), (5.0, 25.0), 0.1, (5.0, 60.0)
# A channel that is away is asked again after so many seconds, and is away for so many hours.
AWAY, HOURS_AWAY = 300.0, (0.5, 5.0)
SLACK_PACE = timedelta(seconds=1)


Hearer = Callable[[Arrival], None]


class Line:
    """One channel outside the office, the same for every process."""

    def __init__(self, name: str, plan: Plan, hours: Hours, cast: Cast, story: Story) -> None:
        self.name, self.pace = name, SLACK_PACE if name == SLACK else timedelta()
        self._plan, self._hours, self._cast, self._story = plan, hours, cast, story
        self._dice = Random(f"{plan.seed}:{name}")
        self._shown: set[str] = set()
        self._held: dict[str, datetime] = {}
        self._away = self._outages()
        self.hears: list[Hearer] = []

    def _outages(self) -> list[tuple[datetime, datetime]]:
        days = (self._plan.last - self._plan.first).days
        begins = [self._plan.begins + DAY * self._dice.uniform(0, days) for _ in range(self._count(days))]
        return [(at, at + timedelta(hours=self._dice.uniform(*HOURS_AWAY))) for at in sorted(begins)]

    def _count(self, days: int) -> int:
        every = self._plan.troubles.outage_days
        return round(days / every) if every else 0

    def shows(self, key: str) -> bool:
        """Whether a letter is there."""
        return key in self._shown

    async def take(self, letter: Letter) -> None:
        """A letter arrives, or does not. Raises what a real channel's sender would."""
        now = self._hours.now()
        self._stands_behind(letter)
        self._refuse(letter, now)
        seconds = self._dice.uniform(*USUAL)
        dice, troubles = self._dice.random(), self._plan.troubles
        loses = dice < troubles.loses
        if not loses and dice < troubles.loses + troubles.fails:
            await asyncio.sleep(REFUSED)
            self._hinder(letter, "failed")
            raise ConnectionResetError("reset by peer")
        if self._dice.random() < troubles.slow:
            self._hinder(letter, "slow")
            seconds = self._dice.uniform(*SLOW)
        await asyncio.sleep(seconds / 2)
        if self._plan.parts.carries:
            self._arrive(letter, now)
        # A process that is killed from here on never hears that it is there.
        self._story.unheard[letter.key] += 1
        await asyncio.sleep(seconds / 2)
        if loses:
            self._hinder(letter, "answer_lost")
            raise TimeoutError("no answer")
        self._story.unheard[letter.key] -= 1

    def _refuse(self, letter: Letter, now: datetime) -> None:
        """What is known before anything was sent. Raises Later and Hopeless."""
        if any(begin <= now < end for begin, end in self._away):
            self._hinder(letter, "away")
            raise Later(AWAY, "away")
        someone = self._cast.at(self.name, self._to(letter))
        if someone and self.name in someone.lost and not someone.reads(now):
            lost = BOUNCED if self.name == MAIL else GONE
            self._hinder(letter, lost)
            self._story.returned.add(letter.key)
            raise Hopeless("nobody there", lost)
        if self.name == SLACK and self._dice.random() < self._plan.troubles.waits:
            self._hinder(letter, "told_to_wait")
            raise Later(self._dice.uniform(*ASKED), "429")

    def _stands_behind(self, letter: Letter) -> None:
        """What waited at a place while another letter of it was held up was held up by the same."""
        since = self._held.get(self._to(letter))
        if since and letter.put_at and letter.put_at <= since:
            self._story.hindered.setdefault(letter.key, "behind")

    def _hinder(self, letter: Letter, what: str) -> None:
        self._held[self._to(letter)] = self._hours.now()
        self._story.hindered.setdefault(letter.key, what)
        self._story.counted[what] += 1

    def _to(self, letter: Letter) -> str:
        return next(
            (letter.address[name] for name in ("mail", "channel", "conversation") if name in letter.address),
            "",
        )

    def _arrive(self, letter: Letter, begun: datetime) -> None:
        again = letter.key in self._shown
        if not again:
            self._story.begun[letter.key] = begun
        self._shown.add(letter.key)
        whole = (self._hours.now(), letter.key, self.name, self._to(letter))
        arrival = Arrival(*whole, _subject(letter.body.parts), tuple(_buttons(letter.body.parts)), again)
        self._story.arrivals.append(arrival)
        for hearer in self.hears if not again else ():
            hearer(arrival)


def _subject(parts: Sequence[Part]) -> str:
    return next((part.text for part in parts if isinstance(part, Heading)), "")


def _buttons(parts: Sequence[Part]) -> Iterator[str]:
    return (part.options[0].token for part in parts if isinstance(part, Choices) and part.options)


@dataclass(frozen=True, slots=True)
class LineSender:
    """How one process sends on a channel. Mail cannot be looked for: what came twice has the same Message-ID."""

    line: Line
    story: Story
    looks: bool

    @property
    def pace(self) -> timedelta:
        """The least time between two letters to one place."""
        return self.line.pace

    async def send(self, letter: Letter) -> str:
        """Sends a letter unless it is there already. Raises what the channel raises."""
        if letter.attempts > 1 and self.looks and self.line.name != MAIL and self.line.shows(letter.key):
            self.story.counted["found_there"] += 1
            return "there"
        await self.line.take(letter)
        return f"{self.line.name}:{letter.id}"
