"""The share of dialog steps, and of ways to repair them, that passing tests reached."""

from collections.abc import Collection, Iterator

from intents.dialog import Dialog, Question
from intents.dialogs import DIALOGS

Reached = tuple[str, ...]
# No methodology has so many rules today; a test fails when one has.
SPARE = frozenset({"rule_9", "rule_10"})
EVERYWHERE = ("answer", "back", "change", "help", "person", "cancel", "restart")


def expected() -> set[Reached]:
    """Every step that is asked, with each way that applies to it."""
    return {
        (dialog.name, question.name, way)
        for dialog in DIALOGS
        for question in dialog.questions
        if not question.carried and question.name not in SPARE
        for way in _ways(dialog, question)
    }


def _ways(_: Dialog, question: Question) -> Iterator[str]:
    yield from EVERYWHERE
    if not question.open:
        # Free text takes everything: nothing is wrong with it, and a question in it is part of it.
        yield from ("aside", "wrong")
    if not (question.open and question.required):
        yield "skip"


def missing(reached: Collection[Reached]) -> list[str]:
    """What no passing test reached."""
    return sorted(" ".join(step) for step in expected() - set(reached))


def summary(reached: Collection[Reached]) -> str:
    """One line for the end of a test run."""
    wanted = expected()
    share = 100 * len(wanted & set(reached)) / len(wanted)
    steps = len({step[:2] for step in wanted})
    return f"dialog coverage: {share:.1f} % of {steps} steps with every way to repair them ({len(wanted)} in all)"
