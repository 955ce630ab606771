"""An inverted index in flat arrays: which texts hold a term, and how much that says about each.

Built once, then read-only; plain arrays, so that it can be kept in a file and read back whole.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Arrays = Mapping[str, NDArray[Any]]
Weigh = Callable[[int, str, int], float]
SATURATION, LENGTH = 1.2, 0.6


@dataclass(frozen=True, slots=True)
class Inverted:
    """Postings of one view: `starts[t]:starts[t+1]` are the texts and weights of term t."""

    terms: Mapping[str, int]
    rarity: Floats
    starts: Ints
    texts: Ints
    weights: Floats
    size: int

    def score(self, query: Mapping[str, float]) -> tuple[Floats, float]:
        """The score of every text, and the weight of the whole query, unknown terms included."""
        scores = np.zeros(self.size, dtype=np.float32)
        rarest = float(self.rarity.max()) if len(self.rarity) else 1.0
        total = 0.0
        for term, weight in query.items():
            number = self.terms.get(term)
            says = weight * (rarest if number is None else float(self.rarity[number]))
            total += says
            if number is not None:
                part = slice(self.starts[number], self.starts[number + 1])
                scores[self.texts[part]] += says * self.weights[part]
        return scores, total

    def norm(self, query: Mapping[str, float]) -> float:
        """The length of the query as a vector; a cosine is a score divided by this."""
        rarest = float(self.rarity.max()) if len(self.rarity) else 1.0
        numbers = ((self.terms.get(term), weight) for term, weight in query.items())
        says = (w * (rarest if n is None else float(self.rarity[n])) for n, w in numbers)
        return math.sqrt(sum(part * part for part in says)) or 1.0

    def says(self, term: str) -> float:
        """How telling a term is; the rarest there is when it is not known."""
        number = self.terms.get(term)
        return (
            float(self.rarity.max() if number is None else self.rarity[number]) if len(self.rarity) else 1.0
        )

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Everything to build this again, under names that begin with `name`."""
        spelt = np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8)
        parts: dict[str, NDArray[Any]] = {"terms": spelt, "size": np.array([self.size])}
        parts |= {"rarity": self.rarity, "starts": self.starts, "texts": self.texts, "weights": self.weights}
        return {f"{name}.{part}": array for part, array in parts.items()}

    @classmethod
    def of_arrays(cls, name: str, arrays: Arrays) -> "Inverted":
        """What `arrays` gave, as it was."""
        spelt = arrays[f"{name}.terms"].tobytes().decode()
        terms = {term: number for number, term in enumerate(spelt.split("\n") if spelt else ())}
        rarity, starts, texts, weights = (
            arrays[f"{name}.{part}"] for part in ("rarity", "starts", "texts", "weights")
        )
        return cls(terms, rarity, starts, texts, weights, int(arrays[f"{name}.size"][0]))


def bm25(bags: Sequence[Iterable[str]], owners: Sequence[int]) -> Inverted:
    """An index for long texts: a word said twice says little more than once."""
    counts = [Counter(bag) for bag in bags]
    mean = sum(map(len, counts)) / max(len(counts), 1) or 1.0
    lengths = [SATURATION * (1 - LENGTH + LENGTH * len(count) / mean) for count in counts]

    def weigh(number: int, _: str, times: int) -> float:
        return times * (SATURATION + 1) / (times + lengths[number])

    return _build(counts, owners, weigh)


def cosine(bags: Sequence[Iterable[str]], owners: Sequence[int]) -> Inverted:
    """An index for short texts: a text that says only what the query says scores 1."""
    counts = [Counter(bag) for bag in bags]
    rarity = _rarity(counts, owners)
    norms = [math.sqrt(sum((n * rarity[term]) ** 2 for term, n in count.items())) or 1.0 for count in counts]

    def weigh(number: int, term: str, times: int) -> float:
        return times * rarity[term] / norms[number]

    return _build(counts, owners, weigh)


def share(bags: Sequence[Iterable[str]], owners: Sequence[int]) -> Inverted:
    """An index that tells how much of a short text the query says; all of it scores 1."""
    counts = [Counter(bag) for bag in bags]
    rarity = _rarity(counts, owners)
    totals = [sum(rarity[term] for term in count) or 1.0 for count in counts]

    def weigh(number: int, _: str, __: int) -> float:
        return 1.0 / totals[number]

    return _build(counts, owners, weigh)


def _build(counts: Sequence[Counter[str]], owners: Sequence[int], weigh: Weigh) -> Inverted:
    rarity = _rarity(counts, owners)
    terms = {term: number for number, term in enumerate(rarity)}
    rows: list[list[int]] = [[] for _ in terms]
    weights: list[list[float]] = [[] for _ in terms]
    for number, count in enumerate(counts):
        for term, times in count.items():
            rows[terms[term]].append(number)
            weights[terms[term]].append(weigh(number, term, times))
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    return Inverted(
        terms,
        np.fromiter(rarity.values(), dtype=np.float32, count=len(rarity)),
        starts,
        np.fromiter((n for row in rows for n in row), dtype=np.int32, count=int(starts[-1])),
        np.fromiter((w for row in weights for w in row), dtype=np.float32, count=int(starts[-1])),
        len(counts),
    )


def _rarity(counts: Sequence[Counter[str]], owners: Sequence[int]) -> dict[str, float]:
    """How telling a term is: rare among entries, not among texts, or a well-phrased entry would lose."""
    having: dict[str, int] = defaultdict(int)
    last: dict[str, int] = {}
    for owner, count in zip(owners, counts, strict=True):
        for term in count:
            if last.get(term) != owner:
                last[term] = owner
                having[term] += 1
    entries = len(set(owners))
    return {term: math.log(1 + (entries - n + 0.5) / (n + 0.5)) for term, n in having.items()}
