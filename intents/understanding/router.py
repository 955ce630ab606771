"""From a text to a reading: answer, choices, command, small talk or unknown, with how sure we are.

One ranking over everything the desk can do; what is meant follows from the kind of the nearest entry.
"""

import math
from dataclasses import dataclass
from datetime import date

from intents.ports import Outcome
from intents.understanding.match import Candidate, Match, Matcher
from intents.understanding.normalise import is_japanese, key
from knowledge.model import Edition, EntryKind, Lang


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the desk must be, 0..1, to answer, to obey, to ask back; and what is a close second."""

    answer: float = 0.35
    command: float = 0.25
    choices: float = 0.12
    close: float = 0.05


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was understood to mean. `entry` is set for an answer, `intent` for an order or a courtesy."""

    text: str
    outcome: Outcome
    confidence: float
    candidates: tuple[Candidate, ...]
    lang: Lang
    entry: str = ""
    intent: str = ""


class Understanding:
    """An edition made ready for questions; immutable, safe from any thread."""

    def __init__(self, edition: Edition, thresholds: Thresholds | None = None) -> None:
        self.edition = edition
        self._matcher = Matcher(edition.entries.values())
        self._thresholds = thresholds or Thresholds()

    def read(self, text: str, day: date, lang: Lang | None = None) -> Reading:
        """The meaning of a text on that day; entries that are not valid then are left out."""
        spoken = language_of(text, lang)
        match = self._matcher.find(text)
        valid = tuple(
            found for found in match.candidates if self.edition.entries[found.entry].valid.covers(day)
        )
        if not valid or not key(text):
            return Reading(text, Outcome.UNKNOWN, 0.0, valid, spoken)
        sure = confidence(Match(valid, match.unknown))
        return self._judged(text, valid, sure, spoken)

    def _judged(self, text: str, valid: tuple[Candidate, ...], sure: float, lang: Lang) -> Reading:
        best = self.edition.entries[valid[0].entry]
        match best.kind:
            case EntryKind.COMMAND if sure >= self._thresholds.command:
                return Reading(text, Outcome.COMMAND, sure, valid, lang, intent=best.id)
            case EntryKind.SMALLTALK if sure >= self._thresholds.command:
                return Reading(text, Outcome.SMALLTALK, sure, valid, lang, intent=best.id)
            case EntryKind.FAQ if sure >= self._thresholds.answer and not self._close(valid):
                return Reading(text, Outcome.ANSWER, sure, valid, lang, entry=best.id)
            case EntryKind.ELSEWHERE | EntryKind.OUTSIDE:
                return Reading(text, Outcome.UNKNOWN, sure, valid, lang, entry=best.id)
        if sure >= self._thresholds.choices and best.kind is not EntryKind.SMALLTALK:
            return Reading(text, Outcome.CHOICES, sure, valid, lang)
        return Reading(text, Outcome.UNKNOWN, sure, valid, lang)

    def _close(self, valid: tuple[Candidate, ...]) -> bool:
        if valid[0].score > 0.97:
            return False
        return len(valid) > 1 and valid[0].score - valid[1].score < self._thresholds.close * valid[0].score


def confidence(match: Match) -> float:
    """How likely the nearest entry is meant, 0..1, from its score, its lead and what nobody knows.

    The weights are set by hand until there is a calibration.
    """
    first = match.candidates[0].score
    second = match.candidates[1].score if len(match.candidates) > 1 else 0.0
    evidence = 9.0 * (first - 0.42) + 4.0 * (first - second) - 2.0 * match.unknown
    return 1.0 / (1.0 + math.exp(-evidence))


def language_of(text: str, hint: Lang | None = None) -> Lang:
    """The language to answer in: Japanese where there is any, English for two Latin words or more."""
    if is_japanese(text):
        return Lang.JA
    latin = [word for word in text.split() if word.isascii() and any(letter.isalpha() for letter in word)]
    return Lang.EN if len(latin) > 1 else hint or (Lang.EN if latin else Lang.JA)
