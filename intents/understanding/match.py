"""The only door to rapidfuzz: a question against every question and phrasing of an edition.

A cheap view over weighted character n-grams finds the forty nearest texts; rapidfuzz compares those
letter by letter. An entry is as near as its nearest text. Scores are 0..1 and only comparable
within one question.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from intents.understanding.normalise import key
from knowledge.model import Entry

NEAREST_TEXTS = 40
CANDIDATES = 10
# How much each view says; the n-grams know which letters are rare, the two ratios know their order.
GRAMS_SAY, RATIO_SAYS, PARTIAL_SAYS = 0.62, 0.26, 0.12
_Floats = NDArray[np.float32]
_Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry and how near it is to the question, 0..1."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest entries, best first, and the share (0..1) of the question's weight that no entry knows."""

    candidates: tuple[Candidate, ...]
    unknown: float


class Matcher:
    """The texts of an edition, indexed once; asking is read-only and safe from any thread."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        texts = [(entry.id, key(text)) for entry in entries for text in _texts(entry)]
        self._ids = tuple(entry for entry, _ in texts)
        self._keys = tuple(text for _, text in texts)
        self._rarity = _rarity(texts)
        self._postings = _postings(self._keys, self._rarity)

    def find(self, text: str) -> Match:
        """The entries nearest to a text."""
        question = key(text)
        weights, unknown = self._weights(question)
        grams = self._by_grams(weights)
        nearest = np.argsort(-grams, kind="stable")[:NEAREST_TEXTS]
        nearest = nearest[grams[nearest] > 0]
        return Match(tuple(self._ranked(question, grams, nearest)), unknown)

    def _weights(self, question: str) -> tuple[dict[str, float], float]:
        grams = Counter(_grams(question))
        rarest = max(self._rarity.values(), default=1.0)
        all_weights = {gram: n * self._rarity.get(gram, rarest) for gram, n in grams.items()}
        known = {gram: weight for gram, weight in all_weights.items() if gram in self._rarity}
        whole = math.sqrt(sum(weight**2 for weight in all_weights.values())) or 1.0
        lost = sum(all_weights.values()) - sum(known.values())
        return {gram: weight / whole for gram, weight in known.items()}, lost / (
            sum(all_weights.values()) or 1.0
        )

    def _by_grams(self, weights: dict[str, float]) -> _Floats:
        scores = np.zeros(len(self._keys), dtype=np.float32)
        for gram, weight in weights.items():
            texts, shares = self._postings[gram]
            scores[texts] += weight * shares
        return scores

    def _ranked(self, question: str, grams: _Floats, nearest: NDArray[np.intp]) -> Iterator[Candidate]:
        if not len(nearest):
            return
        keys = [self._keys[i] for i in nearest]
        ratio = process.cdist([question], keys, scorer=fuzz.ratio)[0] / 100
        partial = process.cdist([question], keys, scorer=fuzz.partial_ratio)[0] / 100
        scores = GRAMS_SAY * grams[nearest] + RATIO_SAYS * ratio + PARTIAL_SAYS * partial
        best: dict[str, float] = {}
        for i, score in zip(nearest, scores, strict=True):
            entry = self._ids[i]
            best[entry] = max(best.get(entry, 0.0), min(1.0, float(score)))
        for entry in sorted(best, key=lambda name: (-best[name], name))[:CANDIDATES]:
            yield Candidate(entry, best[entry])


def alike(one: Sequence[str], other: Sequence[str], at_least: float) -> list[tuple[int, int, float]]:
    """The pairs of texts that say nearly the same, with their likeness 0..1; for the authors' check."""
    table = process.cdist(
        [key(text) for text in one],
        [key(text) for text in other],
        scorer=fuzz.ratio,
        score_cutoff=at_least * 100,
    )
    return [(int(i), int(j), float(table[i, j]) / 100) for i, j in zip(*np.nonzero(table), strict=True)]


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.question.ja
    yield entry.question.en
    yield from entry.phrasings.all()
    yield from entry.keywords.all()


def _grams(text: str) -> Iterator[str]:
    framed = f" {text} "
    for size in (1, 2, 3):
        yield from (framed[i : i + size] for i in range(len(framed) - size + 1))


def _rarity(texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """How telling an n-gram is: rare among entries, not among texts, or a well-phrased entry would lose."""
    owners: dict[str, set[str]] = defaultdict(set)
    entries = set()
    for entry, text in texts:
        entries.add(entry)
        for gram in set(_grams(text)):
            owners[gram].add(entry)
    # Longer n-grams say more than single letters do.
    return {
        gram: math.log(1 + len(entries) / len(having)) * (0.4 + 0.3 * len(gram))
        for gram, having in owners.items()
    }


def _postings(keys: Sequence[str], rarity: dict[str, float]) -> dict[str, tuple[_Ints, _Floats]]:
    rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, text in enumerate(keys):
        weights = {gram: n * rarity[gram] for gram, n in Counter(_grams(text)).items()}
        whole = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        for gram, weight in weights.items():
            rows[gram].append((number, weight / whole))
    return {
        gram: (np.array([n for n, _ in row], dtype=np.int32), np.array([w for _, w in row], dtype=np.float32))
        for gram, row in rows.items()
    }
