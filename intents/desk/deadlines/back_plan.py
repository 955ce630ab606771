"""From a committee round back to today: by when each step on the way is best done, and whether there is time for it.

The steps are dates of the engine: those that are counted back from the cut-off, and the cut-off itself. The days
before it are the office's own planning values, and no rules of the scheme. Days are Tokyo's.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from intents.desk.deadlines.calendar_math import working_days
from intents.desk.deadlines.engine import deadlines
from intents.desk.deadlines.explain import version_of
from intents.desk.deadlines.records import Almanac, Deadline
from intents.desk.projects.records import Project, ProjectState, Round
from intents.desk.refused import Refused

# The formulas whose dates are steps on the way to a round.
BEFORE, BOOKING, CUTOFF = "before_cutoff", "verification_booking", "round_cutoff"
STAGES = frozenset({BEFORE, BOOKING, CUTOFF})


class StageState(StrEnum):
    """Whether a step is done, its day has passed without that being known, or it is still ahead."""

    DONE = "done"
    PAST = "past"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: its date, and the working days left until then, negative when it is past."""

    dated: Deadline
    day: date
    left: int
    state: StageState


@dataclass(frozen=True, slots=True)
class BackPlan:
    """The way to the cut-off of a round, its steps in order; `aimed` when the project aims at that round.

    `over`: the cut-off has passed, and nothing is known to have been applied for. `instead` is the first round that
    can be reached with time for every step; None when this one can, or none can.
    """

    round: Round
    cutoff: date
    aimed: bool
    over: bool
    stages: tuple[Stage, ...]
    instead: int | None = None

    @property
    def reachable(self) -> bool:
        """Whether no step that is not known to be done has its day behind it."""
        return not self.over and all(one.state is not StageState.PAST for one in self.stages)

    @property
    def ahead(self) -> bool:
        """Whether anything is still to be done."""
        return any(one.state is StageState.AHEAD for one in self.stages)


def back_plan(
    project: Project, almanac: Almanac, round_: int | None, on: date, done: Collection[str] = ()
) -> BackPlan:
    """The plan of a project for a round, by default the one it aims at, else the first that there is time for.

    `done` are rules whose step for the round that it aims at somebody said to be done. Refused: not_active,
    no_such_round, no_cutoff, no_rounds_ahead. Raises CalendarFault as the engine does.
    """
    if project.state is not ProjectState.ACTIVE:
        raise Refused("not_active")
    wanted = round_ if round_ is not None else project.target_round
    if wanted is None:
        wanted = first_reachable(project, almanac, on)
    if wanted is None:
        raise Refused("no_rounds_ahead")
    found = almanac.round(wanted)
    if found is None:
        known = ", ".join(str(one.number) for one in almanac.rounds if one.cutoff) or "-"
        raise Refused("no_such_round", value=wanted, known=known)
    if found.cutoff is None:
        raise Refused("no_cutoff", value=wanted)
    plan = _plan(project, almanac, found, found.cutoff, on, done)
    return plan if plan.reachable else replace(plan, instead=first_reachable(project, almanac, on))


def first_reachable(project: Project, almanac: Almanac, on: date) -> int | None:
    """The first round whose steps all have their day still ahead; None when there is none."""
    for number, cutoff in rounds_ahead(almanac, on):
        found = almanac.round(number)
        if found and _plan(project, almanac, found, cutoff, on, ()).reachable:
            return number
    return None


def rounds_ahead(almanac: Almanac, on: date) -> Iterator[tuple[int, date]]:
    """The rounds whose cut-off is not past, the soonest first."""
    dated = [(one.cutoff, one.number) for one in almanac.rounds if one.cutoff and one.cutoff >= on]
    return ((number, cutoff) for cutoff, number in sorted(dated))


def _plan(
    project: Project, almanac: Almanac, round_: Round, cutoff: date, on: date, done: Collection[str]
) -> BackPlan:
    aimed = project.target_round == round_.number
    aiming = project if aimed else replace(project, target_round=round_.number)
    found = [one for one in deadlines(aiming, almanac, on) if version_of(one).formula in STAGES]
    stages = _stages(sorted(found, key=_place), almanac, on, done if aimed else ())
    met = any(one.state is StageState.DONE for one in stages if version_of(one.dated).formula == CUTOFF)
    return BackPlan(round_, cutoff, aimed, cutoff < on and not met, stages)


def _place(one: Deadline) -> tuple[date, bool, str]:
    # What is due on the day of the cut-off comes before it.
    return one.due_on or date.max, version_of(one).formula == CUTOFF, one.rule.id


def _stages(
    found: Sequence[Deadline], almanac: Almanac, on: date, done: Collection[str]
) -> tuple[Stage, ...]:
    days = working_days(almanac.hours)
    finished = [place for place, one in enumerate(found) if _is_done(one, done)]
    # Whoever has a draft has closed the data; an order may be placed before either.
    until = max((place for place in finished if version_of(found[place]).formula == BEFORE), default=-1)
    return tuple(
        Stage(
            one,
            one.due_on,
            days.between(on, one.due_on),
            StageState.DONE if place <= until or place in finished else _state(one.due_on, on),
        )
        for place, one in enumerate(found)
        if one.due_on
    )


def _is_done(one: Deadline, done: Collection[str]) -> bool:
    return bool(one.stopped) or one.rule.id in done


def _state(day: date, on: date) -> StageState:
    return StageState.PAST if day < on else StageState.AHEAD
