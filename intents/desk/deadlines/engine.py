"""All dates of a project, or of the office, on a day: each rule's formula, with the rule's steps laid around it."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from operator import attrgetter

from intents.desk.deadlines.calendar_math import WorkingDays
from intents.desk.deadlines.case import case_of
from intents.desk.deadlines.found import Found
from intents.desk.deadlines.frame import Frame, InForce, frame
from intents.desk.deadlines.records import Almanac, Deadline, Step
from intents.desk.deadlines.registry import OF_OFFICE, OF_PROJECTS
from intents.desk.projects.records import Project, ProjectState, Scheme
from knowledge.reminder_formulas import DUE, FORMULAS
from knowledge.reminder_model import RuleSubject, RuleVersion

OFFICE = "office"
UNKNOWN_DAY = "unknown"
HORIZON = "horizon"
NEEDED = frozenset(shape.needs for shape in FORMULAS.values() if shape.needs)
# The formulas that need nothing need just that.
NOTHING = frozenset({""})
_BY_DAY = attrgetter("planned", "on")


def deadlines(
    project: Project, almanac: Almanac, on: date, *, off: bool = False, of: Collection[str] | None = None
) -> tuple[Deadline, ...]:
    """Every date of a project as things stand on a day, by due date; those that cannot be counted come last.

    A project that is paused, has ended or was withdrawn has none. `off` adds those of rules that are switched off, `of`
    counts those of some rules alone. Raises CalendarFault when the office's holidays are not known for that day.
    """
    counted = frame(almanac, on)
    if project.state is not ProjectState.ACTIVE:
        return ()
    case, subject = case_of(project, counted), f"project:{project.id}"
    rules = _rules_for(counted, project.is_forest, project.scheme, project.methodology, _has(project))
    found = [
        _dated(subject, rule, one, counted)
        for rule in rules
        if (rule.is_on or off) and (of is None or rule.rule.id in of)
        for one in OF_PROJECTS[rule.version.formula](case, rule)
    ]
    return _ordered(found)


def office_deadlines(almanac: Almanac, on: date, *, off: bool = False) -> tuple[Deadline, ...]:
    """The dates that concern everybody, as things stand on a day; raises CalendarFault as `deadlines` does."""
    counted = frame(almanac, on)
    found = [
        _dated(OFFICE, rule, one, counted)
        for rule in counted.in_force[RuleSubject.OFFICE]
        if rule.is_on or off
        for one in OF_OFFICE[rule.version.formula](counted, rule)
    ]
    return _ordered(found)


def _has(project: Project) -> frozenset[str]:
    """What a project has of all that formulas may need; for most projects nothing."""
    if project.target_round is None and not project.items:
        return NOTHING
    return NOTHING | {name for name in NEEDED if getattr(project, name)}


@lru_cache(maxsize=1024)
def _rules_for(
    counted: Frame, forest: bool, scheme: Scheme, methodology: str, has: frozenset[str]
) -> tuple[InForce, ...]:
    """The rules for projects of a kind; there are few kinds."""
    rules = counted.in_force[RuleSubject.PROJECT]
    fit = (rule for rule in rules if FORMULAS[rule.version.formula].needs in has)
    return tuple(rule for rule in fit if _concerns(rule.rule.applies, forest, scheme, methodology))


def _concerns(applies: frozenset[str], forest: bool, scheme: Scheme, methodology: str) -> bool:
    """Whether everything that a rule names fits; of methodology codes any one does."""
    unlike = {"not_forest" if forest else "forest"} | ({"programme"} - {scheme})
    codes = [one for one in applies if "-" in one]
    return not applies & unlike and (not codes or any(code in methodology for code in codes))


def _ordered(found: list[Deadline]) -> tuple[Deadline, ...]:
    found.sort(key=_place)
    return tuple(found)


def _place(one: Deadline) -> tuple[bool, date, str, str]:
    return bool(one.missing), one.due_on or date.max, one.rule.id, one.key


def _dated(subject: str, rule: InForce, found: Found, counted: Frame) -> Deadline:
    silent = found.missing or found.stopped or found.quiet
    steps = () if silent else _steps(rule, found, counted)
    return Deadline(
        subject=subject,
        rule=rule.rule,
        kind=rule.version.kind,
        key=_key(found),
        due_on=found.due,
        estimated=found.estimated,
        steps=steps,
        reason=found.reason,
        inputs=found.inputs,
        stopped=found.stopped,
        missing=found.missing,
        warnings=(*found.warnings, *_beyond(found.due, steps, counted.almanac.hours.horizon)),
        about=found.about,
        version=rule.version,
    )


def _key(found: Found) -> str:
    day = found.due.isoformat() if found.due else UNKNOWN_DAY
    return f"{day}:{found.apart}" if found.apart else day


def _beyond(due: date | None, steps: tuple[Step, ...], horizon: date) -> tuple[str, ...]:
    """Whether a day lies where holidays are not certain."""
    if (due and due > horizon) or (steps and steps[-1].planned > horizon):
        return (HORIZON,)
    return ()


# ------------------------------------------------ steps


def _steps(rule: InForce, found: Found, counted: Frame) -> tuple[Step, ...]:
    """The rule's steps around the days that were found, in the order in which they are due."""
    if found.anchors or found.only or found.first > date.min or found.last < date.max:
        return _laid(rule.version, found, counted.days)
    key = rule.rule.id, found.due
    steps = counted.laid.get(key)
    if steps is None:
        steps = counted.laid[key] = _laid(rule.version, found, counted.days)
    return steps


def _laid(version: RuleVersion, found: Found, days: WorkingDays) -> tuple[Step, ...]:
    laid = []
    for step in version.steps:
        anchor = found.due if step.anchor == DUE else found.anchors.get(step.anchor)
        if anchor is None or (found.only and step.name != found.only):
            continue
        planned = days.moved(anchor, step.span)
        if found.first <= planned <= found.last:
            laid.append(Step(step, days.shifted(planned, version.shift), planned))
    return tuple(sorted(laid, key=_BY_DAY))
