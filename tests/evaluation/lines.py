"""Where to draw the lines between answering, asking back and giving up, and what that gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from intents.understanding.confidence import Thresholds
from intents.understanding.evaluation import OUTSIDE, Question
from intents.understanding.match import ASIDES, ORDERS
from knowledge.model import EntryKind

# Shares of the development questions, with room for questions that are harder: in scope and answered wrongly,
# outside (far, near or tricky) and answered, outside and bothered with choices, and of the orders obeyed, those that were none or others.
MOST_WRONG, MOST_FAR, MOST_NEAR, MOST_BOTHERED, MOST_MISORDERED = 0.015, 0.02, 0.05, 0.1, 0.11
ANSWERS = (EntryKind.FAQ, EntryKind.CARD)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, the kind of its nearest entry, and how sure a fit is that has not seen its topic."""

    question: Question
    kind: EntryKind
    sure: float
    near: float
    right: bool
    near_right: bool

    @property
    def inside(self) -> bool:
        """Whether an answer is expected."""
        return bool(self.question.right)


def draw(judged: Sequence[Judged]) -> Thresholds:
    """The lowest lines at which wrong answers stay rare and orders and signposts are more often right than wrong."""
    answer = _answer_line(judged)
    command = _order_line(judged)
    aside = _even_line([one for one in judged if one.kind in ASIDES])
    lines = Thresholds(answer=answer, command=command, aside=aside)
    return Thresholds(answer=answer, command=command, aside=aside, choices=_choices_line(judged, lines))


def shares(judged: Sequence[Judged], lines: Thresholds) -> dict[str, float]:
    """The cross-validated figures by name."""
    inside = [one for one in judged if one.inside]
    given = _given(judged, lines.answer)
    made = {
        "right first": _share([one.right for one in inside]),
        "answered": sum(one.inside for one in given) / len(inside),
        "confident wrong": sum(one.inside and not one.right for one in given) / len(inside),
        "orders obeyed": _share(
            [one.right and one.sure >= lines.command for one in judged if one.question.intent]
        ),
        "obeyed wrongly": _share(
            [one.kind in ORDERS and one.sure >= lines.command and not one.right for one in judged]
        ),
        "right when 0.9 sure": _share([one.right for one in judged if one.sure >= 0.9]),
        "right when 0.8 to 0.9 sure": _share([one.right for one in judged if 0.8 <= one.sure < 0.9]),
    }
    for kind in OUTSIDE:
        made[f"refused {kind}"] = 1 - _outside(given, kind) / (_outside(judged, kind) or 1)
    return {name: round(share, 3) for name, share in made.items()}


def _answer_line(judged: Sequence[Judged]) -> float:
    inside = sum(one.inside for one in judged)
    most = {kind: MOST_FAR if kind == "far" else MOST_NEAR for kind in OUTSIDE}

    def holds(line: float) -> bool:
        given = _given(judged, line)
        wrong = sum(one.inside and not one.right for one in given)
        passed = {kind: _outside(given, kind) / (_outside(judged, kind) or 1) for kind in OUTSIDE}
        return wrong / inside <= MOST_WRONG and all(passed[kind] <= most[kind] for kind in OUTSIDE)

    lines = [n / 100 for n in range(30, 99)]
    return next((line for line in lines if holds(line)), lines[-1])


def _order_line(judged: Sequence[Judged]) -> float:
    """The lowest line at which few are obeyed who ordered nothing, or something else."""

    def misunderstood(line: float) -> float:
        obeyed = [one.right for one in judged if one.kind in ORDERS and one.sure >= line]
        return 1 - _share(obeyed)

    return next(line for line in [n / 100 for n in range(15, 100)] if misunderstood(line) <= MOST_MISORDERED)


def _even_line(some: Sequence[Judged]) -> float:
    """Where believing it gains most: what is right less what is wrong above the line."""
    lines = [n / 100 for n in range(15, 90, 5)]
    gain = {line: sum(1 if one.right else -1 for one in some if one.sure >= line) for line in lines}
    return max(lines, key=lambda line: (gain[line], -line))


def _choices_line(judged: Sequence[Judged], lines: Thresholds) -> float:
    """The lowest line at which few who ask for something else are bothered with choices."""
    undecided = [one for one in judged if one.sure < _line_of(one.kind, lines)]
    outside = sum(bool(one.question.outside) for one in judged)

    def bothered(line: float) -> float:
        return sum(bool(one.question.outside) for one in undecided if one.near >= line) / outside

    return next(line for line in [n / 100 for n in range(2, 100)] if bothered(line) <= MOST_BOTHERED)


def _line_of(kind: EntryKind, lines: Thresholds) -> float:
    return lines.answer if kind in ANSWERS else lines.command if kind in ORDERS else lines.aside


def _given(judged: Sequence[Judged], line: float) -> list[Judged]:
    return [one for one in judged if one.kind in ANSWERS and one.sure >= line]


def _outside(some: Sequence[Judged], kind: str) -> int:
    return sum(one.question.outside == kind for one in some)


def _share(held: Sequence[bool]) -> float:
    return sum(held) / (len(held) or 1)
