"""How likely the nearest entry is meant, 0..1: a logistic regression over what the match shows.

The numbers come from `calibration.json`, fitted on the development questions by `make fit`, together with
the report that chose the thresholds.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intents.understanding.match import Match

FILE = Path(__file__).parent / "calibration.json"
SEEN = ("words", "crowd", "covers", "covered", "body", "letters", "sound", "spelling")
# A text that an author wrote for one entry only means that entry.
SAME_TEXT = 0.98


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the desk must be, 0..1, to answer, to obey or chat, and to ask back instead of giving up."""

    answer: float = 0.6
    command: float = 0.5
    choices: float = 0.15


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the views weigh, what the evidence is worth, and where to draw the lines."""

    weights: Mapping[str, float]
    evidence: Mapping[str, float]
    bias: float
    thresholds: Thresholds


@cache
def load_calibration(file: Path = FILE) -> Calibration:
    """The calibration that ships with the product."""
    kept = json.loads(file.read_text("utf-8"))
    return Calibration(kept["weights"], kept["evidence"], kept["bias"], Thresholds(**kept["thresholds"]))


def evidence(match: Match) -> dict[str, float]:
    """What speaks for and against the nearest entry, by name; scores are relative to the best possible."""
    scores = [candidate.score for candidate in match.candidates] + [0.0, 0.0]
    seen = {name: float(match.views[name][0]) for name in SEEN if name in match.views}
    rival = next((score for score, aside in zip(scores, match.asides, strict=False) if aside), 0.0)
    aside = bool(match.asides) and match.asides[0]
    leads = [float(values[0] >= values.max() - 1e-6) for values in match.views.values() if len(values)]
    return seen | {
        "score": scores[0],
        "lead": scores[0] - scores[1],
        "lead_of_two": scores[0] - scores[2],
        "agreed": sum(leads) / (len(leads) or 1),
        "aside": float(aside),
        "before_asides": 0.0 if aside else scores[0] - rival,
        "unknown": match.unknown,
        "length": math.log1p(match.words),
        "one_word": float(match.words <= 1),
    }


def _named_alone(match: Match) -> bool:
    same = match.views.get("same")
    return same is not None and bool(same[0]) and float(same.sum()) == 1.0


def confidence(match: Match, calibration: Calibration) -> float:
    """The calibrated likelihood that the nearest entry is meant."""
    if not match.candidates:
        return 0.0
    shown = evidence(match)
    if _named_alone(match):
        return SAME_TEXT
    total = calibration.bias + sum(
        calibration.evidence.get(name, 0.0) * value for name, value in shown.items()
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
