"""What the checks look into: the books at the end beside what truly arrived; and the rules of the hours, counted anew.

Moments are UTC. What the office's own code says about hours is not asked here, so that both are compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock import TOKYO
from bot.simulation.plan import DAY
from bot.simulation.story import Arrival
from bot.simulation.year import Lived
from intents.desk.contact_budget import EXEMPT, NUDGE, SURVEY
from intents.desk.nudges.records import Nudge, NudgeState, Obligation
from intents.desk.office_hours import add_working_days, is_working_day
from intents.desk.projects.records import Duty, Role
from knowledge.reminder_model import RuleKind
from storage.further_ways import base_of
from storage.hindsight import Hindsight, Put, look_back, obligations_of

SHOWN, WEEK = 5, timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule that must hold: how often it was looked at, what broke it, and what was left out for which reason."""

    name: str
    checked: int
    broken: tuple[str, ...] = ()
    aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing broke it."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class Told:
    """A letter with nudges that arrived, once however many ways it took: what its buttons speak of, and to whom."""

    base: str
    contact: int
    put_at: datetime
    arrived_at: datetime
    begun_at: datetime
    obligations: frozenset[int]
    rows: tuple[Nudge, ...]

    @property
    def exempt(self) -> bool:
        """Whether it has a date of the scheme."""
        return self.base.startswith(f"{EXEMPT}:")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything in the order of time; letters by the key that all their ways share."""

    lived: Lived
    back: Hindsight
    told: tuple[Told, ...]
    arrived: Mapping[str, datetime]
    put: Mapping[str, Put]
    # Arrivals that fill somebody's week, by their channel and address.
    filling: Mapping[tuple[str, str], Sequence[Arrival]]
    # Who had a role for a project, one after the other.
    holders: Mapping[tuple[int, Role], Sequence[Duty]]

    # ------------------------------------------------ hours

    def here(self, contact: int, moment: datetime) -> datetime:
        """A moment where somebody is."""
        return moment.astimezone(ZoneInfo(self.back.contacts[contact].zone))

    def works(self, day: date) -> bool:
        """Whether people are written to on that day."""
        return is_working_day(self.lived.setting.hours, day)

    def allowed(self, contact: int, moment: datetime) -> bool:
        """Whether somebody may be written to at that moment."""
        here, hours = self.here(contact, moment), self.lived.setting.hours
        return self.works(here.date()) and self.lived.setting.terms.hour <= here.time() < hours.closes

    def first_allowed(self, contact: int, moment: datetime) -> datetime:
        """The first moment from then on at which somebody may be written to."""
        here, opens = self.here(contact, moment), self.lived.setting.terms.hour
        if self.allowed(contact, moment):
            return moment
        day = here.date() if here.time() < opens else here.date() + DAY
        return datetime.combine(add_working_days(self.lived.setting.hours, day, 0), opens, here.tzinfo)

    def silence_over(self, told: datetime, days: int) -> datetime:
        """When nobody has answered for so many working days; who was told on a closed day has all of the last one."""
        hours, here = self.lived.setting.hours, told.astimezone(TOKYO)
        day = add_working_days(hours, here.date(), days)
        if self.works(here.date()):
            return datetime.combine(day, here.timetz())
        return datetime.combine(add_working_days(hours, day, 1), time(), TOKYO)

    def day_begins(self, contact: int, day: date) -> datetime:
        """The beginning of a day where somebody is."""
        return datetime.combine(day, time(), ZoneInfo(self.back.contacts[contact].zone))

    def cannot_wait(self, contact: int, one: Obligation, moment: datetime) -> bool:
        """Whether a date of the scheme is over before somebody may be written to again."""
        if one.kind is not RuleKind.HARD or one.due_on is None:
            return False
        here = self.here(contact, moment)
        early = self.works(here.date()) and here.time() < self.lived.setting.terms.hour
        again = here.date() if early else add_working_days(self.lived.setting.hours, here.date(), 1)
        return here.date() <= one.due_on < again

    # ------------------------------------------------ letters

    def obligation(self, id_: int) -> Obligation:
        """One of them, as it stands at the end."""
        return self.back.obligations[id_]

    def unasked(self, contact: int) -> Sequence[datetime]:
        """When letters that fill somebody's week were put, as far as they arrived; the earliest first."""
        there = self.lived.cast.people[contact].addresses
        mine = (one for address in there for one in self.filling.get(address, ()))
        return sorted({self.put[base_of(one.key, one.channel)].put_at for one in mine})

    def owner(self, project: int, moment: datetime, role: Role = Role.OWNER) -> int:
        """Who had a role for a project at a moment; 0 for nobody."""
        held = (
            one.contact
            for one in self.holders.get((project, role), ())
            if one.since <= moment and (one.until is None or one.until > moment)
        )
        return next(held, 0)

    def left_alone(self, project: int, since: date, until: date) -> bool:
        """Whether nobody was in charge when the office opened on one of these days: staff heard of what was due then.

        What they heard is told anew to whoever takes over, or settled with them on the telephone.
        """
        days = (since + DAY * ahead for ahead in range((until - since).days + 1))
        opens = self.lived.setting.hours.opens
        mornings = (datetime.combine(day, opens, TOKYO) for day in days if self.works(day))
        return any(not self.owner(project, morning) for morning in mornings)

    def name(self, id_: int) -> str:
        """How an obligation is named in an example."""
        one = self.obligation(id_)
        return f"{one.rule} {one.key} {self.back.projects[one.project].project_id}"


@contextmanager
def evidence(lived: Lived) -> Iterator[Evidence]:
    """Everything that is looked into, within one transaction that only reads."""
    with lived.database.look() as connection:
        back = look_back(connection, lived.database, lived.plan.ends)
        first = _first(lived.story.arrivals)
        nudges = {base: one for base, one in first.items() if base.startswith((f"{NUDGE}:", f"{EXEMPT}:"))}
        buttons = obligations_of(connection, [token for one in nudges.values() for token in one.buttons])
        rows: dict[str, list[Nudge]] = defaultdict(list)
        for row in back.nudges:
            if row.state is NudgeState.SENT:
                rows[row.letter].append(row)
        put = {one.base: one for one in reversed(back.letters)}
        told = tuple(
            Told(
                base=base,
                contact=int(base.split(":")[1]),
                put_at=put[base].put_at,
                arrived_at=one.at,
                begun_at=lived.story.begun[one.key],
                obligations=frozenset(buttons[token] for token in one.buttons if token in buttons),
                rows=tuple(rows[base]),
            )
            for base, one in nudges.items()
        )
        arrived = {base: one.at for base, one in first.items()}
        filling, holders = _filling(lived.story.arrivals), _holders(back.duties)
        yield Evidence(lived, back, told, arrived, put, filling, holders)


def told_of(row: Nudge, owners_told: Sequence[datetime]) -> datetime | None:
    """When its owner was told what a second contact is asked about; None when nothing was sent to them.

    The notice of a second contact ends with the day on which the owner counts as told: somebody who wants no nudges,
    or whom none reaches, counts as told without a letter.
    """
    told = [at for at in owners_told if at < row.put_at]
    return told[-1] if told and row.step.endswith(f"-{told[-1]:%y%m%d}") else None


def _first(arrivals: Sequence[Arrival]) -> Mapping[str, Arrival]:
    """The first arrival of each letter, on whichever way."""
    found: dict[str, Arrival] = {}
    for one in arrivals:
        found.setdefault(base_of(one.key, one.channel), one)
    return found


def _filling(arrivals: Sequence[Arrival]) -> Mapping[tuple[str, str], Sequence[Arrival]]:
    """Those of them that fill somebody's week, by their channel and address."""
    found: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for one in arrivals:
        if one.key.startswith((f"{NUDGE}:", f"{SURVEY}:")):
            found[one.channel, one.to].append(one)
    return found


def _holders(duties: Sequence[Duty]) -> Mapping[tuple[int, Role], Sequence[Duty]]:
    found: dict[tuple[int, Role], list[Duty]] = defaultdict(list)
    for one in duties:
        found[one.project, one.role].append(one)
    return found


def week_before(moment: datetime, letters: Sequence[datetime]) -> list[datetime]:
    """Those of the week before a moment."""
    return [at for at in letters if moment - WEEK < at < moment]


def shown(moment: datetime) -> str:
    """A moment in an example."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z"


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)
