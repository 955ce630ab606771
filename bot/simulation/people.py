"""What people do with letters about their projects: some read and answer soon, some late, some never."""

from datetime import timedelta
from functools import partial

from bot.simulation.cast import Habit, Someone
from bot.simulation.plan import DAY
from bot.simulation.replies import SAID, Replies
from bot.simulation.story import Arrival
from bot.simulation.world import World
from intents.desk.contact_budget import EXEMPT, NUDGE
from intents.desk.nudges.records import Answer, ObligationState
from storage.books import StoredBooks
from storage.further_ways import base_of

HOUR = timedelta(hours=1)
# How likely each kind of person reads a letter, answers it, and within which time.
READS = {Habit.PROMPT: 0.95, Habit.SLOW: 0.6, Habit.SILENT: 0.1}
ANSWERS = {Habit.PROMPT: 0.8, Habit.SLOW: 0.45, Habit.SILENT: 0.1}
WITHIN = {
    Habit.PROMPT: (0.2 * HOUR, 30 * HOUR),
    Habit.SLOW: (20 * HOUR, 6 * DAY),
    Habit.SILENT: (DAY, 9 * DAY),
}
WEIGHTS = (42, 30, 15, 3, 3, 4)
# What is said about one thing and changes nothing of the others.
ALONE = (Answer.WORKING, Answer.MOVED, Answer.CONSULT)
# Whoever answers one thing answers the others of the letter as well; so many at most.
MOST = 4


class People:
    """Hears what arrives and has the people answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def hear(self, arrival: Arrival) -> None:
        """A letter has arrived somewhere."""
        someone = self._world.cast.at(arrival.channel, arrival.to)
        if someone is None or arrival.key.partition(":")[0] not in (NUDGE, EXEMPT):
            return
        self._world.told(arrival.at)
        if self._world.chance(READS[someone.habit]):
            reads = partial(self._reads, someone, base_of(arrival.key, arrival.channel))
            self._world.later(reads, *WITHIN[someone.habit])

    def _reads(self, someone: Someone, letter: str) -> None:
        if not someone.reads(self._world.hours.now()):
            return
        with self._world.opened(f"contact:{someone.contact}") as opened:
            opened.nudges.seen(someone.contact)
            if self._world.chance(ANSWERS[someone.habit]):
                self._answers(opened, someone, letter)

    def _answers(self, opened: StoredBooks, someone: Someone, letter: str) -> None:
        told = opened.obligations.told_by(letter)[:MOST]
        answer = self._world.dice.choices(SAID, WEIGHTS)[0]
        replies = Replies(self._world, opened, someone)
        for place, read in enumerate(told):
            # What was answered first may have closed the others as well.
            one = opened.obligations.find(read.id) if place and answer not in ALONE else read
            if one and one.state is ObligationState.OPEN:
                replies.give(one, answer)
