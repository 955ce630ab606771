"""Seats: nobody gets one twice, nobody is lost, nobody overtakes; in ten thousand steps and in small cases."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from intents.desk import seats
from intents.desk.seats import ACTIVE, Attended, Rule, SeatState

STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Group:
    """A party, as the rules see one."""

    id: int
    party: int
    state: SeatState = SeatState.WAITING
    passed_over: bool = False
    reached: bool = True


def _groups(*given: tuple[int, SeatState]) -> tuple[Group, ...]:
    return tuple(Group(number, size, state) for number, (size, state) in enumerate(given, 1))


C, O, W, X = SeatState.CONFIRMED, SeatState.OFFERED, SeatState.WAITING, SeatState.CANCELLED  # noqa: E741


# ---------------------------------------------------------------- the walk


@dataclass
class Walk:
    """A room of seats with the rules under test: who wants or has a seat, and who did."""

    chance: random.Random
    capacity: int = 20
    groups: dict[int, Group] = field(default_factory=dict)
    gone: dict[int, Group] = field(default_factory=dict)
    served: list[int] = field(default_factory=list)
    late: set[int] = field(default_factory=set)
    offer: Callable[["Walk"], tuple[Group, ...]] = lambda walk: walk.fair()

    def step(self) -> None:
        """One random thing happens, and what is free is offered."""
        # A line that grows for ever would only make the walk slow.
        comes = self.sign_up if len(self.groups) < 40 else self.cancel
        people = (comes, comes, self.cancel, self.expire, self.accept, self.decline, self.grow)
        self.chance.choice((*people, self.raise_, self.lower))()
        for one in self.offer(self):
            self.served.append(one.id)
            self._set(one, SeatState.OFFERED)
        # Who was too big, or could not be told, may be overtaken.
        self.late |= {one.id for one in self.all if one.party > self.capacity or one.passed_over}

    @property
    def all(self) -> tuple[Group, ...]:
        """Whoever wants or has a seat."""
        return tuple(self.groups.values())

    def fair(self) -> tuple[Group, ...]:
        """The rule under test; who cannot be told is passed over."""
        return seats.next_offers(self.capacity, self.all, self._tell)

    def _tell(self, one: Group) -> bool:
        if not one.reached:
            self.groups[one.id] = replace(one, passed_over=True)
        return one.reached

    def quickest(self) -> tuple[Group, ...]:
        """The guard taken out: whoever fits is let in, no matter who came before."""
        left = seats.free(self.capacity, self.all)
        return tuple(one for one in seats.waiting(self.all) if one.party <= left and one.reached)[-1:]

    def jammed(self) -> tuple[Group, ...]:
        """The other guard taken out: the first in line is waited for, also when there can never be seats for it."""
        first = seats.waiting(self.all)[:1]
        return first if first and first[0].party <= seats.free(self.capacity, self.all) else ()

    def _set(self, one: Group, state: SeatState) -> None:
        now = replace(one, state=state)
        if state in ACTIVE:
            self.groups[one.id] = now
        else:
            self.gone[one.id] = now
            del self.groups[one.id]

    @property
    def came(self) -> int:
        """How many parties there ever were."""
        return len(self.groups) + len(self.gone)

    def _any(self, *states: SeatState) -> Group | None:
        found = [one for one in self.all if one.state in states]
        return self.chance.choice(found) if found else None

    def _turn_into(self, state: SeatState, *states: SeatState) -> None:
        if one := self._any(*states):
            self._set(one, state)

    def sign_up(self) -> None:
        """A party of one to five comes."""
        size = self.chance.randint(1, 5)
        state = seats.arriving(self.capacity, self.all, size)
        one = Group(self.came + 1, size, state, reached=self.chance.random() > 0.1)
        self.groups[one.id] = one
        if state is SeatState.CONFIRMED:
            self.served.append(one.id)

    def cancel(self) -> None:
        """Somebody does not come after all."""
        self._turn_into(X, C, O, W)

    def accept(self) -> None:
        """Somebody takes the seat that is held for them."""
        self._turn_into(C, O)

    def decline(self) -> None:
        """Somebody does not want it any more."""
        self._turn_into(SeatState.DECLINED, O)

    def expire(self) -> None:
        """Somebody does not answer in time."""
        self._turn_into(SeatState.EXPIRED, O)

    def raise_(self) -> None:
        """A few seats more."""
        self.capacity = min(40, self.capacity + self.chance.randint(1, 3))

    def lower(self) -> None:
        """A few seats less, when nobody loses one; somebody who waits may be too big from then on."""
        to = max(2, self.capacity - self.chance.randint(1, 12))
        if not seats.may_lower(self.all, to):
            self.capacity = to

    def grow(self) -> None:
        """A party becomes bigger or smaller, when the rule allows it."""
        size = self.chance.randint(1, 5)
        if (one := self._any(C, O, W)) and not seats.may_grow(self.capacity, self.all, one, size):
            self.groups[one.id] = replace(one, party=size)


def _faults(walk: Walk) -> list[str]:
    """What is wrong in the room right now, counted by hand and not by the rules."""
    sitting = sum(one.party for one in walk.all if one.state in (C, O))
    could_sit = [
        one for one in walk.all if one.state is W and not one.passed_over and one.party <= walk.capacity
    ]
    waits = [one.id for one in could_sit if one.id not in walk.late]
    faults = []
    if sitting > walk.capacity:
        faults.append(f"{sitting} people on {walk.capacity} seats")
    if walk.served and waits and (late := [one for one in waits if one < max(walk.served)]):
        faults.append(f"{late} still wait though {max(walk.served)} came later")
    if could_sit and min(could_sit, key=lambda one: one.id).party <= walk.capacity - sitting:
        faults.append("seats are free for the first in line")
    return faults


@pytest.mark.parametrize("seed", [1, 2])
def test_capacity_random_walk(seed: int) -> None:
    """Ten thousand steps: never more people than seats, everybody in one state, first come first served."""
    walk = Walk(random.Random(seed))
    states: set[SeatState] = set()
    for step in range(STEPS):
        came = walk.came
        walk.step()
        assert not _faults(walk), f"seed {seed}, step {step}"
        assert walk.came - came in (0, 1)
        states |= {one.state for one in walk.all}
    everybody = sorted([*walk.groups, *walk.gone])
    assert everybody == list(range(1, walk.came + 1))
    assert states | {one.state for one in walk.gone.values()} == set(SeatState)
    assert len(set(walk.served)) == len(walk.served) > 500
    assert len(walk.late) > 50


@pytest.mark.parametrize("offer", [Walk.quickest, Walk.jammed])
def test_capacity_random_walk_sees_a_rule_without_its_guard(
    offer: Callable[[Walk], tuple[Group, ...]],
) -> None:
    """With the order taken out of the rule, or the passing over, the walk finds it."""
    walk = Walk(random.Random(1), offer=offer)
    found: list[str] = []
    for _ in range(STEPS):
        walk.step()
        found += _faults(walk)
        if found:
            break
    assert found


# ---------------------------------------------------------------- small cases


def test_a_party_is_confirmed_whole_or_waits() -> None:
    """Two seats are no help to three people, and nobody is let in past those who wait."""
    assert seats.arriving(5, _groups((3, C)), 2) is C
    assert seats.arriving(5, _groups((3, C)), 3) is W
    assert seats.arriving(5, _groups((3, C), (3, W)), 1) is W
    assert seats.arriving(5, _groups((3, X)), 5) is C


def test_who_can_never_sit_holds_nobody_up() -> None:
    """Neither at the door nor in the line; nor does who was passed over, who is asked again at every turn."""
    big = _groups((3, C), (6, W), (1, W))
    assert [one.id for one in seats.next_offers(5, big)] == [3]
    assert seats.arriving(5, big[:2], 2) is C
    assert seats.may_grow(5, big[:2], big[0], 5) == ""
    assert seats.too_big(5, big) == big[1:2]
    untold = (big[0], Group(2, 3, W, passed_over=True), big[2])
    assert [one.id for one in seats.next_offers(5, untold)] == [3]
    assert [one.id for one in seats.next_offers(6, untold)] == [2]
    assert seats.why_waiting(5, untold, untold[1]).rule is Rule.UNTOLD
    assert seats.why_waiting(5, untold, untold[2]).position == 1


def test_nobody_overtakes_a_bigger_party() -> None:
    """The first who does not fit ends the turn, though the next one would fit."""
    line = _groups((4, C), (1, W), (3, W), (1, W))
    assert [one.id for one in seats.next_offers(6, line)] == [2]
    assert [one.id for one in seats.next_offers(8, line)] == [2, 3]
    assert [one.id for one in seats.next_offers(9, line)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("capacity", "line", "who", "expected"),
    [
        (4, ((4, C), (2, W), (1, W)), 3, (2, 2, 0, 1, Rule.AHEAD)),
        (4, ((4, C), (2, W)), 2, (1, 0, 0, 2, Rule.FULL)),
        (5, ((4, C), (2, W)), 2, (1, 0, 1, 2, Rule.WHOLE)),
        (3, ((1, C), (4, W)), 2, (1, 0, 2, 4, Rule.TOO_BIG)),
        (6, ((4, C), (2, W)), 2, (1, 0, 2, 2, Rule.NEXT)),
    ],
)
def test_why_somebody_waits(
    capacity: int,
    line: tuple[tuple[int, SeatState], ...],
    who: int,
    expected: tuple[int, int, int, int, Rule],
) -> None:
    """Position, seats ahead, free and needed, and the rule that applies."""
    parties = _groups(*line)
    why = seats.why_waiting(capacity, parties, parties[who - 1])
    assert (why.position, why.ahead, why.free, why.needed, why.rule) == expected


@pytest.mark.parametrize(
    ("line", "who", "size", "problem"),
    [
        (((2, C), (2, C)), 1, 1, ""),
        (((2, C), (2, C)), 1, 3, ""),
        (((2, C), (2, C)), 1, 4, "does_not_fit"),
        (((2, C), (2, C), (2, W)), 1, 3, "others_wait"),
        (((5, C), (1, W), (1, W)), 2, 2, "others_behind"),
        (((5, C), (1, W), (1, W)), 3, 5, ""),
        (((5, C), (1, W), (1, W)), 3, 6, "party_over_capacity"),
        (((2, C), (2, C)), 1, 6, "party_over_capacity"),
    ],
)
def test_a_party_that_grows(
    line: tuple[tuple[int, SeatState], ...], who: int, size: int, problem: str
) -> None:
    """It must fit, and must not take what others wait for."""
    parties = _groups(*line)
    assert seats.may_grow(5, parties, parties[who - 1], size) == problem


def test_the_preview_of_a_raise() -> None:
    """Who is offered, who stays, how many letters, how many will come."""
    parties = _groups((8, C), (2, O), (3, W), (2, W), (4, W))
    preview = seats.raise_preview(10, parties, 15, Attended(confirmed=250, attended=216))
    assert (preview.offered, preview.stay, preview.letters, preview.taken) == ((3, 4), (5,), 2, 15)
    assert preview.expected == 13
    assert seats.raise_preview(10, parties, 11, Attended(0, 0)).expected is None


@pytest.mark.parametrize(("to", "over"), [(12, 0), (10, 0), (7, 3)])
def test_lowering_never_goes_below_what_is_taken(to: int, over: int) -> None:
    """It says by how many seats."""
    assert seats.may_lower(_groups((8, C), (2, O), (3, W)), to) == over


def test_free_is_never_less_than_none() -> None:
    """Even when more is taken than there is."""
    assert [seats.free(capacity, _groups((8, C))) for capacity in (9, 8, 5)] == [1, 0, 0]
