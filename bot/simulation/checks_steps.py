"""Whether nothing was forgotten: each notice that came due was told, passed over for a later one, or went to staff."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.clock import tokyo_day
from bot.simulation.evidence import Evidence, Judged, days, week_before
from bot.simulation.replies import REOPENED
from bot.simulation.story import Said
from intents.desk.deadlines.records import Almanac, Deadline, Step
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.records import Obligation

# A notice for which there was no room within the week comes in the days after.
WAITS = days(10)


def none_forgotten(seen: Evidence) -> Judged:
    """Every notice that came due from the day on which it was planned, as long as its date was open."""
    almanac = seen.lived.setting.almanac(seen.back.books)
    known = {(row.obligation, row.step) for row in seen.back.nudges}
    said: dict[int, list[Said]] = defaultdict(list)
    for one in seen.lived.story.said:
        said[one.before.id].append(one)
    broken, aside, checked = [], Counter[str](), 0
    for obligation, steps in _open(seen, almanac):
        for step in steps:
            checked += 1
            if (obligation.id, step.name) in known:
                continue
            why = _why(seen, obligation, step, said.get(obligation.id, ()))
            if why:
                aside[why] += 1
            else:
                broken.append(f"{seen.name(obligation.id)} {step.name} {step.on}")
    return Judged("none_forgotten", checked, tuple(broken), aside)


def _open(seen: Evidence, almanac: Almanac) -> list[tuple[Obligation, tuple[Step, ...]]]:
    """Each date that still stands at the end, with its notices that came due while it was open."""
    last = seen.lived.plan.last
    dated: dict[int, Mapping[tuple[str, str], Deadline]] = {}
    found = []
    for one in seen.back.obligations.values():
        if not one.project or one.created_at is None:
            continue
        if one.project not in dated:
            dates = dates_of(seen.back.projects[one.project], almanac, last)
            dated[one.project] = {(date.rule.id, date.key): date for date in dates}
        deadline = dated[one.project].get(one.name)
        since = tokyo_day(one.created_at)
        until = min(last, tokyo_day(one.closed_at)) if one.closed_at else last
        if deadline and not deadline.stopped:
            found.append((one, tuple(step for step in deadline.steps if since <= step.on < until)))
    return found


def _why(seen: Evidence, one: Obligation, step: Step, said: Sequence[Said]) -> str:
    """Why a notice need not have been told; empty when nothing speaks for it."""
    moment = seen.day_begins(next(iter(seen.back.contacts)), step.on)
    owner = seen.owner(one.project, moment + days(1))
    closed = [
        other for other in said if other.answer in ("done", "stop") and tokyo_day(other.at) <= step.on + WAITS
    ]
    rest = [other for other in said if other.to and tokyo_day(other.at) <= step.on <= other.to]
    if not owner or (one.asked_staff_at and tokyo_day(one.asked_staff_at) <= step.on + WAITS):
        return "with_staff"
    if seen.left_alone(one.project, step.on, step.on + WAITS):
        return "with_staff"
    if owner in seen.lived.story.muted:
        return "muted"
    if rest:
        return "put_off"
    if closed and any(other.answer == REOPENED for other in said):
        return "was_done"
    if _was_asked(seen, one, moment + days(1)):
        return "succession"
    if (one.next_on and step.on + WAITS > seen.lived.plan.last) or (
        closed and _was_full(seen, owner, moment)
    ):
        return "waits_for_room"
    return ""


def _was_asked(seen: Evidence, one: Obligation, moment: datetime) -> bool:
    """Whether it was being asked who is in charge, and still is, or was until the date was over."""
    asked = [other for other in seen.back.successions if other.project == one.project]
    return any(
        other.closed_at is None
        or (other.opened_at < moment and one.due_on is not None and tokyo_day(other.closed_at) > one.due_on)
        for other in asked
    )


def _was_full(seen: Evidence, owner: int, moment: datetime) -> bool:
    """Whether there was no room in somebody's week when they could have been written to on that day."""
    week = week_before(seen.first_allowed(owner, moment), seen.unasked(owner))
    return len(week) >= seen.lived.setting.terms.letters_per_week
