"""All rules that must hold, judged over a time that was lived through."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.simulation import checks_answers, checks_letters, checks_office, checks_steps
from bot.simulation.evidence import Evidence, Judged
from bot.simulation.promptness import Prompt, promptness

CHECKS: tuple[Callable[[Evidence], Judged], ...] = (
    checks_letters.told_once,
    checks_letters.none_lost,
    checks_letters.delivered_once,
    checks_letters.quiet_hours,
    checks_letters.one_a_day,
    checks_letters.weekly_budget,
    checks_answers.not_after_done,
    checks_answers.snooze_limits,
    checks_answers.going_up,
    checks_answers.to_staff,
    checks_answers.none_stuck,
    checks_steps.none_forgotten,
    checks_office.seats_and_line,
    checks_office.windows_close,
    checks_office.record_holds,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it."""

    rules: tuple[Judged, ...]
    prompt: Prompt

    @property
    def holds(self) -> bool:
        """Whether every rule does."""
        return all(one.holds for one in self.rules)


def judge(seen: Evidence) -> Verdict:
    """Judges every rule."""
    prompt = promptness(seen)
    return Verdict((*(check(seen) for check in CHECKS), prompt.judged()), prompt)
