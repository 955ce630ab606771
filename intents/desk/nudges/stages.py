"""What people have done of dates that may still move, such as the steps on the way to a round: it stays done."""

from collections.abc import Collection

from intents.desk.nudges.records import Obligation, ObligationState
from knowledge.reminder_formulas import FORMULAS
from knowledge.reminders import load_rules

# A closing that followed from the data is taken back when the data changes; what a person said stands.
BY_DATA = "data:"


def apart_of(key: str) -> str:
    """What tells a date from others of its rule besides its day: the round, the month."""
    return key.partition(":")[2]


def met(known: Collection[Obligation]) -> frozenset[tuple[str, str]]:
    """What people said to be done, by rule and what tells it apart, where no new date asks for it again."""
    said = [one for one in known if one.state is ObligationState.DONE and not one.why.startswith(BY_DATA)]
    return frozenset((one.rule, apart_of(one.key)) for one in said if _stays_done(one.rule))


def _stays_done(rule: str) -> bool:
    found = load_rules().get(rule)
    return found is not None and FORMULAS[found.versions[-1].formula].once


def said_done(found: Collection[Obligation], round_: int | None) -> frozenset[str]:
    """The rules whose date for that round was met, as somebody said or as the data show."""
    return frozenset(
        one.rule for one in found if one.state is ObligationState.DONE and apart_of(one.key) == str(round_)
    )
