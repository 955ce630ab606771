"""`make fit`: weighs the views, calibrates the confidence, draws the lines, and writes down what that gives.

Everything is learnt from the development questions only. The figures printed are cross-validated by topic: each
question is judged by a fit that has not seen its topic.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.clock import now, tokyo_day
from intents.understanding.confidence import FILE, Calibration, Thresholds, confidence, evidence
from intents.understanding.evaluation import Question, questions_in, report
from intents.understanding.match import Candidate, Match
from intents.understanding.router import Understanding
from knowledge.model import EntryKind
from knowledge.reader import files_in, read
from tests.evaluation.rehearsal import rehearsals

DEV = Path(__file__).parent / "dev"
FOLDS, VIEW_RIDGE, EVIDENCE_RIDGE = 5, 2.0, 1.0
VIEWS = ("words", "crowd", "covers", "covered", "body", "letters", "kin", "sound", "spelling")
# Development questions never stand in the knowledge, so what an identical text says cannot be learnt from them.
SAME = {"same": 0.5}
# A development question counts as so many rehearsed ones: it was written by somebody who did not know the answers.
DEVELOPED = 5.0
# What the lines are drawn for, of the development questions, with room for questions that are harder.
MOST_WRONG, MOST_OUTSIDE, MOST_NEAR, MOST_BOTHERED = 0.02, 0.02, 0.05, 0.1
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question with everything that the views saw for its nearest entries."""

    question: Question
    ids: tuple[str, ...]
    views: Numbers
    unknown: float
    words: int
    asides: tuple[bool, ...]
    fold: int
    rehearsed: bool = False

    def right(self, entry: str, kinds: dict[str, EntryKind]) -> bool:
        """Whether that entry is what the question needs; what is outside needs a signpost or a refusal."""
        if self.question.outside:
            return kinds[entry] in (EntryKind.ELSEWHERE, EntryKind.OUTSIDE)
        return entry in (self.question.right | self.question.any_of | {self.question.intent})


def questions() -> list[Question]:
    """All development questions."""
    lines = [line for file in sorted(DEV.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return questions_in(lines)


def look(mind: Understanding, asked: Sequence[Question]) -> list[Seen]:
    """What the views see for each question."""
    today = tokyo_day(now())
    found = []
    for question in asked:
        match = mind.match(question.query, today)
        group = question.topic or min(question.any_of, default="") or question.query
        ids = tuple(candidate.entry for candidate in match.candidates)
        views = np.stack([match.views[name] for name in VIEWS], axis=1).astype(float)
        fold = zlib.crc32(group.encode()) % FOLDS
        found.append(Seen(question, ids, views, match.unknown, match.words, match.asides, fold))
    return found


def weigh(rows: Sequence[Seen], kinds: dict[str, EntryKind]) -> Numbers:
    """Weights of the views, none negative, that put what is right first (listwise softmax)."""
    lists = []
    for row in rows:
        gain = np.array([row.right(entry, kinds) for entry in row.ids], dtype=float)
        if gain.sum() and not row.question.outside:
            lists.append((row.views, gain / gain.sum()))
    scale = np.concatenate([views for views, _ in lists]).std(0) + 1e-6

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        value, slope = 0.5 * VIEW_RIDGE * float(weights @ weights), VIEW_RIDGE * weights
        for views, gain in lists:
            scores = (views / scale) @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            value -= float((gain * np.log(likely + 1e-12)).sum())
            slope = slope + (views / scale).T @ (likely - gain)
        return value, slope

    start = np.full(len(VIEWS), 0.3)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(VIEWS))
    weights: Numbers = found.x / scale
    shares: Numbers = weights / weights.sum()
    return shares


def ranked(row: Seen, weights: Numbers) -> Match:
    """The match that these weights give."""
    scores = row.views @ weights
    order = np.argsort(-scores, kind="stable")
    found = tuple(Candidate(row.ids[n], float(scores[n])) for n in order)
    views = {name: row.views[order, column].astype(np.float32) for column, name in enumerate(VIEWS)}
    return Match(found, row.unknown, row.words, views, tuple(row.asides[n] for n in order))


def calibrate(
    matches: Sequence[Match], right: Sequence[bool], counts: Numbers
) -> tuple[dict[str, float], float]:
    """What each piece of evidence is worth, and the bias (logistic regression)."""
    names = tuple(evidence(matches[0]))
    table = np.array([[evidence(match)[name] for name in names] for match in matches])
    middle, spread = table.mean(0), table.std(0) + 1e-6
    whole = np.c_[(table - middle) / spread, np.ones(len(table))]
    truth = np.array(right, dtype=float)

    def loss(worth: Numbers) -> tuple[float, Numbers]:
        scores = whole @ worth
        value = (counts * np.logaddexp(0, -scores * (2 * truth - 1))).sum() + 0.5 * EVIDENCE_RIDGE * (
            worth[:-1] @ worth[:-1]
        )
        slope = whole.T @ (counts * (1 / (1 + np.exp(-scores)) - truth))
        slope[:-1] += EVIDENCE_RIDGE * worth[:-1]
        return float(value), slope

    worth = minimize(loss, np.zeros(whole.shape[1]), jac=True, method="L-BFGS-B").x
    plain = worth[:-1] / spread
    return dict(zip(names, map(float, plain), strict=True)), float(worth[-1] - plain @ middle)


def fit(rows: Sequence[Seen], kinds: dict[str, EntryKind]) -> Calibration:
    """Weights and evidence from these rows; the lines are drawn elsewhere."""
    weights = weigh([row for row in rows if not row.rehearsed], kinds)
    matches = [ranked(row, weights) for row in rows]
    right = [row.right(match.candidates[0].entry, kinds) for row, match in zip(rows, matches, strict=True)]
    counts = np.array([1.0 if row.rehearsed else DEVELOPED for row in rows])
    worth, bias = calibrate(matches, right, counts)
    return Calibration(dict(zip(VIEWS, map(float, weights), strict=True)) | SAME, worth, bias, Thresholds())


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, its nearest entry, and how sure a fit is that has not seen its topic."""

    row: Seen
    first: str
    sure: float
    right: bool


def cross_validated(rows: Sequence[Seen], kinds: dict[str, EntryKind]) -> list[Judged]:
    """Every development question judged by the fit of the other folds, rehearsals included."""
    found = []
    for fold in range(FOLDS):
        made = fit([row for row in rows if row.fold != fold], kinds)
        weights = np.array([made.weights[name] for name in VIEWS])
        for row in rows:
            if row.fold == fold and not row.rehearsed:
                match = ranked(row, weights)
                first = match.candidates[0].entry
                found.append(Judged(row, first, confidence(match, made), row.right(first, kinds)))
    return found


def draw(judged: Sequence[Judged], kinds: dict[str, EntryKind]) -> Thresholds:
    """The lowest line for answers that keeps wrong ones rare, and the lines below it."""
    faq = [one for one in judged if kinds[one.first] in (EntryKind.FAQ, EntryKind.CARD)]
    inside = sum(bool(one.row.question.right) for one in judged)

    def holds(line: float) -> bool:
        given = [one for one in faq if one.sure >= line]
        wrong = sum(bool(one.row.question.right) and not one.right for one in given)
        outside = {
            kind: sum(one.row.question.outside == kind for one in given) for kind in ("far", "near", "tricky")
        }
        asked = {kind: sum(one.row.question.outside == kind for one in judged) or 1 for kind in outside}
        shares = {kind: outside[kind] / asked[kind] for kind in outside}
        most = {"far": MOST_OUTSIDE, "near": MOST_NEAR, "tricky": MOST_NEAR}
        return wrong / inside <= MOST_WRONG and all(shares[kind] <= most[kind] for kind in most)

    lines = [n / 100 for n in range(30, 99)]
    answer = next((line for line in lines if holds(line)), lines[-1])
    orders = [one for one in judged if kinds[one.first] in (EntryKind.COMMAND, EntryKind.SMALLTALK)]
    return Thresholds(
        answer=answer, command=_command_line(orders), choices=_choices_line(judged, faq, answer)
    )


def _command_line(orders: Sequence[Judged]) -> float:
    """Where an order is more often meant than not."""
    lines = [n / 100 for n in range(20, 90, 5)]
    gain = {line: sum(1 if one.right else -1 for one in orders if one.sure >= line) for line in lines}
    return max(lines, key=lambda line: (gain[line], -line))


def _choices_line(judged: Sequence[Judged], faq: Sequence[Judged], answer: float) -> float:
    """The lowest line at which few who ask for something else are bothered with choices."""
    outside = sum(bool(one.row.question.outside) for one in judged)

    def bothered(line: float) -> float:
        asked = [one for one in faq if line <= one.sure < answer]
        return sum(bool(one.row.question.outside) for one in asked) / outside

    lines = [n / 100 for n in range(2, int(answer * 100))]
    return next((line for line in lines if bothered(line) <= MOST_BOTHERED), answer)


def main() -> None:
    """Fits, writes `calibration.json`, prints the report."""
    edition = read(files_in()).edition
    flat = Calibration(dict.fromkeys(VIEWS, 1 / len(VIEWS)), {}, 0.0, Thresholds())
    mind = Understanding(edition, flat)
    rows = look(mind, questions())
    for part, asked in rehearsals(edition, flat):
        rows += [replace(row, rehearsed=True) for row in look(part, asked)]
    kinds = {entry: mind.kind(entry) for row in rows for entry in row.ids}
    judged = cross_validated(rows, kinds)
    lines = draw(judged, kinds)
    made = fit(rows, kinds)
    final = Calibration(made.weights, made.evidence, made.bias, lines)
    honest = _shares(judged, kinds, lines)
    seen = report(Understanding(edition, final), questions(), tokyo_day(now())).figures()
    FILE.write_text(_kept(final, edition.name, honest, seen), "utf-8")
    print("cross-validated:", json.dumps(honest, indent=1))
    print("on the same questions:", json.dumps(seen, indent=1))
    print("lines:", lines)
    for line in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97):
        print(line, _shares(judged, kinds, replace(lines, answer=line)))


def _shares(judged: Sequence[Judged], kinds: dict[str, EntryKind], lines: Thresholds) -> dict[str, float]:
    inside = [one for one in judged if one.row.question.right]
    given = [
        one
        for one in judged
        if kinds[one.first] in (EntryKind.FAQ, EntryKind.CARD) and one.sure >= lines.answer
    ]
    shares = {
        "right first": sum(one.right for one in inside) / len(inside),
        "answered": sum(bool(one.row.question.right) for one in given) / len(inside),
        "confident wrong": sum(bool(one.row.question.right) and not one.right for one in given) / len(inside),
    }
    for kind in ("far", "near", "tricky"):
        asked = sum(one.row.question.outside == kind for one in judged)
        shares[f"refused {kind}"] = 1 - sum(one.row.question.outside == kind for one in given) / asked
    shares["right when 0.9 sure"] = _precision([one for one in judged if one.sure >= 0.9])
    shares["right when 0.8 to 0.9 sure"] = _precision([one for one in judged if 0.8 <= one.sure < 0.9])
    return {name: round(share, 3) for name, share in shares.items()}


def _precision(some: Sequence[Judged]) -> float:
    return sum(one.right for one in some) / (len(some) or 1)


def _kept(made: Calibration, edition: str, honest: dict[str, float], seen: dict[str, float]) -> str:
    dev = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(DEV.glob("*.jsonl")))).hexdigest()[:12]
    kept: dict[str, Any] = {
        "chosen": {"edition": edition, "questions": dev, "cross_validated": honest, "development": seen},
        "weights": {name: round(value, 4) for name, value in made.weights.items()},
        "evidence": {name: round(value, 4) for name, value in made.evidence.items()},
        "bias": round(made.bias, 4),
        "thresholds": {"answer": made.thresholds.answer, "command": made.thresholds.command, "choices": made.thresholds.choices},
    }  # fmt: skip
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()
