"""Questions that mean the same, grouped: for staff, who answer a meaning once however often it was asked.

Two questions belong together when the same entry is nearest to both and they share enough of what they say: content
words with their readings, or pairs of letters of how the words sound (which forgives typos and kana). What many
questions hold weighs little. A group is what lies around one central question, so that it does not grow by
chains of neighbours into something that means nothing.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from intents.understanding.words import Words, words_of

# Cosine, 0..1. Of the development questions' pairs that have the same nearest entry and reach it, 95 in 100 mean the
# same; without the same nearest entry 10 in 100 do, so that is asked for whatever the likeness.
ALIKE = 0.3
Likeness = NDArray[np.float32]
Group = tuple[int, ...]


def groups(questions: Sequence[str], nearest: Sequence[str]) -> tuple[Group, ...]:
    """The places of the questions, grouped by meaning, largest group first, the most central question of each first.

    `nearest` names the nearest entry beside each question. The same input gives the same groups. Raises ValueError
    when the two differ in length.
    """
    words = [words_of(text) for text in questions]
    views = [[_told(one) for one in words], [_heard(one) for one in words]]
    weights = [_weights(view) for view in views]
    near: dict[str, list[int]] = defaultdict(list)
    for place, entry in zip(range(len(questions)), nearest, strict=True):
        near[entry].append(place)
    found: list[Group] = []
    for places in near.values():
        told, heard = (
            _cosines([view[place] for place in places], weight)
            for view, weight in zip(views, weights, strict=True)
        )
        found += [tuple(places[row] for row in star) for star in _stars(np.maximum(told, heard))]
    return tuple(sorted(found, key=lambda group: (-len(group), min(group))))


def _told(words: Words) -> frozenset[str]:
    return frozenset((*words.words, *words.readings))


def _heard(words: Words) -> frozenset[str]:
    return frozenset(words.reading[at : at + 2] for at in range(len(words.reading) - 1))


def _weights(view: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much each sign tells: the rarer among the questions, the more."""
    times = Counter(sign for signs in view for sign in signs)
    return {sign: math.log(1 + len(view) / count) for sign, count in times.items()}


def _cosines(view: Sequence[frozenset[str]], weights: dict[str, float]) -> Likeness:
    columns = {sign: at for at, sign in enumerate(sorted({sign for signs in view for sign in signs}))}
    table = np.zeros((len(view), len(columns)), dtype=np.float32)
    for row, signs in enumerate(view):
        for sign in signs:
            table[row, columns[sign]] = weights[sign]
    lengths = np.sqrt((table * table).sum(axis=1, keepdims=True))
    table /= np.maximum(lengths, np.float32(1e-9))
    return table @ table.T


def _stars(likeness: Likeness) -> Iterable[Group]:
    """Again and again the question with the most likeness around it, together with what is like it."""
    # Rounded, so that the order of additions in a library does not decide between equals.
    near = np.where(likeness >= ALIKE, likeness.round(4), np.float32(0))
    np.fill_diagonal(near, 1)
    around = near.sum(axis=1)
    free = np.ones(len(near), dtype=bool)
    while free.any():
        centre = int(np.where(free, around.round(3), -1).argmax())
        members = np.flatnonzero(free & (near[centre] > 0))
        yield centre, *(int(one) for one in members if one != centre)
        free[members] = False
        around -= near[:, members].sum(axis=1)
