"""The dates that the office enters in a year: committee rounds, one of which moves, and support whose money runs out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from bot.clock import tokyo_day
from bot.simulation.holdings import ROUND
from bot.simulation.plan import DAY
from bot.simulation.register import enter_more
from bot.simulation.world import World, tokyo
from intents.desk.office_hours import add_working_days
from intents.desk.projects import rounds
from intents.desk.projects.records import Round, Window, WindowKind

# Rounds come about every 69 days (deadlines.md §6); the first of them after so many days, and so many are known early.
FIRST_CUTOFF, APART, MEETS_AFTER, KNOWN = 40, 69, 25, 3
# A round is entered so many days before its cut-off; the one that moves does so by so many days, at that part of the time.
ENTERED_BEFORE, MOVES_BY, MOVES_AT = 150, 14, 0.45
# When support opens and closes, and shares of its money and of the time at which they are gone.
OPENS_AT, CLOSES_AT = 0.05, 0.5
USED = ((0.1, 12), (0.2, 34), (0.28, 52), (0.36, 71), (0.45, 93))
APRIL = 4


class DatesDesk:
    """Enters dates."""

    def __init__(self, world: World) -> None:
        self._world = world

    def begin(self) -> None:
        """Enters what is known on the first day and plans what is entered later."""
        world, first = self._world, self._world.plan.first
        days = (world.plan.last - first).days
        cutoffs = [first + DAY * n for n in range(FIRST_CUTOFF, days + 2 * APART, APART)]
        moves = world.plan.share(MOVES_AT)
        for number, cutoff in enumerate(cutoffs, ROUND):
            day = add_working_days(world.setting.hours, cutoff, 0)
            entered = Round(number, day + DAY * MEETS_AFTER, day)
            since = first if number < ROUND + KNOWN else max(first, day - DAY * ENTERED_BEFORE)
            world.on(since, 9, partial(self._enter, entered), minute=5)
        self._moves(cutoffs, moves)
        self._support()
        self._agriculture()
        for number, part in enumerate((0.15, 0.4, 0.65), 1):
            more = partial(enter_more, world, world.plan.scaled(15), f"N{number}")
            world.on(world.plan.share(part), 11, more, minute=20)

    def _enter(self, round_: Round) -> None:
        with self._world.opened() as opened:
            rounds.put_round(opened, round_)
        self._world.soon()

    def _moves(self, cutoffs: Sequence[date], day: date) -> None:
        """The first round whose cut-off is more than two months ahead on that day is put off."""
        ahead = [n for n, cutoff in enumerate(cutoffs) if cutoff > day + DAY * 60]
        if ahead:
            self._world.on(day, 11, partial(self._move, ROUND + ahead[0]))

    def _move(self, number: int) -> None:
        with self._world.opened() as opened:
            found = next((one for one in opened.calendars.rounds() if one.number == number), None)
            if found and found.cutoff and found.held_on:
                later = add_working_days(self._world.setting.hours, found.cutoff + DAY * MOVES_BY, 0)
                rounds.put_round(opened, replace(found, cutoff=later, held_on=later + DAY * MEETS_AFTER))
                self._world.story.counted["rounds_moved"] += 1
        self._world.soon()

    # ------------------------------------------------ windows

    def _support(self) -> None:
        plan = self._world.plan
        self._window(WindowKind.SUPPORT, plan.share(OPENS_AT), plan.share(CLOSES_AT), USED)

    def _agriculture(self) -> None:
        year = self._world.plan.last.year
        opens, closes = date(year, 2, 9), date(year, 3, 3)
        if self._world.plan.first <= opens <= self._world.plan.last:
            self._window(WindowKind.AGRICULTURE, opens, closes, ())

    def _window(self, kind: WindowKind, opens: date, closes: date, used: Sequence[tuple[float, int]]) -> None:
        world = self._world
        closes = add_working_days(world.setting.hours, closes, 0)
        year = opens.year if opens.month >= APRIL else opens.year - 1
        new = Window(
            id=0,
            kind=kind,
            name=world.say(kind.value),
            year=year,
            opens_on=opens,
            closes_at=tokyo(closes, 14),
            source=world.say("source"),
        )
        with world.opened() as opened:
            added = rounds.add_window(opened, new)
        world.look(tokyo(closes, 14))
        for part, share in used:
            world.on(world.plan.share(part), 13, partial(self._used, added.id, share), minute=30)

    def _used(self, window: int, share: int) -> None:
        with self._world.opened() as opened:
            rounds.use(opened, window, share, tokyo_day(opened.now))
        self._world.story.levels.append(self._world.hours.now())
        self._world.soon()
