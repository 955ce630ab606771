"""Questions that the knowledge asks itself: each phrasing, put to an edition that has never seen it.

A tenth of the phrasings is taken out, the rest is indexed, and the tenth is asked. A tenth of what lies next door is
taken out whole: whoever asks for that must be refused, which teaches what a question from outside looks like.
"""

import zlib
from collections.abc import Iterator
from dataclasses import replace

from intents.understanding.confidence import Calibration
from intents.understanding.evaluation import Question
from intents.understanding.match import ASIDES
from intents.understanding.router import Understanding
from knowledge.model import Edition, Entry, EntryKind, Phrasings

PARTS = 10
# The `outside` of a question that was rehearsed, beside far, near and tricky.
REHEARSED = "rehearsed"


def rehearsals(edition: Edition, calibration: Calibration) -> Iterator[tuple[Understanding, list[Question]]]:
    """Editions with a part left out, each with the questions that ask for what is not there."""
    for part in range(PARTS):
        kept = dict[str, Entry]()
        asked: list[Question] = []
        for entry in edition.entries.values():
            if entry.kind in ASIDES and _part(entry.id) == part:
                asked += [Question(text, outside=REHEARSED) for text in entry.phrasings.all()]
                continue
            kept[entry.id] = _without(entry, part)
            asked += [_question(entry, text) for text in entry.phrasings.all() if _part(text) == part]
        yield Understanding(replace(edition, entries=kept), calibration), asked


def _question(entry: Entry, text: str) -> Question:
    match entry.kind:
        case EntryKind.COMMAND | EntryKind.SMALLTALK:
            return Question(text, intent=entry.id)
        case EntryKind.ELSEWHERE | EntryKind.OUTSIDE:
            return Question(text, outside=REHEARSED)
        case _:
            return Question(text, frozenset((entry.id,)), entry.id)


def _without(entry: Entry, part: int) -> Entry:
    rest = Phrasings(*(tuple(text for text in texts if _part(text) != part) for texts in (entry.phrasings.ja, entry.phrasings.en)))  # fmt: skip
    return replace(entry, phrasings=rest)


def _part(text: str) -> int:
    return zlib.crc32(text.encode()) % PARTS
