"""The register as it stands on the first day: the projects, and the people who look after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.simulation.cast import SLACK, WEB, Habit
from bot.simulation.holdings import projects_of, put_belongings
from bot.simulation.world import World
from intents.desk.projects.records import (
    Contact,
    Project,
    Role,
)
from intents.messages import Incoming, Said
from knowledge.model import Lang
from storage import conversations
from storage.books import StoredBooks

# How many projects one person looks after, and how often.
LOADS, LOAD_WEIGHTS = ((1, 1), (2, 3), (4, 6), (8, 15)), (35, 38, 20, 7)
# How people are reached: mail alone, Slack with or without mail, the web chat, not at all; where they are; how they are.
REACHED, REACHED_WEIGHTS = ("mail", "slack", "slack_only", "web", "nowhere"), (64, 16, 6, 12, 2)
ZONES, ZONE_WEIGHTS = ("Asia/Tokyo", "America/New_York", "Europe/London"), (94, 3, 3)
HABITS, HABIT_WEIGHTS = tuple(Habit), (70, 22, 8)
ENGLISH = 0.05
WITH_SECOND = 0.6
NEWCOMERS = 5000
TEAM = "T100"


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody to be entered: how they are reached, and of which organisation they are."""

    number: int
    organisation: str
    reached: str

    @property
    def mail(self) -> str:
        """Their address, if they have one."""
        return f"p{self.number}@example.jp" if self.reached in ("mail", "slack") else ""

    @property
    def web(self) -> str:
        """Their conversation with the web chat, if they use it."""
        return f"web-{self.number}" if self.reached == WEB else ""


def enter(world: World) -> None:
    """Enters everything of the first day."""
    with world.opened() as opened:
        projects = opened.projects.add_all(list(projects_of(world, world.plan.projects)))
        for project in projects:
            put_belongings(opened, project, world)
    owned = _loads(world, projects)
    owners = [_person(world, number, some[0].organisation) for number, some in enumerate(owned, 1)]
    asked = [one for one in projects if world.chance(WITH_SECOND)]
    seconds = [_person(world, len(owners) + n, one.organisation) for n, one in enumerate(asked, 1)]
    talks = _conversations(world, [*owners, *seconds])
    with world.opened() as opened:
        contacts = _put(opened, world, [*owners, *seconds], talks)
        _give(
            opened,
            world,
            owned,
            contacts[: len(owners)],
            dict(zip(asked, contacts[len(owners) :], strict=True)),
        )


def enter_more(world: World, count: int, name: str) -> None:
    """Some projects that are registered later on under a common name, each with somebody new."""
    new = [
        replace(one, project_id=f"{name}-{number:03}", target_round=None)
        for number, one in enumerate(projects_of(world, count), 1)
    ]
    with world.opened() as opened:
        projects = opened.projects.add_all(new)
        for project in projects:
            owner = newcomer(opened, world, project.organisation)
            opened.contacts.give(project.id, owner.id, Role.OWNER)
    world.soon()


# ------------------------------------------------ people


def _loads(world: World, projects: Sequence[Project]) -> list[Sequence[Project]]:
    """Which projects one person looks after, for each person."""
    left = list(projects)
    owned: list[Sequence[Project]] = []
    while left:
        low, high = world.dice.choices(LOADS, LOAD_WEIGHTS)[0]
        count = world.dice.randint(low, high)
        owned.append(left[:count])
        del left[:count]
    return owned


def _give(
    opened: StoredBooks,
    world: World,
    owned: Sequence[Sequence[Project]],
    owners: Sequence[Contact],
    asked: Mapping[Project, Contact],
) -> None:
    """Owners, and second contacts, who are others' owners half of the time."""
    of = {one.id: owner.id for owner, some in zip(owners, owned, strict=True) for one in some}
    given = [(project, owner, Role.OWNER) for project, owner in of.items()]
    for project, fresh in asked.items():
        other = world.dice.choice(owners)
        second = other if world.chance(0.5) and other.id != of[project.id] else fresh
        given.append((project.id, second.id, Role.SECOND))
    opened.contacts.give_all(given)


def _person(world: World, number: int, organisation: str) -> _Person:
    return _Person(number, organisation, world.dice.choices(REACHED, REACHED_WEIGHTS)[0])


def _conversations(world: World, persons: Sequence[_Person]) -> Mapping[int, int]:
    """The conversations of those who use the web chat, by the person's number."""
    with world.database.begin() as connection:
        return {
            one.number: conversations.recall(connection, world.database, _hello(world, one), Lang.JA).id
            for one in persons
            if one.web
        }


def _hello(world: World, one: _Person) -> Incoming:
    where = {"conversation": one.web}
    return Incoming(WEB, f"hello:{one.number}", one.web, one.web, Said(""), where, world.hours.now(), Lang.JA)


def _put(
    opened: StoredBooks, world: World, persons: Sequence[_Person], talks: Mapping[int, int]
) -> list[Contact]:
    named = [(world.say("person", number=one.number), one.mail, one.organisation) for one in persons]
    both = zip(persons, opened.contacts.put_all(named), strict=True)
    return [_settle(opened, world, one, contact, talks.get(one.number, 0)) for one, contact in both]


def newcomer(opened: StoredBooks, world: World, organisation: str) -> Contact:
    """Somebody whom nobody knew, with a mail address."""
    one = _Person(NEWCOMERS + len(world.cast.people), organisation, "mail")
    contact = opened.contacts.put(world.say("person", number=one.number), one.mail, organisation)
    return _settle(opened, world, one, contact, 0)


def _settle(opened: StoredBooks, world: World, one: _Person, contact: Contact, talk: int) -> Contact:
    """Where somebody is and how they are reached, in the register and among the people."""
    settled = replace(
        contact,
        zone=world.dice.choices(ZONES, ZONE_WEIGHTS)[0],
        lang=(Lang.EN if world.chance(ENGLISH) else Lang.JA).value,
        slack=f"{TEAM}:U{one.number:05}" if one.reached.startswith(SLACK) else "",
        person=f"{WEB}:{one.web}" if one.web else "",
        conversation=talk,
    )
    if settled != contact:
        opened.contacts.save(settled)
    world.cast.add(settled, world.dice.choices(HABITS, HABIT_WEIGHTS)[0], one.web)
    return settled
