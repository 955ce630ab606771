"""Words that the office's knowledge does not know, read as words that it does: kana for kanji, slips of the pen."""

import re
from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

from intents.understanding.normalise import hiragana
from intents.understanding.words import Words

# How far a repaired word is believed, against 1 for a word that was written.
BY_SOUND, BY_SPELLING = 0.8, 0.7
CUTOFF, MOSTLY_KANA, SHORTEST = 72, 0.8, 3
_SPELT = re.compile(r"[ァ-ヺー]{4,}|[a-z]{4,}")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]")


class Repair:
    """The vocabulary of an edition by sound and by spelling."""

    def __init__(self, known: Collection[str], readings: Iterable[str]) -> None:
        self._known = known
        self._by_sound: dict[str, set[str]] = {}
        for line in readings:
            word, _, sound = line.partition("\t")
            if len(sound) >= SHORTEST:
                self._by_sound.setdefault(sound, set()).add(word)
        self._longest = max(map(len, self._by_sound), default=0)
        self._spellings = [word for word in known if _SPELT.fullmatch(word)]

    def meant(self, question: Words) -> dict[str, float]:
        """Words of the edition that the question wrote in another way, and how far to believe that, 0..1."""
        found = self._run_together(question.tight) | self._sounding_like(question)
        for word in dict.fromkeys(question.words):
            if word not in self._known and _SPELT.fullmatch(word):
                for other, score, _ in process.extract(
                    word, self._spellings, scorer=fuzz.ratio, limit=2, score_cutoff=CUTOFF
                ):
                    found[other] = max(found.get(other, 0.0), BY_SPELLING * score / 100)
        return {word: belief for word, belief in found.items() if word not in question.words}

    def _sounding_like(self, question: Words) -> dict[str, float]:
        pairs = zip(question.words, question.readings, strict=True)
        unknown = (sound for word, sound in pairs if word not in self._known)
        return {other: BY_SOUND for sound in unknown for other in self._by_sound.get(sound, ())}

    def _run_together(self, tight: str) -> dict[str, float]:
        """A message nearly all in kana, cut at the longest words that the edition knows by sound."""
        if not tight or len(_KANA.findall(tight)) / len(tight) <= MOSTLY_KANA:
            return {}
        line, at, found = hiragana(tight), 0, dict[str, float]()
        while at < len(line):
            ends = range(min(len(line), at + self._longest), at + SHORTEST - 1, -1)
            end = next((end for end in ends if line[at:end] in self._by_sound), 0)
            found |= dict.fromkeys(self._by_sound.get(line[at:end], ()), BY_SOUND)
            at = end or at + 1
        return found
