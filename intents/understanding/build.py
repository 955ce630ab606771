"""From an edition's texts to the arrays that the matcher asks: built once, kept, read back."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.understanding.index import bm25, cosine, share
from intents.understanding.normalise import key
from intents.understanding.terms import Terms
from intents.understanding.words import LONGEST, Words, words_of
from knowledge.model import Bilingual, Edition, Entry, EntryKind, Lang, Methodology, Phrasings

# Japanese words tell by one letter already, English ones by two.
_SIZES = {False: (1, 2, 3), True: (2, 3, 4)}
_PLACE = re.compile(r"\{\{.*?\}\}|\[\^[^\]]*\]|\]\([^)]*\)")


def index_of(entries: Sequence[Entry], terms: Terms) -> dict[str, NDArray[Any]]:
    """Every array of an edition's index, by name."""
    texts = [
        (owner, words_of(terms.named(text)))
        for owner, entry in enumerate(entries)
        for text in short_texts(entry)
    ]
    owners = [owner for owner, _ in texts]
    short = [words for _, words in texts]
    everything = [list(_answer(entry, terms)) for entry in entries]
    for owner, words in texts:
        everything[owner].append(words)
    alone = range(len(entries))
    covers = share([words.words for words in short], owners)
    built = {
        "words": cosine([words.words for words in short], owners),
        "covers": covers,
        "body": bm25([[word for part in whole for word in part.words] for whole in everything], alone),
        "letters": bm25([_all(letters_of(part.words) for part in whole) for whole in everything], alone),
        "kin": bm25([[group for part in whole for group in part.groups] for whole in everything], alone),
    }
    arrays = {key: value for name, index in built.items() for key, value in index.arrays(name).items()}
    totals = [sum(covers.says(word) for word in set(words.words)) for words in short]
    sounds = {
        (word, sound)
        for whole in everything
        for part in whole
        for word, sound in zip(part.words, part.readings, strict=True)
    }
    return arrays | {
        "owners": np.array(owners, dtype=np.int32),
        "totals": np.array(totals, dtype=np.float32),
        "keys": _spelt(key(text) for entry in entries for text in short_texts(entry)),
        "sounds": _spelt(words.reading for words in short),
        "readings": _spelt(f"{word}\t{sound}" for word, sound in sorted(sounds)),
    }


def short_texts(entry: Entry) -> Iterator[str]:
    """What people may type for an entry: its question, phrasings and keywords."""
    yield entry.question.ja
    if entry.question.en != entry.question.ja:
        yield entry.question.en
    yield from entry.phrasings.all()
    yield from entry.keywords.all()


def _answer(entry: Entry, terms: Terms) -> Iterator[Words]:
    for body in dict.fromkeys((entry.body.ja, entry.body.en)):
        plain = _PLACE.sub(" ", body)
        for start in range(0, len(plain), LONGEST // 2):
            yield words_of(terms.named(plain[start : start + LONGEST // 2]))


def letters_of(words: Iterable[str]) -> dict[str, float]:
    """The runs of letters inside each word."""
    return dict.fromkeys(
        (
            word[i : i + size]
            for word in words
            for size in _SIZES[word.isascii()]
            for i in range(len(word) - size + 1)
        ),
        1.0,
    )


def _all(bags: Iterable[Mapping[str, float]]) -> list[str]:
    return [term for bag in bags for term in bag]


def _spelt(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def lines_in(spelt: NDArray[Any]) -> list[str]:
    """The texts that were kept in an array."""
    return spelt.tobytes().decode().split("\n")


def searchable(edition: Edition) -> Iterator[Entry]:
    """Everything that a text can mean: the entries, and the cards that no entry talks about."""
    yield from edition.entries.values()
    for card in edition.methodologies.values():
        if not card.entry:
            yield _as_entry(card)


def _as_entry(card: Methodology) -> Entry:
    said = Bilingual(*(" ".join(fact.text.in_(lang) for fact in card.facts) for lang in Lang))
    spelt = Phrasings((*card.variants, *card.phrasings.ja), card.phrasings.en)
    return Entry(card.code, EntryKind.CARD, card.title, spelt, said, file=card.file)
