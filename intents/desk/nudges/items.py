"""What there is to say to one person today: of each obligation the newest notice that is due, and those it passes over."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from intents.desk.deadlines.records import Almanac, Deadline
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.planning import MOVED, next_step, unsent
from intents.desk.nudges.records import Nudge, NudgeState, Obligation
from intents.desk.projects.records import Project, Role, Window
from knowledge.reminder_model import RuleKind

STEP_LIMIT = 20
AGAIN, USED, REMIND = "again", "used:", "remind:"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to say: the notice's name and day, the notices before it that are not sent any more.

    `moved_from` is the day of a deadline that moved, `window` the support with limited money that it is about;
    `role` is what the reader is to the project.
    """

    obligation: Obligation
    dated: Deadline
    project: Project
    role: Role
    step: str
    on: date
    passed: tuple[tuple[str, date], ...] = ()
    moved_from: str = ""
    window: Window | None = None

    @property
    def hard(self) -> bool:
        """Whether it is a date of the scheme, which no budget holds back."""
        return self.dated.kind is RuleKind.HARD


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose obligation it is, and what the reader is to that project."""

    project: Project
    role: Role
    today: date


def items_of(
    books: NudgeBooks, almanac: Almanac, found: Collection[Obligation], role: Role, today: date
) -> Iterator[Item]:
    """What these obligations have to say today; a date that does not stand any more says nothing."""
    projects = {one.id: one for one in books.projects.of({one.project for one in found})}
    rules = _rules(found)
    dates = {id_: _dated(project, almanac, today, rules[id_]) for id_, project in projects.items()}
    for one in found:
        dated = dates.get(one.project, {}).get(one.name)
        if dated and not dated.stopped:
            whose = _Whose(projects[one.project], role, today)
            if item := _second(one, dated, whose) if role is Role.SECOND else _said(one, dated, whose):
                window = _window(almanac, one)
                yield replace(item, window=window) if window else item


def _window(almanac: Almanac, one: Obligation) -> Window | None:
    return next((window for window in almanac.windows if one.key.endswith(window_key(window))), None)


def window_key(window: Window) -> str:
    """How the keys of dates of a window end."""
    return f":{window.kind}-{window.id}"


def _rules(found: Iterable[Obligation]) -> Mapping[int, Collection[str]]:
    """The rules that are asked for, by project."""
    rules: dict[int, set[str]] = defaultdict(set)
    for one in found:
        rules[one.project].add(one.rule)
    return rules


def _dated(
    project: Project, almanac: Almanac, today: date, rules: Collection[str]
) -> Mapping[tuple[str, str], Deadline]:
    return {(one.rule.id, one.key): one for one in dates_of(project, almanac, today, of=rules)}


def _said(one: Obligation, dated: Deadline, whose: _Whose) -> Item | None:
    due = tuple((step.name, step.on) for step in unsent(one, dated) if step.on <= whose.today)
    if one.why.startswith((MOVED, USED, REMIND)):
        return _news(one, dated, whose, due)
    if due:
        name, day = due[-1]
        return Item(one, dated, whose.project, whose.role, name, day, due[:-1])
    if one.snoozed_to and one.snoozed_to <= whose.today:
        name = f"{AGAIN}-{one.snoozed_to:%Y%m%d}"
        return Item(one, dated, whose.project, whose.role, name, one.snoozed_to)
    return None


def _news(one: Obligation, dated: Deadline, whose: _Whose, due: tuple[tuple[str, date], ...]) -> Item:
    """Something happened that is told besides the notices: the date moved, or the money went."""
    if one.why.startswith(USED):
        level = int(one.why.removeprefix(USED))
        return Item(one, dated, whose.project, whose.role, f"used-{level}", whose.today, due)
    if one.why.startswith(REMIND):
        step = f"{AGAIN}-{whose.today:%Y%m%d}"
        return Item(one, dated, whose.project, whose.role, step, whose.today, due)
    step, was = f"moved-{one.key}"[:STEP_LIMIT], one.why.removeprefix(MOVED)
    return Item(one, dated, whose.project, whose.role, step, whose.today, due, moved_from=was)


def _second(one: Obligation, dated: Deadline, whose: _Whose) -> Item:
    """What the person in charge was told last, for whoever is asked next."""
    on = next((step.on for step in dated.steps if step.name == one.step), whose.today)
    # Each time the person in charge is told anew and says nothing, it is another notice.
    step = f"{one.step or AGAIN}-{one.told_at:%y%m%d}"[:STEP_LIMIT]
    return Item(one, dated, whose.project, whose.role, step, on)


# ------------------------------------------------ what was said


def after(item: Item, now: datetime) -> Obligation:
    """The obligation once its notice is on its way."""
    one, dated = item.obligation, item.dated
    if item.role is Role.SECOND:
        return one._replace(asked_second_at=now)
    names = [step.name for step in dated.steps]
    newest = item.step if item.step in names else next((name for name, _ in item.passed[::-1]), one.step)
    rested = None if one.snoozed_to and one.snoozed_to <= item.on else one.snoozed_to
    told = one._replace(step=newest, why="", snoozed_to=rested, told_at=now)
    # Each notice asks anew: a silence about an earlier one does not count for this one.
    return told._replace(asked_second_at=None, asked_staff_at=None, next_on=next_step(told, dated))


def nudges(item: Item, contact: int, letter: str, now: datetime) -> Iterator[Nudge]:
    """The notice and those that it passes over, as they are kept."""
    for name, day in item.passed:
        yield _nudge(item, contact, letter, now, name, day, NudgeState.SUPERSEDED)
    yield _nudge(item, contact, letter, now, item.step, item.on, NudgeState.SENT)


def _nudge(
    item: Item, contact: int, letter: str, now: datetime, step: str, day: date, state: NudgeState
) -> Nudge:
    return Nudge(
        obligation=item.obligation.id,
        step=step,
        contact=contact,
        role=item.role,
        state=state,
        due_on=day,
        letter=letter,
        put_at=now,
    )
