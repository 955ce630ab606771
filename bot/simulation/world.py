"""What everybody who acts in the simulation has at hand: the clock, the dice, the books of the office, who there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.clock import TOKYO
from bot.simulation.cast import Cast
from bot.simulation.hurry import Hours
from bot.simulation.plan import Plan
from bot.simulation.story import Story
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import Setting
from intents.desk.office_hours import add_working_days
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.database import Database

STAFF = "staff:sim"


@dataclass(slots=True)
class World:
    """`look` has the clock look at that moment, and `told` when whoever was told then has said nothing for long; `setting` is how the office truly works, whatever is tried."""

    plan: Plan
    hours: Hours
    dice: Random
    setting: Setting
    pen: Pen
    database: Database
    cast: Cast
    story: Story
    look: Callable[[datetime], None]
    told: Callable[[datetime], None]

    @contextmanager
    def opened(self, who: str = STAFF) -> Iterator[StoredBooks]:
        """The books for somebody, committed as a whole."""
        with books(self.database, self.hours.now(), who) as opened:
            yield opened

    def soon(self) -> None:
        """The clock looks at its next turn: something has changed what is due."""
        self.look(self.hours.now())

    def later(self, act: Callable[[], object], low: timedelta, high: timedelta) -> None:
        """Does something after a while that the dice choose."""
        self.hours.at(self.hours.now() + low + (high - low) * self.dice.random(), act)

    def on(self, day: date, hour: int, act: Callable[[], object], minute: int = 0) -> None:
        """Does something on a day, or on the next working day, at that time in Tokyo; not after the end."""
        working = add_working_days(self.setting.hours, day, 0)
        if self.plan.first <= working <= self.plan.last:
            self.hours.at(tokyo(working, hour, minute), act)

    def chance(self, share: float) -> bool:
        """Whether the dice say yes, which they do in that share of all cases."""
        return self.dice.random() < share

    def say(self, name: str, **places: object) -> str:
        """A text of the simulation in the language of the office."""
        return self.pen.wording.say(f"simulate.{name}", Lang.JA, **places)


def tokyo(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment in Tokyo."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)
