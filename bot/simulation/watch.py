"""The clock of two processes: both would look every half minute; the looks that would find nothing are left out.

A look is wished for where something may be due: when the office opens and in the afternoon, in the first minute in
which somebody may be written to, at dates that staff entered, after whatever changes what is due, and now and then five
minutes after there was something to do. A process looks when its own half minute comes round, as it would.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from bot.clock import TOKYO
from bot.simulation.cast import Cast
from bot.simulation.hurry import Hours
from bot.simulation.plan import DAY, Plan
from bot.simulation.process import Process
from bot.simulation.story import Stop, Story
from bot.simulation.world import tokyo
from intents.desk.nudges.setting import Setting
from intents.desk.office_hours import add_working_days, is_working_day

MINUTE = timedelta(minutes=1)
# Minutes within which silences that end are looked at together; each still within the five that are promised.
GROUP = 4
OFFICE_LOOKS = (15,)
# After what time, and behind what share of the looks that did something, it is looked whether anything was left.
AGAIN, AGAIN_SHARE = timedelta(minutes=5), 0.2
# Of the looks at which there may be much to do, these shares are raced by the other process, or end with a kill.
RACED, BOTH, DIES = 0.15, 0.05, 0.02
# How long a killed process is away, and how long all stand still.
AWAY_SECONDS, STANDSTILL = (2.0, 90.0), timedelta(hours=36)
# A standstill begins on the afternoon of a working day.
STOPS_AT = 15


def _grouped(moment: datetime) -> datetime:
    """Soon afterwards; those of the same few minutes are looked at together."""
    minutes = GROUP - moment.minute % GROUP
    return moment.replace(second=0, microsecond=0) + MINUTE * minutes


class Watch:
    """Says who looks when, kills processes and begins them again."""

    def __init__(
        self,
        plan: Plan,
        hours: Hours,
        cast: Cast,
        story: Story,
        setting: Setting,
        processes: Sequence[Process],
    ) -> None:
        self._plan, self._hours, self._cast, self._story = plan, hours, cast, story
        self._setting, self._processes = setting, processes
        self._dice = Random(f"{plan.seed}:watch")
        self._wished: set[datetime] = set()
        self._stopped = False

    # ------------------------------------------------ when

    def begin(self) -> None:
        """Begins everything; to be called in the running loop."""
        for process in self._processes:
            process.start()
        self._plan_stops()
        day = self._plan.first
        while day <= self._plan.last:
            self._hours.at(tokyo(day, 0), partial(self._day, day))
            day += DAY

    def look(self, moment: datetime) -> None:
        """Somebody looks at that moment or within the half minute behind it."""
        if moment not in self._wished:
            self._wished.add(moment)
            self._hours.at(moment, partial(self._turn, moment))

    def _day(self, day: date) -> None:
        opens = self._setting.terms.hour
        if not is_working_day(self._setting.hours, day):
            # Nothing should leave, which has to be seen.
            self.look(tokyo(day, opens.hour))
            return
        for zone in self._cast.zones():
            self.look(datetime.combine(day, opens, ZoneInfo(zone)))
        for hour in (self._setting.hours.opens.hour, *OFFICE_LOOKS):
            self.look(tokyo(day, hour))

    # ------------------------------------------------ who

    def _turn(self, moment: datetime) -> None:
        self._wished.discard(moment)
        alive = [process for process in self._processes if process.alive]
        if self._stopped or not alive:
            return
        first = self._dice.choice(alive)
        others = [process for process in alive if process is not first]
        dice = self._dice.random()
        rival = others[0] if others and dice < RACED else None
        now = self._hours.now()
        self._hours.at(first.next_tick(now), partial(self._look, first, rival))
        if others and not rival and dice < RACED + BOTH:
            self._hours.at(others[0].next_tick(now), partial(self._look, others[0], None))

    def _look(self, process: Process, rival: Process | None) -> None:
        if not process.alive:
            self.look(self._hours.now())
            return
        dies = bool(self._plan.troubles.kill_days) and self._dice.random() < DIES
        done = process.round(rival, dies=dies)
        self._hours.busy = timedelta()
        self._story.counted["looks"] += 1
        self._story.counted["raced"] += rival is not None
        if not process.alive:
            self._revive(process)
        if done and self._dice.random() < AGAIN_SHARE:
            self.look(self._hours.now() + AGAIN)

    def told(self, moment: datetime) -> None:
        """Somebody was told something: silences are looked at when they have lasted long enough."""
        terms, here = self._setting.terms, _grouped(moment.astimezone(TOKYO))
        for days in {terms.second_after_days, terms.staff_after_days, terms.unseen_after_days}:
            day = add_working_days(self._setting.hours, here.date(), days)
            self.look(datetime.combine(day, here.timetz()))

    # ------------------------------------------------ life and death

    def _plan_stops(self) -> None:
        days = (self._plan.last - self._plan.first).days
        every = self._plan.troubles.kill_days
        for _ in range(round(days / every) if every else 0):
            moment = self._moment(self._dice.randint(0, days))
            self._hours.at(moment, partial(self._kill, self._dice.choice(self._processes)))
        for number in range(self._plan.troubles.standstills):
            part = (number + self._dice.uniform(0.3, 0.7)) / self._plan.troubles.standstills
            self._hours.at(tokyo(self._working(self._plan.share(part)), STOPS_AT), self._stand_still)

    def _moment(self, days: int) -> datetime:
        """Seconds after letters begin to leave, when there is most to break off."""
        seconds = timedelta(seconds=self._dice.uniform(0, 60))
        return tokyo(self._working(self._plan.first + DAY * days), self._setting.terms.hour.hour) + seconds

    def _working(self, day: date) -> date:
        while not is_working_day(self._setting.hours, day):
            day -= DAY
        return day

    def _kill(self, process: Process) -> None:
        if process.alive:
            process.kill()
            self._revive(process)

    def _revive(self, process: Process) -> None:
        self._story.counted["kills"] += 1
        after = timedelta(seconds=self._dice.uniform(*AWAY_SECONDS))
        self._hours.at(self._hours.now() + after, partial(self._start, process))

    def _start(self, process: Process) -> None:
        if not self._stopped and not process.alive:
            process.start()
            self.look(self._hours.now())

    def _stand_still(self) -> None:
        now = self._hours.now()
        self._stopped = True
        self._story.stops.append(Stop(now, now + STANDSTILL))
        for process in self._processes:
            if process.alive:
                process.kill()
        self._hours.at(now + STANDSTILL, self._go_on)

    def _go_on(self) -> None:
        self._stopped = False
        for process in self._processes:
            self._start(process)

    def end(self) -> None:
        """Everything stops."""
        self._stopped = True
        for process in self._processes:
            if process.alive:
                process.kill()
