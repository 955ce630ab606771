"""What is simulated: from which day to which, how many projects, what goes wrong how often, and which parts are tried."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.clock import TOKYO
from intents.desk import clock_work
from intents.desk.clock_units import Area
from intents.desk.clock_work import ClockBooks
from intents.desk.nudges.setting import Setting

DAY = timedelta(days=1)
Areas = Sequence[Area[ClockBooks]]


@dataclass(frozen=True, slots=True)
class Troubles:
    """What goes wrong outside: shares of all sends, and every how many days something happens once on average.

    A channel is away for some hours; a process is killed and begun again; the scheduler stands still for a day and a
    half, as often as `standstills` says.
    """

    fails: float = 0.01
    slow: float = 0.01
    loses: float = 0.01
    waits: float = 0.02
    outage_days: int = 45
    kill_days: int = 6
    standstills: int = 1


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the product that are tried; a test puts one in whose guard is off, to see it found.

    `looks`: senders look before they send again. `heeds`: what people answer reaches the books. `carries`: what a
    channel takes arrives.
    """

    areas: Callable[[Setting], Areas] = clock_work.areas
    looks: bool = True
    heeds: bool = True
    carries: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """A simulation. Days are Tokyo's, both included; the same seed gives the same year."""

    first: date
    last: date
    seed: int
    projects: int = 1000
    troubles: Troubles = field(default_factory=Troubles)
    parts: Parts = field(default_factory=Parts)

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), TOKYO)

    @property
    def ends(self) -> datetime:
        """The moment after the last day."""
        return datetime.combine(self.last + DAY, time(), TOKYO)

    def share(self, part: float) -> date:
        """The day on which that part of the time is over."""
        return self.first + (self.last - self.first) * part

    def scaled(self, of_thousand: int, least: int = 1) -> int:
        """A number that belongs to a thousand projects, for as many as there are."""
        return max(least, of_thousand * self.projects // 1000)
