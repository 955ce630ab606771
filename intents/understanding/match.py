"""Which entry is meant: several cheap views of the same texts, blended; the best few seen by more views.

Views of every entry, each 0..1 or near it, over its short texts (question, phrasings, keywords) or all it says:
  words             the best of its short texts, as a cosine over words
  crowd             the mean of its three best short texts, over words
  covers, covered   how much of the best short text the question says, and the other way round
  body, letters     everything it says, the answer included (BM25), over words and over the letters of words
  kin               synonym groups of the dictionary, over everything it says
  mood              whether the entry is of the kind that the text is after: to be told, or to have done
  same              whether one of its short texts is the question, however it is spelled
Views of the best few only, by rapidfuzz:
  sound             ratio of how the content words sound
  spelling          ratio of the whole texts, small words included
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from intents.understanding.build import index_of, letters_of, lines_in
from intents.understanding.index import Arrays, Floats, Ints, Inverted
from intents.understanding.mood import Mood, mood_of
from intents.understanding.normalise import key
from intents.understanding.repair import Repair
from intents.understanding.terms import Terms
from intents.understanding.words import Words, words_of
from knowledge.model import Entry, EntryKind

NEAREST, TEXTS_EACH = 40, 8
# No text is overlooked; and the score of one that is.
NONE, OVERLOOKED = -1, np.float32(-1.0)
ORDERS = (EntryKind.COMMAND, EntryKind.SMALLTALK)
ASIDES = (EntryKind.ELSEWHERE, EntryKind.OUTSIDE)
# The mean of the best three needs no more texts than these, however many share a word.
HITS = 4000
Views = Mapping[str, Floats]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry and how near it is to the question; scores compare within one question only."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest entries, best first, with what each view saw in them.

    `unknown` is the share (0..1) of the question's weight that no entry knows; `words` counts its different content words.
    `kinds` tells beside each candidate what it is for.
    """

    candidates: tuple[Candidate, ...]
    unknown: float = 1.0
    words: int = 0
    views: Views = field(default_factory=dict)
    kinds: tuple[EntryKind, ...] = ()


class Matcher:
    """The texts of an edition, indexed; asking is read-only and safe from any thread."""

    def __init__(
        self, entries: Sequence[Entry], terms: Terms, weights: Mapping[str, float], kept: Arrays | None = None
    ) -> None:
        self._ids = tuple(entry.id for entry in entries)
        self._kinds = [entry.kind for entry in entries]
        orders = np.array([entry.kind in ORDERS for entry in entries])
        self._fitting = {
            Mood.ASKS: (~orders).astype(np.float32),
            Mood.DEMANDS: orders.astype(np.float32),
            Mood.NEITHER: np.ones(len(orders), dtype=np.float32),
        }
        self._terms, self._weights = terms, weights
        arrays = kept or index_of(entries, terms)
        self.arrays = arrays
        self._words, self._covers = (Inverted.of_arrays(name, arrays) for name in ("words", "covers"))
        self._totals: Floats = arrays["totals"].astype(np.float32)
        self._long = {name: Inverted.of_arrays(name, arrays) for name in ("body", "letters", "kin")}
        self._owners: Ints = arrays["owners"].astype(np.int32)
        self._starts = np.flatnonzero(np.r_[True, self._owners[1:] != self._owners[:-1]])
        self._owned = self._owners[self._starts]
        ends = np.r_[self._starts[1:], len(self._owners)]
        spans = dict(
            zip(self._owned.tolist(), zip(self._starts.tolist(), ends.tolist(), strict=True), strict=True)
        )
        self._rows = [spans.get(number, (0, 0)) for number in range(len(self._ids))]
        self._keys = lines_in(arrays["keys"])
        self._same = defaultdict[str, set[int]](set)
        for owner, spelt in zip(self._owners.tolist(), self._keys, strict=True):
            self._same[spelt].add(owner)
        self._sounds = lines_in(arrays["sounds"])
        self._repair = Repair(self._long["body"].terms, lines_in(arrays["readings"]))

    def find(self, text: str, allowed: Mask | None = None, without: int = NONE) -> Match:
        """The entries nearest to a text; with `allowed`, a flag for each entry, only those that have it.

        `without` is the number of a short text that is to be overlooked: what would be found if it were not there.
        """
        question = words_of(self._terms.named(text))
        bag = dict.fromkeys(question.words, 1.0) | self._repair.meant(question)
        if not self._ids or not (bag or question.tight):
            return Match(())
        spelt = key(text)
        views, by_words = self._everywhere(question, bag, without)
        views["same"] = self._exactly(spelt if without == NONE else "")
        views["mood"] = self._fitting[mood_of(text)]
        blend = sum((self._weights.get(name, 0.0) * seen for name, seen in views.items()), np.zeros(1))
        blend = blend if allowed is None else np.where(allowed, blend, -1.0)
        nearest = _best_of(blend, NEAREST)
        nearest = nearest if allowed is None else nearest[allowed[nearest]]
        views = {name: seen[nearest] for name, seen in views.items()}
        views |= self._closely(question, spelt, nearest, by_words)
        total = sum((self._weights.get(name, 0.0) * seen for name, seen in views.items()), np.zeros(1))
        order = np.argsort(-total, kind="stable")
        found = [Candidate(self._ids[nearest[i]], float(total[i])) for i in order]
        seen = {name: values[order] for name, values in views.items()}
        kinds = tuple(self._kinds[nearest[i]] for i in order)
        count = len(set(question.words))
        return Match(tuple(found), self._unknown(bag, question), count, seen, kinds)

    def _unknown(self, bag: Mapping[str, float], question: Words) -> float:
        body = self._long["body"]
        says = {word: body.says(word) for word in question.words}
        lost = sum(weight for word, weight in says.items() if word not in body.terms)
        mended = sum(1 for word in bag if word not in says)
        return max(0.0, lost / (sum(says.values()) or 1.0) * (0.5 if mended else 1.0))

    # ------------------------------------------------ views over everything

    def _everywhere(
        self, question: Words, bag: Mapping[str, float], without: int
    ) -> tuple[dict[str, Floats], Floats]:
        cosine = self._words.score(bag)[0] / np.float32(self._words.norm(bag))
        covers, total = self._covers.score(bag)
        if without != NONE:
            cosine[without] = covers[without] = OVERLOOKED
        views = {
            "words": self._best(cosine),
            "crowd": self._crowd(cosine),
            "covers": self._best(covers),
            "covered": self._best(covers * self._totals / (total or 1.0)),
        }
        letters = letters_of((*question.words, *bag))
        bags = {"body": bag, "letters": letters, "kin": dict.fromkeys(question.groups, 1.0)}
        for name, index in self._long.items():
            scores, most = index.score(bags[name])
            views[name] = scores / (most or 1.0)
        return views, cosine

    def _exactly(self, spelt: str) -> Floats:
        same = np.zeros(len(self._ids), dtype=np.float32)
        same[list(self._same.get(spelt, ())) if spelt else []] = 1.0
        return same

    def _best(self, values: Floats) -> Floats:
        out = np.zeros(len(self._ids), dtype=np.float32)
        out[self._owned] = np.maximum.reduceat(values, self._starts)
        return out

    def _crowd(self, values: Floats) -> Floats:
        """The mean of the three best texts of each entry that has any hit."""
        hits = np.flatnonzero(values)
        if len(hits) > HITS:
            hits = hits[np.argpartition(-values[hits], HITS)[:HITS]]
        order = hits[np.lexsort((-values[hits], self._owners[hits]))]
        owners = self._owners[order]
        first = np.r_[True, owners[1:] != owners[:-1]] if len(owners) else np.zeros(0, dtype=bool)
        rank = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
        best = order[rank < 3]
        return np.bincount(self._owners[best], values[best] / 3, len(self._ids)).astype(np.float32)

    # ------------------------------------------------ views of the best few

    def _closely(
        self, question: Words, spelt: str, nearest: NDArray[np.intp], by_words: Floats
    ) -> dict[str, Floats]:
        texts, places = self._texts_of(nearest, by_words)
        if not texts:
            return {}
        sound = process.cdist([question.reading], [self._sounds[n] for n in texts], scorer=fuzz.ratio)
        spelling = process.cdist([spelt], [self._keys[n] for n in texts], scorer=fuzz.ratio)
        return {
            "sound": _fold(sound[0] / 100, places, len(nearest)),
            "spelling": _fold(spelling[0] / 100, places, len(nearest)),
        }

    def _texts_of(self, nearest: NDArray[np.intp], by_words: Floats) -> tuple[list[int], list[int]]:
        """The short texts of the nearest entries, of each those that share most words, with their places."""
        texts: list[int] = []
        places: list[int] = []
        for place, entry in enumerate(nearest):
            start, end = self._rows[entry]
            rows = np.arange(start, end)
            rows = rows[by_words[start:end] != OVERLOOKED]
            if len(rows) > TEXTS_EACH:
                rows = rows[np.argpartition(-by_words[rows], TEXTS_EACH - 1)[:TEXTS_EACH]]
            texts.extend(rows.tolist())
            places.extend([place] * len(rows))
        return texts, places


def _best_of(values: NDArray[np.floating[Any]], count: int) -> NDArray[np.intp]:
    """The places of the largest values, largest first; the earlier of two equals."""
    if len(values) > count:
        least = np.partition(values, len(values) - count)[len(values) - count]
        places = np.flatnonzero(values >= least)
    else:
        places = np.arange(len(values))
    return places[np.argsort(-values[places], kind="stable")][:count]


def _fold(values: Floats, places: list[int], size: int) -> Floats:
    out = np.zeros(size, dtype=np.float32)
    np.maximum.at(out, places, values)
    return out
