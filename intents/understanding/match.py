"""Which entry is meant: several cheap views of the same texts, blended; the best few seen by more views.

Views of every entry, each 0..1 or near it:
  words, letters, sound   the best of its short texts (question, phrasings, keywords), as a cosine over words,
                          over letters of words, over the kana of how the words sound
  crowd                   the mean of its three best short texts, over words
  covers, covered         how much of the best short text the question says, and the other way round
  body, body_letters      everything it says, the answer included (BM25), over words and over letters
  kin                     synonym groups of the dictionary, over everything it says
Views of the best few only:
  order, order_sound      rapidfuzz: partial ratio of the texts, ratio of their sound
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from intents.understanding.build import index_of, letters, lines_in, sound_of
from intents.understanding.index import Arrays, Floats, Ints, Inverted
from intents.understanding.normalise import key
from intents.understanding.repair import Repair
from intents.understanding.terms import Terms
from intents.understanding.words import Words, words_of
from knowledge.model import Entry

NEAREST, TEXTS_EACH, CANDIDATES = 40, 8, 10
Views = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry and how near it is to the question; scores compare within one question only."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest entries, best first, with what each view saw in them.

    `unknown` is the share (0..1) of the question's weight that no entry knows; `words` counts its content words.
    """

    candidates: tuple[Candidate, ...]
    unknown: float = 1.0
    words: int = 0
    views: Views = field(default_factory=dict)


class Matcher:
    """The texts of an edition, indexed; asking is read-only and safe from any thread."""

    def __init__(
        self, entries: Sequence[Entry], terms: Terms, weights: Mapping[str, float], kept: Arrays | None = None
    ) -> None:
        self._ids = tuple(entry.id for entry in entries)
        self._terms, self._weights = terms, weights
        arrays = kept or index_of(entries, terms)
        self.arrays = arrays
        self._short = {name: Inverted.of_arrays(name, arrays) for name in ("words", "letters", "sound")}
        self._covers = Inverted.of_arrays("covers", arrays)
        self._totals: Floats = arrays["totals"].astype(np.float32)
        self._long = {name: Inverted.of_arrays(name, arrays) for name in ("body", "body_letters", "kin")}
        self._owners: Ints = arrays["owners"].astype(np.int32)
        self._starts = np.flatnonzero(np.r_[True, self._owners[1:] != self._owners[:-1]])
        self._owned = self._owners[self._starts]
        ends = np.r_[self._starts[1:], len(self._owners)]
        spans = dict(
            zip(self._owned.tolist(), zip(self._starts.tolist(), ends.tolist(), strict=True), strict=True)
        )
        self._rows = [spans.get(number, (0, 0)) for number in range(len(self._ids))]
        self._tight = lines_in(arrays["tight"])
        self._sounds = lines_in(arrays["sounds"])
        self._repair = Repair(self._long["body"].terms, lines_in(arrays["readings"]))

    def find(self, text: str, only: frozenset[str] = frozenset()) -> Match:
        """The entries nearest to a text; with `only`, no others."""
        question = words_of(self._terms.named(text))
        bag = dict.fromkeys(question.words, 1.0) | self._repair.meant(question)
        if not self._ids or not (bag or question.tight):
            return Match(())
        views, by_words = self._everywhere(question, bag)
        blend = sum((self._weights.get(name, 0.0) * seen for name, seen in views.items()), np.zeros(1))
        blend = np.where(self._allowed(only), blend, -1.0) if only else blend
        nearest = np.argsort(-blend, kind="stable")[:NEAREST]
        views = {name: seen[nearest] for name, seen in views.items()}
        views |= self._closely(question, nearest, by_words)
        total = sum((self._weights.get(name, 0.0) * seen for name, seen in views.items()), np.zeros(1))
        order = np.argsort(-total, kind="stable")
        found = [Candidate(self._ids[nearest[i]], float(total[i])) for i in order]
        seen = {name: values[order] for name, values in views.items()}
        return Match(tuple(found), self._unknown(bag, question), len(question.words), seen)

    def _allowed(self, only: frozenset[str]) -> NDArray[np.bool_]:
        return np.array([id_ in only for id_ in self._ids])

    def _unknown(self, bag: Mapping[str, float], question: Words) -> float:
        body = self._long["body"]
        says = {word: body.says(word) for word in question.words}
        lost = sum(weight for word, weight in says.items() if word not in body.terms)
        mended = sum(1 for word in bag if word not in says)
        return max(0.0, lost / (sum(says.values()) or 1.0) * (0.5 if mended else 1.0))

    # ------------------------------------------------ views over everything

    def _everywhere(self, question: Words, bag: Mapping[str, float]) -> tuple[dict[str, Floats], Floats]:
        runs = letters((*question.words, *bag))
        bags = {"words": bag, "letters": runs, "sound": sound_of(question.reading)}
        short = {name: self._cosine(index, bags[name]) for name, index in self._short.items()}
        views = {name: self._best(values) for name, values in short.items()}
        views["crowd"] = self._crowd(short["words"])
        covers, total = self._covers.score(bag)
        views["covers"], views["covered"] = (
            self._best(covers),
            self._best(covers * self._totals / (total or 1.0)),
        )
        bags = {"body": bag, "body_letters": runs, "kin": dict.fromkeys(question.groups, 1.0)}
        for name, index in self._long.items():
            scores, total = index.score(bags[name])
            views[name] = scores / (total or 1.0)
        return views, short["words"]

    @staticmethod
    def _cosine(index: Inverted, bag: Mapping[str, float]) -> Floats:
        scores, _ = index.score(bag)
        return scores / np.float32(index.norm(bag))

    def _best(self, values: Floats) -> Floats:
        out = np.zeros(len(self._ids), dtype=np.float32)
        out[self._owned] = np.maximum.reduceat(values, self._starts)
        return out

    def _crowd(self, values: Floats) -> Floats:
        """The mean of the three best texts of each entry that has any hit."""
        hits = np.flatnonzero(values)
        order = hits[np.lexsort((-values[hits], self._owners[hits]))]
        owners = self._owners[order]
        first = np.r_[True, owners[1:] != owners[:-1]] if len(owners) else np.zeros(0, dtype=bool)
        rank = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
        best = order[rank < 3]
        return np.bincount(self._owners[best], values[best] / 3, len(self._ids)).astype(np.float32)

    # ------------------------------------------------ views of the best few

    def _closely(self, question: Words, nearest: NDArray[np.intp], by_words: Floats) -> dict[str, Floats]:
        texts, places = self._texts_of(nearest, by_words)
        if not texts:
            return {}
        tight = process.cdist([question.tight], [self._tight[n] for n in texts], scorer=fuzz.partial_ratio)
        sound = process.cdist([question.reading], [self._sounds[n] for n in texts], scorer=fuzz.ratio)
        return {
            "order": _fold(tight[0] / 100, places, len(nearest)),
            "order_sound": _fold(sound[0] / 100, places, len(nearest)),
        }

    def _texts_of(self, nearest: NDArray[np.intp], by_words: Floats) -> tuple[list[int], list[int]]:
        """The short texts of the nearest entries, of each those that share most words, with their places."""
        texts: list[int] = []
        places: list[int] = []
        for place, entry in enumerate(nearest):
            start, end = self._rows[entry]
            rows = np.arange(start, end)
            if end - start > TEXTS_EACH:
                rows = start + np.argpartition(-by_words[start:end], TEXTS_EACH)[:TEXTS_EACH]
            texts.extend(rows.tolist())
            places.extend([place] * len(rows))
        return texts, places


def _fold(values: Floats, places: list[int], size: int) -> Floats:
    out = np.zeros(size, dtype=np.float32)
    np.maximum.at(out, places, values)
    return out


def alike(one: Sequence[str], other: Sequence[str], at_least: float) -> list[tuple[int, int, float]]:
    """The pairs of texts that say nearly the same, with their likeness 0..1; for the authors' check."""
    table = process.cdist(
        [key(text) for text in one],
        [key(text) for text in other],
        scorer=fuzz.ratio,
        score_cutoff=at_least * 100,
    )
    return [(int(i), int(j), float(table[i, j]) / 100) for i, j in zip(*np.nonzero(table), strict=True)]
