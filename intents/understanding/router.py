"""From a text to a reading: answer, choices, command, small talk or unknown, with how sure we are.

One ranking over everything the desk can do; what is meant follows from the kind of the nearest entry.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from intents.ports import Outcome
from intents.understanding.build import searchable
from intents.understanding.confidence import (
    CLOSE,
    FEW,
    WHOLLY,
    Calibration,
    confidence,
    is_brief,
    load_calibration,
    nearness,
)
from intents.understanding.day import EditionDay, edition_day
from intents.understanding.entities import NOTHING, Entities, entities_of, without_codes
from intents.understanding.index import Arrays
from intents.understanding.language import language_of
from intents.understanding.match import Candidate, Match, Matcher
from intents.understanding.mood import Mood, mood_of
from intents.understanding.neighbours import order_first
from intents.understanding.normalise import key
from intents.understanding.terms import Terms
from intents.understanding.words import words_of
from knowledge.model import Edition, Entry, EntryKind, Lang

CANDIDATES = 10
PERSONAL = "data."
ASKABLE = (EntryKind.FAQ, EntryKind.CARD, EntryKind.COMMAND)
# A text that holds, besides a code, at most so many content words asks for the card of that code.
BESIDES_CODE = 1
# A text of so few content words may lean on what was talked about before.
LEANING = 2
# How sure a follow-up is taken to be: surer than not, less than a question that says it all.
LEANT = 0.7


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was understood to mean.

    `entry` is set for an answer, `intent` for an order or a courtesy, `signpost` for what lies next door, `card` when
    the text asks for a methodology by its code, `term` when it asks what a word means, `missing` when it names a
    methodology that is not in the list.
    """

    text: str
    outcome: Outcome
    confidence: float
    candidates: tuple[Candidate, ...]
    lang: Lang
    entry: str = ""
    intent: str = ""
    signpost: str = ""
    card: str = ""
    term: str = ""
    missing: str = ""
    entities: Entities = NOTHING


class Understanding:
    """An edition made ready for questions; safe from any thread."""

    def __init__(
        self, edition: Edition, calibration: Calibration | None = None, kept: Arrays | None = None
    ) -> None:
        self.edition = edition
        self._calibration = calibration or load_calibration()
        self._terms = Terms(tuple(edition.terms.values()))
        self._known = {entry.id: entry for entry in searchable(edition)}
        self._day: EditionDay | None = None
        self._matcher = Matcher(tuple(self._known.values()), self._terms, self._calibration.weights, kept)

    @property
    def arrays(self) -> Arrays:
        """The index as plain arrays, to be kept and handed to the next process."""
        return self._matcher.arrays

    def read(self, text: str, day: date, lang: Lang | None = None, topic: str = "") -> Reading:
        """The meaning of a text on that day; `topic` is the entry that was talked about before."""
        spoken = language_of(text, lang)
        named = entities_of(text, day)
        if not key(text):
            return Reading(text, Outcome.UNKNOWN, 0.0, (), spoken)
        reading = replace(self._read(text, day, spoken), entities=named)
        codes = named.codes or self._numbered(named.bare_numbers)
        if codes and (named.codes or len(codes) == 1):
            return self._ordered(reading, day) or self._of_code(reading, codes[0])
        if reading.outcome in (Outcome.CHOICES, Outcome.UNKNOWN):
            return self._defining(reading) or self._leaning(reading, day, topic) or reading
        return reading

    def match(self, text: str, day: date, only: frozenset[str] = frozenset()) -> Match:
        """The nearest entries of that day; with `only`, no others."""
        valid = self._on(day).mask
        if only:
            chosen = np.array([id_ in only for id_ in self._known], dtype=bool)
            return self._matcher.find(text, chosen if valid is None else chosen & valid)
        return self._matcher.find(text, valid)

    def edition_on(self, day: date) -> Edition:
        """The edition without the entries that are not valid on that day."""
        return self._on(day).edition

    def without(self, text: int, spelt: str) -> tuple[str, float]:
        """What a short text of the knowledge would be taken for if it were not there, and how surely."""
        match = self._matcher.find(spelt, without=text)
        return match.candidates[0].entry if match.candidates else "", confidence(match, self._calibration)

    def _on(self, day: date) -> EditionDay:
        # A day is asked for thousands of times, and going through a large edition costs more than an answer.
        # Two threads may make the same one: either will do.
        known = self._day
        if known is None or known.day != day:
            self._day = known = edition_day(day, self.edition, tuple(self._known.values()))
        return known

    def kind(self, entry: str) -> EntryKind:
        """What an entry is for."""
        return self._known[entry].kind

    # ------------------------------------------------ judging

    def _read(self, text: str, day: date, lang: Lang) -> Reading:
        match = self.match(text, day)
        sure = confidence(match, self._calibration)
        found = match.candidates[:CANDIDATES]
        if not found:
            return Reading(text, Outcome.UNKNOWN, 0.0, (), lang)
        # A few words that an entry of ours holds, each of them, are worth a question back whatever they mean.
        brief = is_brief(match)
        near = 1.0 if brief else nearness(match, self._calibration)
        mood = mood_of(text)
        doubtful = mood is Mood.ASKS or (brief and mood is Mood.NEITHER)
        if mood is Mood.DEMANDS:
            found = order_first(found, self._known)
        return self._judged(Reading(text, Outcome.UNKNOWN, sure, found, lang), near, doubtful=doubtful)

    def _judged(self, reading: Reading, near: float, *, doubtful: bool) -> Reading:
        best, lines = reading.candidates[0].entry, self._calibration.thresholds
        # A bare noun names a thing, a question asks about it: either orders something only if that is as clear as
        # an answer would have to be. The same goes for what touches personal data.
        order = lines.answer if doubtful or best.startswith(PERSONAL) else lines.command
        match self.kind(best):
            case EntryKind.COMMAND if reading.confidence >= order:
                return replace(reading, outcome=Outcome.COMMAND, intent=best)
            case EntryKind.SMALLTALK if reading.confidence >= lines.command:
                return replace(reading, outcome=Outcome.SMALLTALK, intent=best)
            case EntryKind.FAQ | EntryKind.CARD if reading.confidence >= lines.answer:
                return replace(reading, outcome=Outcome.ANSWER, entry=best)
            case EntryKind.ELSEWHERE if reading.confidence >= lines.aside:
                return self._elsewhere(replace(reading, signpost=best), near)
            case EntryKind.OUTSIDE if reading.confidence >= lines.aside:
                return reading
        return replace(reading, outcome=Outcome.CHOICES) if self._worth_asking(reading, near) else reading

    def _elsewhere(self, reading: Reading, near: float) -> Reading:
        """Somebody else's business, unless something of ours is nearly as near: then both are shown."""
        enough = CLOSE * reading.candidates[0].score
        ours = any(found.score >= enough for found in reading.candidates if self.kind(found.entry) in ASKABLE)
        return (
            replace(reading, outcome=Outcome.CHOICES)
            if ours and self._worth_asking(reading, near)
            else reading
        )

    def _worth_asking(self, reading: Reading, near: float) -> bool:
        return near >= self._calibration.thresholds.choices and any(
            self.kind(found.entry) in ASKABLE for found in reading.candidates[:FEW]
        )

    # ------------------------------------------------ codes, words, and what was said before

    def _ordered(self, reading: Reading, day: date) -> Reading | None:
        """An order that mentions a code is an order: a person, a consultation, a seat."""
        if mood_of(reading.text) is not Mood.DEMANDS:
            return None
        bare = self._read(without_codes(reading.text), day, reading.lang)
        is_order = bare.outcome is Outcome.COMMAND
        return replace(bare, text=reading.text, entities=reading.entities) if is_order else None

    def _of_code(self, reading: Reading, code: str) -> Reading:
        """A code asks for its card, unless an order or an answer about that methodology is what is meant."""
        card = self.edition.methodologies.get(code)
        if card is None:
            return reading if reading.outcome is Outcome.ANSWER else self._not_listed(reading, code)
        # The code itself is a word, and so is its name before a bare number.
        alone = len(words_of(reading.text).words) <= BESIDES_CODE + 1
        about = reading.entry and (reading.entry == card.entry or self._speaks_of(reading.entry, code))
        if not alone and (reading.outcome is Outcome.COMMAND or about):
            return reading
        entry = card.entry if card.entry in self._known else code
        return replace(_first(reading, entry), outcome=Outcome.ANSWER, card=code, intent="", confidence=1.0)

    def _speaks_of(self, entry: str, code: str) -> bool:
        known = self._known[entry]
        return any(code in text for text in (known.question.ja, known.body.ja, *known.phrasings.ja))

    def _numbered(self, numbers: tuple[int, ...]) -> tuple[str, ...]:
        """The codes that a number without its prefix may mean."""
        endings = tuple(f"-{number:03d}" for number in numbers)
        return tuple(code for code in self.edition.methodologies if endings and code.endswith(endings))

    def _not_listed(self, reading: Reading, code: str) -> Reading:
        # Without any card this is another edition, where a code is just a word.
        if not self.edition.methodologies:
            return reading
        return replace(reading, outcome=Outcome.UNKNOWN, missing=code, entry="", intent="")

    def _leaning(self, reading: Reading, day: date, topic: str) -> Reading | None:
        """A short follow-up, when an entry near the topic holds all of its words; else it is a new question."""
        card = self.edition.methodologies.get(topic)
        about = self.edition.entries.get(card.entry if card else topic)
        words = words_of(reading.text).words
        if about is None or len(words) > LEANING or not any(map(str.isalpha, words)):
            return None
        match = self.match(reading.text, day, self._around(about))
        if not match.candidates or match.views["covered"][0] < WHOLLY:
            return None
        best = match.candidates[0].entry
        return replace(_first(reading, best), outcome=Outcome.ANSWER, signpost="", confidence=LEANT)

    def _around(self, about: Entry) -> frozenset[str]:
        pointing = (entry.id for entry in self.edition.entries.values() if about.id in entry.related)
        return frozenset((about.id, *about.related, *pointing))

    def _defining(self, reading: Reading) -> Reading | None:
        """What a word means, when the text asks just that."""
        term = self._terms.asked_for(reading.text)
        if not term:
            return None
        outcome = Outcome.CHOICES if reading.outcome is Outcome.CHOICES else Outcome.ANSWER
        return replace(reading, outcome=outcome, term=term)


def _first(reading: Reading, entry: str) -> Reading:
    """The reading with that entry before the other candidates."""
    best = max((found.score for found in reading.candidates), default=1.0)
    rest = tuple(found for found in reading.candidates if found.entry != entry)
    return replace(reading, entry=entry, candidates=(Candidate(entry, best), *rest)[:CANDIDATES])
