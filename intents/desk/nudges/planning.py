"""From deadlines to obligations: one row for each date of a project, planned again when something changed.

A date that is still wanted keeps its row with everything that was said about it; one that is no longer wanted is
superseded; what moved is told to those who had been told of the old date, and to nobody else. Days are Tokyo's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from intents.appointments import TOKYO
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.deadlines.records import Almanac, Deadline, Step
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.nudges.setting import Setting, planned_by
from intents.desk.nudges.stages import BY_DATA, apart_of, met
from intents.desk.projects.records import Project
from knowledge.reminder_formulas import FORMULAS
from knowledge.reminder_model import RuleKind

# A unit's transaction stays short, and one look finds enough for a while.
PROJECTS, LOOKED_AT = 200, 20_000
MOVED = "moved:"
FIRM = frozenset({RuleKind.HARD, RuleKind.OFFICE})
# However little changes, every project is looked at once a month, a few of them each day.
DAYS_OF_MONTH = 28


def subjects(setting: Setting, books: NudgeBooks) -> Iterator[Subject[NudgeBooks]]:
    """The projects whose obligations may have changed.

    All are planned by the almanac as it is now; if that changes meanwhile, its name does, and they are planned again.
    """
    today = books.now.astimezone(TOKYO).date()
    almanac = setting.almanac(books)
    name = planned_by(setting, almanac, today)
    found = books.obligations.unplanned(name, today, LOOKED_AT)
    for at in range(0, len(found), PROJECTS):
        yield partial(_batch, _Plan(almanac, name, today, found[at : at + PROJECTS]))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which projects are planned, on which day, and by what."""

    almanac: Almanac
    name: str
    today: date
    projects: Sequence[int]
    tell: bool = True


def _batch(plan_: _Plan, _: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    yield partial(_write, plan_)


def plan(setting: Setting, ids: Sequence[int], books: NudgeBooks, *, tell: bool = True) -> None:
    """Brings the obligations of these projects in line with their data now; twice is once.

    `tell` is false when whoever would hear that a date moved has just moved it.
    """
    today = books.now.astimezone(TOKYO).date()
    almanac = setting.almanac(books)
    _bring_in_line(_Plan(almanac, planned_by(setting, almanac, today), today, ids, tell), books)


def _write(plan_: _Plan, books: NudgeBooks, _: Pen) -> None:
    _bring_in_line(plan_, books)


def _bring_in_line(plan_: _Plan, books: NudgeBooks) -> None:
    projects, today = books.projects.of(plan_.projects), plan_.today
    known = _by_project(books.obligations.of_projects(plan_.projects, hold=True))
    new: list[Obligation] = []
    changed: list[Obligation] = []
    for project in projects:
        dates = dates_of(project, plan_.almanac, today)
        found = difference(project, dates, known.get(project.id, ()), today, books.now, tell=plan_.tell)
        new += found.new
        changed += found.changed
    books.obligations.save(changed)
    books.obligations.add(new)
    # On a day of the month of its own, so that not all are due on the same one.
    until = [(one.id, one.version, _again_on(one.id, today)) for one in projects]
    books.obligations.planned(until, plan_.name)


def _by_project(found: Collection[Obligation]) -> Mapping[int, list[Obligation]]:
    grouped: dict[int, list[Obligation]] = defaultdict(list)
    for one in found:
        grouped[one.project].append(one)
    return grouped


def _again_on(project: int, today: date) -> date:
    later = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return later.replace(day=project % DAYS_OF_MONTH + 1)


# ------------------------------------------------ one project


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be written about one project."""

    new: list[Obligation]
    changed: list[Obligation]


def difference(
    project: Project,
    dates: Sequence[Deadline],
    known: Sequence[Obligation],
    today: date,
    now: datetime,
    *,
    tell: bool = True,
) -> Difference:
    """What to write so that the obligations are those of the dates; nothing when they are already."""
    wanted = {(one.rule.id, one.key): one for one in dates if not one.missing}
    have = {one.name: one for one in known}
    done = met(known)
    gone = [
        _gone(one, now)
        for name, one in have.items()
        if name not in wanted and one.state is ObligationState.OPEN
    ]
    renewed = [
        (one, _renewed(one, wanted[name], now))
        for name, one in have.items()
        if name in wanted and not _is_met(one, done)
    ]
    unknown = [one for name, one in wanted.items() if name not in have]
    fresh = [_fresh(project, one, today) for one in unknown if (one.rule.id, apart_of(one.key)) not in done]
    new = [one for one in fresh if one]
    changed = [*gone, *(after for before, after in renewed if after is not before and after != before)]
    back = [after for before, after in renewed if _is_back(before, after)]
    if not (tell and gone and (new or back)):
        return Difference(new, changed)
    # A date that comes again each year is no old one that moved.
    recurring = frozenset(
        one.rule.id for one in dates if one.version and FORMULAS[one.version.formula].recurring
    )
    moved = {one.name: _moved(one, gone, [*new, *back], today, recurring) for one in (*new, *back)}
    return Difference([moved[one.name] for one in new], [moved.get(one.name, one) for one in changed])


def _is_met(one: Obligation, done: Collection[tuple[str, str]]) -> bool:
    """Whether it was superseded and done since under another day: when its own day comes back, it stays done."""
    superseded = one.state is ObligationState.SUPERSEDED
    return superseded and (one.rule, apart_of(one.key)) in done


def _is_back(before: Obligation, after: Obligation) -> bool:
    """Whether a date stands again that another one had taken the place of."""
    return before.state is not ObligationState.OPEN and after.state is ObligationState.OPEN


def _gone(one: Obligation, now: datetime) -> Obligation:
    return one._replace(
        state=ObligationState.SUPERSEDED, next_on=None, closed_at=now, why=f"{BY_DATA}superseded"
    )


def _fresh(project: Project, dated: Deadline, today: date) -> Obligation | None:
    """The obligation of a date that is new; none when there is nothing to do and nothing to say any more.

    Notices that were due before it was known are not made up for, unless no other comes before a date of the scheme
    or of the office.
    """
    if dated.stopped:
        return None
    ahead = [step for step in dated.steps if step.on >= today]
    over = dated.due_on is not None and dated.due_on < today
    if over and not ahead:
        return None
    in_time = [step for step in ahead if dated.due_on is None or step.on <= dated.due_on]
    late = not in_time and not over and bool(dated.steps) and dated.kind in FIRM
    past = [step.name for step in dated.steps if step.on < today]
    return Obligation(
        id=0,
        project=project.id,
        subject=dated.subject,
        rule=dated.rule.id,
        key=dated.key,
        kind=dated.kind,
        due_on=dated.due_on,
        estimated=dated.estimated,
        next_on=today if late else min((step.on for step in ahead), default=None),
        step="" if late or not past else past[-1],
    )


def _moved(
    one: Obligation,
    gone: Sequence[Obligation],
    new: Sequence[Obligation],
    today: date,
    recurring: frozenset[str],
) -> Obligation:
    """Tells of a date that takes the place of one that people had been told of."""
    told = [old for old in gone if old.rule == one.rule and _was_told(old) and old.answer != "stop"]
    alike = [other for other in new if other.rule == one.rule]
    if one.rule in recurring or len(told) != 1 or len(alike) != 1 or one.due_on is None:
        return one
    was = told[0].due_on.isoformat() if told[0].due_on else ""
    return one._replace(why=f"{MOVED}{was}", next_on=today)


def _was_told(old: Obligation) -> bool:
    """Whether anybody heard of it: a notice that was due before it was planned was never sent."""
    return bool(old.told_at or old.answered_at)


def _renewed(one: Obligation, dated: Deadline, now: datetime) -> Obligation:
    as_it_was = one.kind is dated.kind and one.estimated == dated.estimated
    same = one if as_it_was else one._replace(kind=dated.kind, estimated=dated.estimated)
    if one.state is not ObligationState.OPEN:
        return _back(same, dated) if not dated.stopped and one.why.startswith(BY_DATA) else same
    if dated.stopped:
        why = f"{BY_DATA}{dated.stopped.why}"
        return same._replace(state=ObligationState.DONE, next_on=None, closed_at=now, why=why)
    return same if one.next_on else same._replace(next_on=next_step(same, dated))


def _back(one: Obligation, dated: Deadline) -> Obligation:
    """A date that stands again: what was silence about it before is over."""
    quiet = one._replace(told_at=None, asked_second_at=None, asked_staff_at=None, snoozed_to=None)
    open_ = quiet._replace(state=ObligationState.OPEN, closed_at=None, why="")
    return open_._replace(next_on=next_step(open_, dated))


def next_step(one: Obligation, dated: Deadline) -> date | None:
    """The day of the first notice that has not been dealt with, or to which it was put off."""
    ahead = (step.on for step in unsent(one, dated))
    return min((day for day in (*ahead, one.snoozed_to) if day), default=None)


def unsent(one: Obligation, dated: Deadline) -> tuple[Step, ...]:
    """The notices behind the last one that was dealt with, in their order."""
    names = [step.name for step in dated.steps]
    return dated.steps[names.index(one.step) + 1 :] if one.step in names else dated.steps
