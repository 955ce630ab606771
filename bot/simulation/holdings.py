"""Projects of every kind and age, with what belongs to them.

The shares are the simulation's own: they make every rule of the register come up, and stand for no statistics.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.simulation.plan import DAY
from bot.simulation.world import World
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectState,
    Scheme,
)
from storage.books import StoredBooks

METHODS = (
    "EN-S-001",
    "EN-S-022",
    "EN-S-039",
    "EN-R-002",
    "EN-R-009",
    "AG-004",
    "AG-005",
    "FO-001",
    "IN-001",
    "WA-001",
)
WEIGHTS = (18, 14, 8, 16, 8, 4, 6, 8, 6, 4)
FOREST = "FO-"
# Shares of the projects: what is not registered, a programme, on its way to a round, asleep, and so on.
DRAFT, PROGRAMME, TARGET, ASLEEP, CERTIFIED, PLANNED, DOUBTFUL = 0.1, 0.12, 0.2, 0.04, 0.55, 0.4, 0.01
WITH_PERIODS, WITH_INSTRUMENTS, WITH_ITEMS = 0.3, 0.2, 0.06
# Days since registration, at most; and between registration and the first application.
OLDEST, FIRST_APPLICATION = 2900, (250, 1100)
ROUND = 61


def projects_of(world: World, count: int) -> Iterator[NewProject]:
    """So many projects, as they stand on the first day."""
    for number in range(1, count + 1):
        code = world.dice.choices(METHODS, WEIGHTS)[0]
        yield NewProject(
            project_id=f"P-{number:04}",
            title=world.say("project", number=number),
            organisation=world.say("company", number=number // 2 + 1),
            prefecture=world.say("prefecture"),
            methodology=code,
            is_forest=code.startswith(FOREST),
            scheme=Scheme.PROGRAMME if world.chance(PROGRAMME) else Scheme.NORMAL,
            state=ProjectState.PAUSED if world.chance(ASLEEP) else ProjectState.ACTIVE,
            expected_t=Decimal(world.dice.randint(30, 9000)) if world.chance(0.7) else None,
            unverified=frozenset({"registration_date"}) if world.chance(DOUBTFUL) else frozenset(),
            **_dates(world, world.plan.first),
        )


def _dates(world: World, first: date) -> dict[str, Any]:
    dice = world.dice
    if world.chance(DRAFT):
        return {"implementation_date": first - timedelta(days=dice.randrange(50, 730))}
    registered = first - timedelta(days=dice.randrange(OLDEST))
    planned = world.chance(PLANNED)
    return {
        "implementation_date": registered - timedelta(days=dice.randrange(100, 600)),
        "registration_application_date": registered - timedelta(days=dice.randrange(40, 120)),
        "registration_date": registered,
        "monitoring_ready_date": registered if world.chance(0.5) else None,
        "cp_start": registered if world.chance(0.8) else None,
        "cp_end": registered + timedelta(days=2921) if planned else None,
        "target_round": ROUND + dice.randrange(5) if world.chance(TARGET) else None,
        "plan_changed_on": first - DAY * dice.randrange(400) if world.chance(0.03) else None,
    }


def put_belongings(opened: StoredBooks, project: Project, world: World) -> None:
    """Earlier applications, periods, instruments and what is measured each month."""
    dice, first, registered = world.dice, world.plan.first, project.registration_date
    if registered is None:
        return
    applied = registered + DAY * dice.randint(*FIRST_APPLICATION)
    if applied < first and world.chance(CERTIFIED):
        opened.projects.put_certifications(
            project.id, [Certification(applied, 40, Decimal(dice.randint(20, 900)))]
        )
    if world.chance(WITH_PERIODS):
        opened.projects.put_periods(project.id, [Period(registered, registered + DAY * 364)])
    if world.chance(WITH_INSTRUMENTS):
        until = first + DAY * dice.randrange(-30, 500)
        opened.projects.put_instruments(project.id, [Instrument(world.say("instrument"), until)])
    if world.chance(WITH_ITEMS):
        since = f"{first - DAY * 90:%Y-%m}"
        unit, name = world.say("unit"), world.say("item")
        opened.projects.put_items(project.id, [MonitoringItem(name, ItemKind.FIGURE, unit, since)])
