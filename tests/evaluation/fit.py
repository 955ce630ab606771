"""`make fit`: weighs the views, calibrates the confidence, draws the lines, and writes down what that gives.

Everything is learnt from the development questions only. The figures printed are cross-validated by topic: each
question is judged by a fit that has not seen its topic.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.clock import now, tokyo_day
from intents.understanding.build import searchable, short_texts
from intents.understanding.confidence import (
    BIAS,
    FILE,
    Calibration,
    Thresholds,
    confidence,
    evidence,
    nearness,
)
from intents.understanding.evaluation import FIRST_FEW, Question, questions_in, report
from intents.understanding.match import Candidate, Match
from intents.understanding.normalise import key
from intents.understanding.router import ASKABLE, Understanding
from knowledge.model import Edition, EntryKind
from knowledge.reader import files_in, read
from tests.evaluation.lines import Judged, draw, shares
from tests.evaluation.rehearsal import rehearsals

DEV = Path(__file__).parent / "dev"
FOLDS, VIEW_RIDGE, EVIDENCE_RIDGE = 5, 2.0, 1.0
VIEWS = ("words", "crowd", "covers", "covered", "body", "letters", "kin", "mood", "sound", "spelling")
# Questions that stand in the knowledge are left out, so what an identical text says cannot be learnt from them.
SAME = {"same": 0.5}
# A development question counts as so many rehearsed ones: it was written by somebody who did not know the answers.
DEVELOPED = 5.0
Numbers = NDArray[np.float64]
Kinds = dict[str, EntryKind]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question with everything that the views saw for its nearest entries."""

    question: Question
    ids: tuple[str, ...]
    views: Numbers
    unknown: float
    words: int
    kinds: tuple[EntryKind, ...]
    fold: int
    rehearsed: bool = False

    def right(self, entry: str, kinds: Kinds) -> bool:
        """Whether that entry is what the question needs; what is outside needs a signpost or a refusal."""
        if self.question.outside:
            return kinds[entry] in (EntryKind.ELSEWHERE, EntryKind.OUTSIDE)
        return entry in (self.question.right | self.question.any_of | {self.question.intent})

    def near(self, match: Match, kinds: Kinds) -> bool:
        """Whether one of the nearest three is what an askable question needs."""
        askable = [found.entry for found in match.candidates if kinds[found.entry] in ASKABLE][:FIRST_FEW]
        return not self.question.outside and any(self.right(entry, kinds) for entry in askable)


def questions() -> list[Question]:
    """All development questions."""
    lines = [line for file in sorted(DEV.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return questions_in(lines)


def strange(edition: Edition) -> list[Question]:
    """The development questions that do not happen to stand in the knowledge, however they are spelled."""
    known = {key(text) for entry in searchable(edition) for text in short_texts(entry)}
    return [question for question in questions() if key(question.query) not in known]


def look(mind: Understanding, asked: Sequence[Question]) -> list[Seen]:
    """What the views see for each question."""
    today = tokyo_day(now())
    found = []
    for question in asked:
        match = mind.match(question.query, today)
        if not match.candidates:
            continue
        group = question.topic or min(question.any_of, default="") or question.intent or question.query
        ids = tuple(candidate.entry for candidate in match.candidates)
        views = np.stack([match.views[name] for name in VIEWS], axis=1).astype(float)
        fold = zlib.crc32(group.encode()) % FOLDS
        found.append(Seen(question, ids, views, match.unknown, match.words, match.kinds, fold))
    return found


def weigh(rows: Sequence[Seen], kinds: Kinds) -> Numbers:
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
    return Match(found, row.unknown, row.words, views, tuple(row.kinds[n] for n in order))


def calibrate(matches: Sequence[Match], right: Sequence[bool], counts: Numbers) -> dict[str, float]:
    """What each piece of evidence is worth, the bias included (logistic regression)."""
    names = tuple(evidence(matches[0]))
    table = np.array([[evidence(match)[name] for name in names] for match in matches])
    middle, spread = table.mean(0), table.std(0) + 1e-6
    whole = np.c_[(table - middle) / spread, np.ones(len(table))]
    truth = np.array(right, dtype=float)

    def loss(worth: Numbers) -> tuple[float, Numbers]:
        scores = whole @ worth
        value = (counts * np.logaddexp(0, -scores * (2 * truth - 1))).sum()
        slope = whole.T @ (counts * (1 / (1 + np.exp(-scores)) - truth))
        slope[:-1] += EVIDENCE_RIDGE * worth[:-1]
        return float(value + 0.5 * EVIDENCE_RIDGE * (worth[:-1] @ worth[:-1])), slope

    worth = minimize(loss, np.zeros(whole.shape[1]), jac=True, method="L-BFGS-B").x
    plain = worth[:-1] / spread
    return dict(zip(names, map(float, plain), strict=True)) | {BIAS: float(worth[-1] - plain @ middle)}


def fit(rows: Sequence[Seen], kinds: Kinds) -> Calibration:
    """Weights and evidence from these rows; the lines are drawn elsewhere."""
    weights = weigh([row for row in rows if not row.rehearsed], kinds)
    matches = [ranked(row, weights) for row in rows]
    counts = np.array([1.0 if row.rehearsed else DEVELOPED for row in rows])
    pairs = list(zip(rows, matches, strict=True))
    first = calibrate(matches, [row.right(match.candidates[0].entry, kinds) for row, match in pairs], counts)
    near = calibrate(matches, [row.near(match, kinds) for row, match in pairs], counts)
    return Calibration(dict(zip(VIEWS, map(float, weights), strict=True)) | SAME, first, near, Thresholds())


def cross_validated(rows: Sequence[Seen], kinds: Kinds) -> list[Judged]:
    """Every development question judged by the fit of the other folds, rehearsals included."""
    found = []
    for fold in range(FOLDS):
        made = fit([row for row in rows if row.fold != fold], kinds)
        weights = np.array([made.weights[name] for name in VIEWS])
        for row in rows:
            if row.fold == fold and not row.rehearsed:
                match = ranked(row, weights)
                first = match.candidates[0].entry
                sure, near = confidence(match, made), nearness(match, made)
                found.append(
                    Judged(
                        row.question,
                        kinds[first],
                        sure,
                        near,
                        row.right(first, kinds),
                        row.near(match, kinds),
                    )
                )
    return found


def main() -> None:
    """Fits, writes `calibration.json`, prints the report."""
    edition = read(files_in()).edition
    flat = Calibration(dict.fromkeys(VIEWS, 1 / len(VIEWS)), {}, {}, Thresholds())
    mind = Understanding(edition, flat)
    rows = look(mind, strange(edition))
    for part, asked in rehearsals(edition, flat):
        rows += [replace(row, rehearsed=True) for row in look(part, asked)]
    kinds = {entry: mind.kind(entry) for row in rows for entry in row.ids}
    judged = cross_validated(rows, kinds)
    final = replace(fit(rows, kinds), thresholds=draw(judged))
    honest = shares(judged, final.thresholds)
    seen = report(Understanding(edition, final), strange(edition), tokyo_day(now())).figures()
    FILE.write_text(_kept(final, edition.name, honest, seen), "utf-8")
    print("cross-validated:", json.dumps(honest, indent=1))
    print("on the same questions:", json.dumps(seen, indent=1))
    print(final.thresholds)


def _kept(made: Calibration, edition: str, honest: dict[str, float], seen: dict[str, float]) -> str:
    dev = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(DEV.glob("*.jsonl")))).hexdigest()[:12]
    kept: dict[str, Any] = {
        "chosen": {"edition": edition, "questions": dev, "cross_validated": honest, "development": seen},
        "weights": {name: round(value, 4) for name, value in made.weights.items()},
        "first": {name: round(value, 4) for name, value in made.first.items()},
        "near": {name: round(value, 4) for name, value in made.near.items()},
        "thresholds": asdict(made.thresholds),
    }  # fmt: skip
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()
