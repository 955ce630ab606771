"""How long a simulated fiscal year takes, and whether it held; it has a SQLite database of its own."""

import time
from datetime import date

from bot.simulation.evidence import evidence
from bot.simulation.plan import Plan
from bot.simulation.verdict import judge
from bot.simulation.year import live
from knowledge.model import Edition
from knowledge.reader import files_in, read

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
PROJECTS, FULL_PROJECTS, SEED = 100, 1_000, 20261124


def report(*, full: bool) -> None:
    """Prints the seconds of a year, its letters, and what did not hold."""
    plan = Plan(FIRST, LAST, SEED, FULL_PROJECTS if full else PROJECTS)
    begun = time.perf_counter()
    with live(plan, _edition()) as lived, evidence(lived) as seen:
        verdict = judge(seen)
    seconds = time.perf_counter() - begun
    letters = len(lived.story.arrivals)
    broken = [rule.name for rule in verdict.rules if not rule.holds] or "nothing"
    print(
        f"simulate {plan.projects} projects, a year, seed {SEED}: {seconds:.0f} s, {letters} letters arrived,"
    )
    print(f"  {verdict.prompt.share:.2f} % within five minutes, broken: {broken}")


def _edition() -> Edition:
    files = files_in()
    return read({name: files[name] for name in ("calendar.toml", "sources.toml", "facts.toml")}).edition
