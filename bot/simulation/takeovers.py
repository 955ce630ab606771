"""Who takes over: second contacts who are asked, people who change their desks in April and October, and staff who telephone."""

from datetime import date
from functools import partial

from bot.simulation.cast import MAIL, SLACK, Habit, Someone
from bot.simulation.people import HOUR, WITHIN
from bot.simulation.plan import DAY
from bot.simulation.register import newcomer
from bot.simulation.replies import hand_over
from bot.simulation.story import Arrival
from bot.simulation.world import World
from intents.desk.nudges import succession
from intents.desk.nudges.project_case import bring_in_staff
from intents.desk.nudges.records import Succession, SuccessionState
from intents.desk.projects.records import Contact, ProjectHead, Role
from storage.books import StoredBooks

# The months on whose first days people change their desks, how many do, and how many of those are noticed by a channel.
MONTHS, CHANGES, NOTICED = (4, 10), 0.1, 0.6
# What a second contact says: they have taken over, somebody else has, nobody changed; else nothing.
TOOK_OVER, SOMEBODY_ELSE, STAYS = 0.3, 0.2, 0.25
NOT_MINE = 0.04


class Takeovers:
    """Hears who is asked, and has them answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def begin(self) -> None:
        """People leave their desks on the days on which they do."""
        plan = self._world.plan
        for year in range(plan.first.year, plan.last.year + 1):
            for month in MONTHS:
                if plan.first <= (day := date(year, month, 1)) <= plan.last:
                    self._world.on(day, 9, self._change)

    def _change(self) -> None:
        now = self._world.hours.now()
        for someone in [*self._world.cast.people.values()]:
            if someone.reads(now) and self._world.chance(CHANGES):
                someone.left_at = now + DAY * self._world.dice.uniform(0, 5)
                someone.lost = frozenset({MAIL, SLACK}) if self._world.chance(NOTICED) else frozenset()
                self._world.story.counted["left"] += 1

    def hear(self, arrival: Arrival) -> None:
        """A letter has arrived somewhere."""
        someone = self._world.cast.at(arrival.channel, arrival.to)
        kind, _, rest = arrival.key.partition(":")
        if someone is None or someone.habit is Habit.SILENT:
            return
        number = int(rest.partition(":")[0]) if kind in ("succession", "taken-over") else 0
        if kind == "succession":
            self._world.later(partial(self._asked, someone, number), *WITHIN[someone.habit])
        elif kind == "taken-over" and self._world.chance(NOT_MINE):
            self._world.later(partial(self._declines, someone, number), HOUR, DAY)

    # ------------------------------------------------ second contacts

    def _asked(self, someone: Someone, number: int) -> None:
        dice = self._world.dice.random()
        if not someone.reads(self._world.hours.now()) or dice > TOOK_OVER + SOMEBODY_ELSE + STAYS:
            return
        with self._world.opened(f"contact:{someone.contact}") as opened:
            opened.nudges.seen(someone.contact)
            one, contact = opened.successions.find(number), opened.contacts.by_id(someone.contact)
            if one is None or contact is None or one.state is not SuccessionState.OPEN:
                return
            project = next(iter(opened.projects.heads([one.project])))
            if dice < TOOK_OVER and contact.id != one.contact:
                settle(self._world, opened, project, one, contact)
            elif dice < TOOK_OVER + SOMEBODY_ELSE:
                settle(self._world, opened, project, one, None)
            else:
                stays(self._world, opened, project)

    def _declines(self, someone: Someone, project_id: int) -> None:
        with self._world.opened(f"contact:{someone.contact}") as opened:
            contact = opened.contacts.by_id(someone.contact)
            project = next(iter(opened.projects.heads([project_id])), None)
            mine = contact and owner_of(opened, project_id) == contact.id
            if contact and project and mine:
                bring_in_staff(opened, self._world.setting.practice, project, self._world.say("not_mine"))
                succession.decline(opened, project, contact)
                self._world.story.counted["declined"] += 1
        self._world.soon()


def owner_of(opened: StoredBooks, project: int) -> int:
    """Who looks after a project; 0 for nobody."""
    duties = opened.contacts.duties([project])
    return next((duty.contact for duty in duties if duty.role is Role.OWNER), 0)


def settle(
    world: World, opened: StoredBooks, project: ProjectHead, one: Succession, heir: Contact | None
) -> int:
    """Somebody takes over, somebody new where none is given; unless whoever was asked about has handed over already.

    Gives who looks after the project then; 0 for nobody.
    """
    leaving, owner = opened.contacts.by_id(one.contact), owner_of(opened, project.id)
    if leaving is None or owner != leaving.id:
        return owner
    to = heir or newcomer(opened, world, project.organisation)
    hand_over(world, opened, project, leaving, to)
    return to.id


def stays(world: World, opened: StoredBooks, project: ProjectHead) -> None:
    """Nobody changed, and whoever was thought to be gone reads again."""
    succession.stays(opened, project, opened.actor)
    world.story.counted["stays"] += 1
