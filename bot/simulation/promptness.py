"""How soon a notice is handed over once it may be: the share within five minutes, and what was held back and why.

It is due at the first moment at which its reader may be written to, on or after its day and after whatever made it
known: its planning, a hand-over, being taken back. Waiting for a channel counts; a look of the clock that came late
counts as well. Moments are UTC.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulation.evidence import Evidence, Judged, Told, shown, told_of, week_before
from bot.simulation.plan import DAY
from bot.simulation.replies import REOPENED
from intents.desk.nudges.records import Nudge
from intents.desk.projects.records import Role
from knowledge.reminder_model import RuleKind

SOON = timedelta(minutes=5)
# A channel that is away comes back after five hours at most, and asks to wait for a little more.
LONGEST_AWAY = timedelta(hours=6)
# At least so many of a thousand notices that nothing held back.
SHARE = 999


@dataclass(frozen=True, slots=True)
class Prompt:
    """The notices: how many were handed over in time and late, and how many were held back for which reason."""

    in_time: int
    late: tuple[str, ...]
    held_back: Counter[str]
    slowest: timedelta

    @property
    def share(self) -> float:
        """The share in time, in per cent, of those that nothing held back."""
        whole = self.in_time + len(self.late)
        return 100 * self.in_time / whole if whole else 100.0

    def judged(self) -> Judged:
        """As a rule that must hold."""
        whole = self.in_time + len(self.late)
        holds = self.in_time * 1000 >= whole * SHARE
        return Judged("prompt", whole, () if holds else self.late, dict(self.held_back))


def promptness(seen: Evidence) -> Prompt:
    """Every notice that arrived."""
    look = _Look(seen)
    in_time, late, held, slowest = 0, [], Counter[str](), timedelta()
    for letter in seen.told:
        for row in letter.rows:
            due = look.due(letter, row)
            if due is None:
                held["owner_not_written_to"] += 1
            elif letter.arrived_at - due <= SOON:
                in_time += 1
                slowest = max(slowest, letter.arrived_at - due)
            elif why := look.why(letter, row, due):
                held[why] += 1
            else:
                late.append(f"{letter.base} {seen.name(row.obligation)} {row.step} {row.role} {shown(due)}")
    held["undelivered"] = look.undelivered()
    return Prompt(in_time, tuple(late), +held, slowest)


class _Look:
    """What is asked about each notice, prepared once."""

    def __init__(self, seen: Evidence) -> None:
        self._seen, self._story = seen, seen.lived.story
        self._letters: dict[int, list[datetime]] = defaultdict(list)
        for letter in seen.told:
            self._letters[letter.contact].append(letter.put_at)
        self._unasked: dict[int, Sequence[datetime]] = {}
        self._told: dict[int, list[datetime]] = defaultdict(list)
        for row in seen.back.nudges:
            if row.role is Role.OWNER:
                self._told[row.obligation].append(row.put_at)
        self._again: dict[int, list[datetime]] = defaultdict(list)
        for said in self._story.said:
            if said.answer == REOPENED:
                self._again[said.before.id].append(said.at)
        self._since: dict[tuple[int, int, Role], list[datetime]] = defaultdict(list)
        for one in seen.back.duties:
            self._since[one.project, one.contact, one.role].append(one.since)
        self._hindered = {base for key in self._story.hindered for base in (key.rpartition(":")[0],)}
        dropped = (
            one for one in seen.back.letters if one.state == "dropped" and one.base.startswith("nudge")
        )
        self._dropped = [(int(one.base.split(":")[1]), one.put_at) for one in dropped]

    # ------------------------------------------------ when it was due

    def due(self, letter: Told, row: Nudge) -> datetime | None:
        """The first moment at which a notice could have left; None for a second contact of whom we know no reason."""
        seen, one = self._seen, self._seen.obligation(row.obligation)
        known = [seen.day_begins(letter.contact, row.due_on), one.created_at or letter.put_at]
        known += [at for at in self._again[one.id] if at <= letter.put_at]
        known.append(self._began(letter, row))
        if row.step.startswith("used"):
            known += [at for at in self._story.levels if at <= letter.put_at]
        if row.role is Role.SECOND:
            told = told_of(row, self._told[one.id])
            if told is None:
                return None
            known.append(seen.silence_over(told, seen.lived.setting.terms.second_after_days))
        return seen.first_allowed(letter.contact, max(known))

    def _began(self, letter: Told, row: Nudge) -> datetime:
        """When the reader became what they are to the project."""
        project = self._seen.obligation(row.obligation).project
        since = [at for at in self._since[project, letter.contact, row.role] if at <= letter.put_at]
        return max(since, default=self._seen.lived.plan.begins)

    # ------------------------------------------------ why it came later

    def why(self, letter: Told, row: Nudge, due: datetime) -> str:
        """What held it back; empty for nothing."""
        if self._stood_still(letter, due):
            return "standstill"
        if letter.put_at - due <= SOON:
            back = self._seen.first_allowed(letter.contact, letter.put_at + LONGEST_AWAY)
            away = letter.base in self._hindered and letter.arrived_at - back <= SOON
            return "channel" if away else ""
        if any(who == letter.contact and due <= at < letter.put_at for who, at in self._dropped):
            return "taken_back"
        began = self._began(letter, row)
        next_day = self._seen.first_allowed(letter.contact, self._next_day(letter.contact, due))
        if due == self._seen.first_allowed(letter.contact, began) and letter.put_at - next_day <= SOON:
            # It had been put off to that day for whoever had it before.
            return "handed_over"
        hard = self._seen.obligation(row.obligation).kind is RuleKind.HARD
        return self._no_room(letter, due, hard=hard)

    def _stood_still(self, letter: Told, due: datetime) -> bool:
        """Whether no process was at work when it was due, and it left as soon as one was."""
        for stop in self._story.stops:
            if stop.since - SOON <= due <= stop.until + SOON:
                again = self._seen.first_allowed(letter.contact, stop.until)
                return letter.arrived_at - again <= SOON
        return False

    def _no_room(self, letter: Told, due: datetime, *, hard: bool) -> str:
        """Whether at each moment until it left there was no room for it, or nobody at work; the first reason.

        What waited for room may leave with a date of the scheme, which needs none.
        """
        reasons, moment = [], due
        while moment < letter.put_at - SOON:
            stop = next((one for one in self._story.stops if one.since <= moment <= one.until), None)
            if stop:
                reasons.append("standstill")
                moment = self._seen.first_allowed(letter.contact, stop.until + SOON)
            else:
                reasons.append(self._full(letter, moment, hard=hard))
                moment = self._seen.first_allowed(letter.contact, self._next_day(letter.contact, moment))
        return reasons[0] if reasons and all(reasons) else ""

    def _next_day(self, contact: int, moment: datetime) -> datetime:
        return self._seen.day_begins(contact, self._seen.here(contact, moment).date() + DAY)

    def _full(self, letter: Told, moment: datetime, *, hard: bool) -> str:
        contact, day = letter.contact, self._seen.here(letter.contact, moment).date()
        if any(self._seen.here(contact, at).date() == day and at <= moment for at in self._letters[contact]):
            return "one_a_day"
        if hard:
            return ""
        if contact not in self._unasked:
            self._unasked[contact] = self._seen.unasked(contact)
        week = week_before(moment, self._unasked[contact])
        return "budget" if len(week) >= self._seen.lived.setting.terms.letters_per_week else ""

    def undelivered(self) -> int:
        """Notices of letters that arrived on no way: of people who are not there any more."""
        there = {letter.base for letter in self._seen.told}
        return len({row.id for row in self._seen.back.nudges if row.letter not in there})
