"""The authors' check of phrasings: no two entries claim the same words, each finds its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from intents.understanding.build import searchable, short_texts
from intents.understanding.match import ASIDES
from intents.understanding.normalise import key
from intents.understanding.router import Understanding
from knowledge.complaints import Complaint
from knowledge.model import Edition, Entry

# Of 100: from here on two texts are the same.
SAME = 93
# So sure must the desk be, 0..1, that a phrasing means another entry than its own.
SURELY = 0.95
_ROWS = 512
Scores = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Text:
    entry: Entry
    text: str


def near_duplicates(edition: Edition) -> Iterator[Complaint]:
    """The phrasings that stand, nearly letter by letter, in two entries; named at the later one."""
    texts = [_Text(entry, text) for entry in edition.entries.values() for text in _claimed(entry)]
    for first, table in _likeness([key(text.text) for text in texts]):
        for row, scores in enumerate(table):
            yield from _twins(texts, first + row, scores)


def _likeness(keys: Sequence[str]) -> Iterator[tuple[int, Scores]]:
    """Rows of the table of all against all, some at a time: the whole would fill the memory."""
    for first in range(0, len(keys), _ROWS):
        rows = keys[first : first + _ROWS]
        yield (
            first,
            process.cdist(rows, keys, scorer=fuzz.ratio, score_cutoff=SAME, dtype=np.uint8, workers=-1),
        )


def _twins(texts: Sequence[_Text], at: int, scores: Scores) -> Iterator[Complaint]:
    text = texts[at]
    for other in np.flatnonzero(scores[:at]):
        twin = texts[int(other)]
        if twin.entry.id != text.entry.id:
            places = {"text": text.text, "twin": twin.text, "other": twin.entry.id}
            yield Complaint(text.entry.file, f"{text.entry.id}.phrasings", "near_duplicate", places)


def strays(mind: Understanding) -> Iterator[Complaint | None]:
    """For each short text in turn: the complaint that without it the desk would surely take it for another entry."""
    texts = ((entry, text) for entry in searchable(mind.edition) for text in short_texts(entry))
    for number, (entry, text) in enumerate(texts):
        taken, sure = mind.without(number, text)
        # Which neighbour a neighbour's words lead to does not matter: neither is ours.
        both_aside = taken and entry.kind in ASIDES and mind.kind(taken) in ASIDES
        stray = taken != entry.id and sure >= SURELY and text in entry.phrasings.all() and not both_aside
        yield _stray(entry, text, taken) if stray else None


def _stray(entry: Entry, text: str, taken: str) -> Complaint:
    places = {"text": text, "other": taken}
    return Complaint(entry.file, f"{entry.id}.phrasings", "stray_phrasing", places)


def _claimed(entry: Entry) -> Iterator[str]:
    """What an entry claims for itself; a keyword may point to several."""
    yield entry.question.ja
    yield entry.question.en
    yield from entry.phrasings.all()
