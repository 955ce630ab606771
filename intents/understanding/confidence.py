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

from intents.understanding.index import Floats
from intents.understanding.match import ASIDES, ORDERS, Match

FILE = Path(__file__).parent / "calibration.json"
SEEN = ("words", "crowd", "covers", "covered", "body", "letters", "sound", "spelling")
# A text that an author wrote for one entry only means that entry.
SAME_TEXT = 0.98
BIAS = "bias"
# From this share of the best score on, an entry is as near as the best.
CLOSE = 0.85
# So many words are a text that names a thing; so many candidates are looked at; this much of a text is all of it.
BRIEF, FEW, WHOLLY = 2, 3, 0.99
# More words than this make nobody surer: the development questions are not longer.
LONG = 15


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the desk must be, 0..1, to answer, to obey or chat, to send elsewhere, and that asking back helps."""

    answer: float = 0.6
    command: float = 0.5
    aside: float = 0.5
    choices: float = 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the views weigh, what the evidence is worth, and where to draw the lines.

    `first` judges whether the nearest entry is meant, `near` whether one of the nearest three is.
    """

    weights: Mapping[str, float]
    first: Mapping[str, float]
    near: Mapping[str, float]
    thresholds: Thresholds


@cache
def load_calibration(file: Path = FILE) -> Calibration:
    """The calibration that ships with the product."""
    kept = json.loads(file.read_text("utf-8"))
    return Calibration(kept["weights"], kept["first"], kept["near"], Thresholds(**kept["thresholds"]))


def evidence(match: Match) -> dict[str, float]:
    """What speaks for and against the nearest entry, by name; scores are relative to the best possible."""
    scores = [candidate.score for candidate in match.candidates] + [0.0, 0.0]
    seen = {name: float(match.views[name][0]) for name in SEEN if name in match.views}
    rival = next((score for score, kind in zip(scores, match.kinds, strict=False) if kind in ASIDES), 0.0)
    aside, order = match.kinds[0] in ASIDES, match.kinds[0] in ORDERS
    fits = bool(match.views["mood"][0])
    leads = [float(values[0] >= values.max() - 1e-6) for values in _witnesses(match)]
    return seen | {
        "score": scores[0],
        "lead": scores[0] - scores[1],
        "lead_of_two": scores[0] - scores[2],
        "agreed": sum(leads) / (len(leads) or 1),
        "aside": float(aside),
        "order": float(order),
        "order_wanted": float(order and fits),
        "answer_wanted": float(not order and fits),
        "before_asides": 0.0 if aside else scores[0] - rival,
        "unknown": match.unknown,
        "length": math.log1p(min(match.words, LONG)),
        "one_word": float(match.words <= 1),
        "one_known_word": float(match.words == 1 and not match.unknown and not aside),
        "crowded": sum(score >= CLOSE * scores[0] for score in scores) / len(scores),
    }


def _named_alone(match: Match) -> bool:
    same = match.views.get("same")
    return same is not None and bool(same[0]) and float(same.sum()) == 1.0


def _witnesses(match: Match) -> list[Floats]:
    """The views that say something about words; mood and sameness are not witnesses."""
    return [values for name, values in match.views.items() if name not in ("mood", "same") and len(values)]


def confidence(match: Match, calibration: Calibration) -> float:
    """The calibrated likelihood that the nearest entry is meant."""
    if match.candidates and _named_alone(match):
        return SAME_TEXT
    return _likely(match, calibration.first)


def nearness(match: Match, calibration: Calibration) -> float:
    """The calibrated likelihood that one of the nearest three is meant, so that asking back helps."""
    return _likely(match, calibration.near)


def is_brief(match: Match) -> bool:
    """Whether the text is a word or two that the knowledge holds, and one of the nearest entries is ours."""
    if not match.candidates or not 0 < match.words <= BRIEF or match.unknown:
        return False
    near = zip(match.views["covered"][:FEW], match.kinds[:FEW], strict=True)
    return match.kinds[0] not in ASIDES or any(
        covered >= WHOLLY for covered, kind in near if kind not in ASIDES
    )


def _likely(match: Match, worth: Mapping[str, float]) -> float:
    if not match.candidates:
        return 0.0
    total = worth.get(BIAS, 0.0) + sum(
        worth.get(name, 0.0) * value for name, value in evidence(match).items()
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
