"""Whether what people said was heeded: nothing after done and stopped, no rest past the deadline, nobody asked too soon."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.clock import tokyo_day
from bot.simulation.evidence import Evidence, Judged, Told, days, shown, told_of
from bot.simulation.replies import REOPENED
from bot.simulation.story import Said
from intents.desk.nudges.planning import FIRM
from intents.desk.nudges.records import Answer, Nudge, NudgeState, Obligation, ObligationState
from intents.desk.projects.records import Role

CLOSES = frozenset({Answer.DONE, Answer.STOP})
# A notice that was put off for want of room comes within so many days.
SLACK = days(10)


def not_after_done(seen: Evidence) -> Judged:
    """Nothing of what was done or stopped is sent any more; what was on its way when it was said could not be held."""
    said, aside, checked = _by_obligation(seen), Counter[str](), 0
    broken: list[str] = []
    for letter in seen.told:
        muted = seen.lived.story.muted.get(letter.contact)
        if muted and letter.arrived_at > muted:
            _judge(letter, muted, f"{letter.base} muted", broken, aside)
        for id_ in sorted(letter.obligations | {row.obligation for row in letter.rows}):
            checked += 1
            since = _closed_at(said.get(id_, ()), letter.arrived_at)
            if since:
                _judge(letter, since, f"{letter.base} {seen.name(id_)} {shown(since)}", broken, aside)
    return Judged("not_after_done", checked, tuple(broken), aside)


def _judge(letter: Told, since: datetime, example: str, broken: list[str], aside: Counter[str]) -> None:
    if letter.begun_at <= since:
        aside["on_the_way"] += 1
    else:
        broken.append(f"{example} -> {shown(letter.arrived_at)}")


def _by_obligation(seen: Evidence) -> Mapping[int, Sequence[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for one in seen.lived.story.said:
        found[one.before.id].append(one)
    return found


def _closed_at(said: Sequence[Said], moment: datetime) -> datetime | None:
    """Since when something was done or stopped at a moment, by what was said before."""
    last = None
    for one in said:
        if one.at < moment and one.answer in (*CLOSES, REOPENED):
            last = one.at if one.answer in CLOSES else None
    return last


# ------------------------------------------------ rests


def snooze_limits(seen: Evidence) -> Judged:
    """Nothing rests past its deadline or its last notice, and the last notice is told."""
    rests = [one for one in seen.lived.story.said if one.to]
    said, rows, broken, aside = _by_obligation(seen), _rows(seen), [], Counter[str]()
    for one in rests:
        limit = one.last[1] if one.last else one.before.due_on
        if limit and one.to and one.to > limit:
            broken.append(f"{seen.name(one.before.id)} {one.to} > {limit}")
        elif one.last and not _told_last(seen, one, said[one.before.id], rows):
            broken.append(f"{seen.name(one.before.id)} {one.last[0]} {one.last[1]}")
    return Judged("snooze_limits", len(rests), tuple(broken), aside)


def _rows(seen: Evidence) -> Mapping[tuple[int, str], Sequence[Nudge]]:
    found: dict[tuple[int, str], list[Nudge]] = defaultdict(list)
    for row in seen.back.nudges:
        found[row.obligation, row.step].append(row)
    return found


def _told_last(
    seen: Evidence, rest: Said, said: Sequence[Said], rows: Mapping[tuple[int, str], Sequence[Nudge]]
) -> bool:
    """Whether the last notice was told, or need not be: the date was closed, moved or left to somebody else before."""
    assert rest.last
    name, day = rest.last
    carried = rows.get((rest.before.id, name), ())
    # A newer one may have taken its place in the letter of that day.
    if any(row.state is NudgeState.SENT or tokyo_day(row.put_at) >= day for row in carried):
        return True
    one, by = seen.obligation(rest.before.id), seen.lived.plan.last
    told_by = day + SLACK
    closed = one.state is not ObligationState.OPEN and one.closed_at and one.closed_at.date() <= told_by
    stopped = any(other.answer in CLOSES and other.at.date() <= told_by for other in said)
    owner = seen.owner(one.project, seen.day_begins(_contact(rest), day))
    muted = owner in seen.lived.story.muted
    with_staff = one.asked_staff_at or seen.left_alone(one.project, day, told_by)
    return bool(closed or stopped or told_by > by or not owner or muted or with_staff)


def _contact(said: Said) -> int:
    return int(said.by.partition(":")[2])


# ------------------------------------------------ going up


def going_up(seen: Evidence) -> Judged:
    """Second contacts hear of something only when its owner was told and silent for the time of the terms, each once."""
    said, broken, checked, aside = _by_obligation(seen), [], 0, Counter[str]()
    arrived = {letter.base for letter in seen.told}
    owners: dict[int, list[datetime]] = defaultdict(list)
    asked: set[tuple[int, int, datetime]] = set()
    for row in sorted(seen.back.nudges, key=lambda row: row.put_at):
        if row.state is not NudgeState.SENT:
            continue
        if row.role is not Role.SECOND:
            owners[row.obligation].append(row.put_at)
            continue
        checked += 1
        since = told_of(row, owners[row.obligation])
        if since is None:
            # Who wants no nudges counts as told; of anybody else we must know that they were.
            if seen.owner(seen.obligation(row.obligation).project, row.put_at) in seen.lived.story.muted:
                aside["owner_not_written_to"] += 1
            else:
                broken.append(f"{row.letter} {seen.name(row.obligation)} owner not told")
            continue
        early = row.put_at < seen.silence_over(since, seen.lived.setting.terms.second_after_days)
        answered = [one for one in said.get(row.obligation, ()) if since < one.at < row.put_at]
        twice = (row.obligation, row.contact, since) in asked
        asked.add((row.obligation, row.contact, since))
        if row.letter in arrived and (early or answered or twice):
            why = "early" if early else "answered" if answered else "twice"
            broken.append(f"{row.letter} {seen.name(row.obligation)} {why}")
    return Judged("going_up", checked, tuple(broken), aside)


def none_stuck(seen: Evidence) -> Judged:
    """What nobody has answered at the end was passed on in its time: to a second contact, then to staff."""
    terms, broken, checked = seen.lived.setting.terms, [], 0
    for one in seen.back.obligations.values():
        told = one.told_at if one.kind in FIRM and one.state is ObligationState.OPEN else None
        if (
            told is None
            or one.asked_staff_at
            or not one.project
            or (one.answered_at and one.answered_at >= told)
        ):
            continue
        checked += 1
        since, days_ = (
            (one.asked_second_at, terms.staff_after_days)
            if one.asked_second_at
            else (told, terms.second_after_days)
        )
        if seen.silence_over(since, days_) + SLACK < seen.lived.plan.ends:
            broken.append(f"{seen.name(one.id)} {shown(since)}")
    return Judged("none_stuck", checked, tuple(broken))


def to_staff(seen: Evidence) -> Judged:
    """Staff get what a second contact was silent about for the time of the terms, or what nobody can be asked about."""
    found = {(one.id, one.asked_staff_at): one for one in _went_to_staff(seen)}
    broken, aside, terms = [], Counter[str](), seen.lived.setting.terms
    for (id_, at), one in found.items():
        assert at
        if one.asked_second_at:
            if at < seen.silence_over(one.asked_second_at, terms.staff_after_days):
                broken.append(f"{seen.name(id_)} {shown(at)}")
        elif not seen.owner(one.project, at):
            aside["nobody_in_charge"] += 1
        elif seen.owner(one.project, at, Role.SECOND):
            broken.append(f"{seen.name(id_)} {shown(at)}")
        else:
            aside["no_second_contact"] += 1
    return Judged("to_staff", len(found), tuple(broken), aside)


def _went_to_staff(seen: Evidence) -> Iterator[Obligation]:
    """What lay with staff when somebody answered, and what lies with them at the end."""
    whole = (*(one.before for one in seen.lived.story.said), *seen.back.obligations.values())
    return (one for one in whole if one.asked_staff_at)
