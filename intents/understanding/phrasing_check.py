"""The authors' check of phrasings: two entries must not claim nearly the same words."""

from collections.abc import Iterator

from intents.understanding.match import alike
from knowledge.complaints import Complaint
from knowledge.model import Edition, Entry

TOO_ALIKE = 0.93


def near_duplicates(edition: Edition) -> Iterator[Complaint]:
    """The phrasings that stand, nearly letter by letter, in two entries; named at the later one."""
    texts = [(entry, text) for entry in edition.entries.values() for text in _texts(entry)]
    words = [text for _, text in texts]
    for one, other, _ in alike(words, words, TOO_ALIKE):
        (first, twin), (second, text) = texts[one], texts[other]
        if one < other and first.id != second.id:
            places = {"text": text, "twin": twin, "other": first.id}
            yield Complaint(second.file, f"{second.id}.phrasings", "near_duplicate", places)


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.question.ja
    yield entry.question.en
    yield from entry.phrasings.all()
