"""Seats and the waiting list: who sits, who is offered a seat, who waits, and why. Pure.

A party gets all its seats or none; nobody overtakes who came before, not even a bigger party.
Two kinds of parties keep their place and hold nobody up: one that is bigger than all the seats there are, and one
whose turn came and who could not be told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeVar


class SeatState(StrEnum):
    """Where a party stands; OFFERED is a seat that is held for a time, the last three have none and want none."""

    CONFIRMED = "confirmed"
    OFFERED = "offered"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


HELD = frozenset({SeatState.CONFIRMED, SeatState.OFFERED})
ACTIVE = HELD | {SeatState.WAITING}


class Party(Protocol):
    """Some people who come together; ids rise in the order of arrival."""

    @property
    def id(self) -> int:
        """The order of arrival."""
        ...

    @property
    def party(self) -> int:
        """How many seats they need."""
        ...

    @property
    def state(self) -> SeatState:
        """Where they stand."""
        ...

    @property
    def passed_over(self) -> bool:
        """Whether their turn came and they could not be told."""
        ...


P = TypeVar("P", bound=Party)


def taken(parties: Iterable[Party]) -> int:
    """The seats that are confirmed or held by an offer."""
    return sum(one.party for one in parties if one.state in HELD)


def free(capacity: int, parties: Iterable[Party]) -> int:
    """The seats that nobody has; none when more are taken than there are."""
    return max(0, capacity - taken(parties))


def waiting(parties: Iterable[P]) -> tuple[P, ...]:
    """Those who wait, in the order of their arrival."""
    return tuple(sorted((one for one in parties if one.state is SeatState.WAITING), key=lambda one: one.id))


def too_big(capacity: int, parties: Iterable[P]) -> tuple[P, ...]:
    """Those who wait for more seats than there are in all."""
    return tuple(one for one in waiting(parties) if one.party > capacity)


def queue(capacity: int, parties: Iterable[P]) -> tuple[P, ...]:
    """Those who wait and whom nobody may overtake, in order of arrival."""
    return tuple(one for one in waiting(parties) if one.party <= capacity and not one.passed_over)


def arriving(capacity: int, parties: Sequence[Party], size: int) -> SeatState:
    """Confirmed when the whole party fits and overtakes nobody, else waiting."""
    fits = size <= free(capacity, parties) and not queue(capacity, parties)
    return SeatState.CONFIRMED if fits else SeatState.WAITING


def everybody(_: Party) -> bool:
    """Whoever is asked says yes."""
    return True


def next_offers(capacity: int, parties: Sequence[P], tell: Callable[[P], bool] = everybody) -> tuple[P, ...]:
    """Those whose turn it is now, in order of arrival, up to the first who does not fit whole.

    `tell` offers somebody the seats and says whether it could; who cannot be told is passed over.
    """
    left, turn = free(capacity, parties), []
    line = {one.id for one in queue(capacity, parties)}
    for one in waiting(parties):
        if one.party <= left and tell(one):
            left -= one.party
            turn.append(one)
        elif one.party > left and one.id in line:
            break
    return tuple(turn)


def may_grow(capacity: int, parties: Sequence[Party], one: Party, size: int) -> str:
    """Empty when a party may become that big without overtaking anybody, else the name of what is in the way."""
    more = size - one.party
    if more <= 0:
        return ""
    if size > capacity:
        return "party_over_capacity"
    if one.state is SeatState.WAITING:
        return "others_behind" if any(other.id > one.id for other in waiting(parties)) else ""
    if queue(capacity, parties):
        return "others_wait"
    return "" if more <= free(capacity, parties) else "does_not_fit"


class Rule(StrEnum):
    """Why a party waits: the names of sentences in the wording, `seminars.<rule>`."""

    AHEAD = "rule_ahead"
    FULL = "rule_full"
    WHOLE = "rule_whole"
    TOO_BIG = "rule_too_big"
    NEXT = "rule_next"
    UNTOLD = "rule_untold"


@dataclass(frozen=True, slots=True)
class WhyWaiting:
    """A party's place in the line (from 1), and in seats: wanted by those ahead, free now, needed by itself."""

    position: int
    ahead: int
    free: int
    needed: int
    rule: Rule


def why_waiting(capacity: int, parties: Sequence[Party], one: Party) -> WhyWaiting:
    """Why that party has not been offered a seat; it must be waiting."""
    before = [other for other in queue(capacity, parties) if other.id < one.id]
    ahead, left = sum(other.party for other in before), free(capacity, parties)
    rule = Rule.UNTOLD if one.passed_over else _rule(capacity, left, ahead, one.party)
    return WhyWaiting(len(before) + 1, ahead, left, one.party, rule)


def _rule(capacity: int, left: int, ahead: int, needed: int) -> Rule:
    if needed > capacity:
        return Rule.TOO_BIG
    if ahead:
        return Rule.AHEAD
    if not left:
        return Rule.FULL
    return Rule.WHOLE if needed > left else Rule.NEXT


@dataclass(frozen=True, slots=True)
class Attended:
    """Of the seats confirmed at earlier seminars, how many were used."""

    confirmed: int
    attended: int

    def expected(self, seats: int) -> int | None:
        """How many of so many people will come, to the nearest; nothing without a past to learn from."""
        if not self.confirmed:
            return None
        return round(Fraction(seats * self.attended, self.confirmed))


@dataclass(frozen=True, slots=True)
class RaisePreview:
    """What more seats would do: ids of those offered one and of those who still wait, and the seats after it.

    `letters` is the number of people written to; `expected` the likely attendance if every offer is accepted.
    """

    before: int
    after: int
    offered: tuple[int, ...]
    stay: tuple[int, ...]
    letters: int
    taken: int
    expected: int | None


def raise_preview(capacity: int, parties: Sequence[Party], to: int, past: Attended) -> RaisePreview:
    """What a capacity of `to` would do now."""
    turn = next_offers(to, parties, lambda one: not one.passed_over)
    offered = tuple(one.id for one in turn)
    stay = tuple(one.id for one in waiting(parties) if one.id not in offered)
    seats = taken(parties) + sum(one.party for one in turn)
    return RaisePreview(capacity, to, offered, stay, len(offered), seats, past.expected(seats))


def may_lower(parties: Iterable[Party], to: int) -> int:
    """How many taken seats stand in the way of that capacity; none: it may be lowered."""
    return max(0, taken(parties) - to)
