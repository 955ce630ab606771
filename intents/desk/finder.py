"""Which methodology fits what somebody did: candidates by their words, questions that separate them, a first look.

Nothing here decides: the methodology's own text and the examination do.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from intents.ports import Outcome as Found
from intents.understanding.router import Reading, Understanding
from intents.understanding.words import words_of
from knowledge.finder import UNSURE, Finder, FinderQuestion, Outcome, Rule, RuleOption
from knowledge.model import Bilingual, Edition, Lang, Methodology

MOST = 5
# From this share of the best score on, an entry is worth mentioning.
NEAR = 0.6
# The answer to a question about a day that is still to come.
PLANNED = "planned"
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A methodology that may fit, which of the person's words speak for it, and how near it is (best 1.0).

    `unverified` where its number or title is not confirmed: to be shown with a word of caution.
    """

    code: str
    reason_words: tuple[str, ...]
    score: float
    unverified: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one rule looks: `text` with its `places` filled says why; an unverified one never looks but "ask"."""

    rule: str
    outcome: Outcome
    text: Bilingual
    places: Mapping[str, str]
    sources: tuple[str, ...]
    unverified: bool

    def said(self, lang: Lang) -> str:
        """The sentence in that language."""
        return self.text.in_(lang).format(**self.places)


# ---------------------------------------------------------------- candidates


def candidates(
    understanding: Understanding, finder: Finder, text: str, day: date, lang: Lang
) -> tuple[Candidate, ...]:
    """At most five methodologies, best first; none where what is meant is nothing that a methodology covers."""
    edition = understanding.edition
    near = _near(understanding.read(text, day, lang), edition.methodologies)
    typed = {word: shown for word, shown in _typed(text).items() if word not in finder.light}
    return tuple(
        Candidate(code, _reasons(typed, card, edition), near[code], card.title_unverified)
        for code in sorted(near, key=lambda code: -near[code])[:MOST]
        for card in (edition.methodologies[code],)
    )


def _near(reading: Reading, cards: Mapping[str, Methodology]) -> dict[str, float]:
    """How near each methodology is that the text names or may mean."""
    near = {code: 1.0 for code in reading.entities.codes if code in cards}
    if reading.outcome is Found.UNKNOWN or not reading.candidates:
        return near
    best = reading.candidates[0].score
    for found in reading.candidates:
        for code in _codes_of(found.entry, cards) if found.score >= NEAR * best else ():
            near.setdefault(code, round(found.score / best, 3))
    return near


def _codes_of(entry: str, cards: Mapping[str, Methodology]) -> list[str]:
    """The code of a card, or those of the cards that name the entry."""
    return [entry] if entry in cards else [code for code, card in cards.items() if card.entry == entry]


def _reasons(typed: Mapping[str, str], card: Methodology, edition: Edition) -> tuple[str, ...]:
    """The person's words that the card holds: its title and facts first, then its everyday phrasings."""
    facts = (fact.text for fact in card.facts)
    told = [side for pair in (card.title, *facts) for side in (pair.ja, pair.en)]
    entry = edition.entries.get(card.entry)
    spoken = (*card.phrasings.all(), *(entry.phrasings.all() if entry else ()))
    return tuple(dict.fromkeys((*_shared(typed, (*told, *card.variants)), *_shared(typed, spoken))))


def _typed(text: str) -> dict[str, str]:
    """The content words of a text, each with a spelling that can be shown."""
    stems = {word: latin for latin in _LATIN.findall(text) for word in words_of(latin).words}
    return {word: stems.get(word, word) for word in words_of(text).words}


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    """The words of a card's sentence, which stays the same from turn to turn."""
    return tuple(words_of(text).words)


def _shared(typed: Mapping[str, str], texts: Iterable[str]) -> tuple[str, ...]:
    known = {word for each in texts for word in _words(each)}
    return tuple(shown for word, shown in typed.items() if word in known)


# ---------------------------------------------------------------- questions that separate


def remaining(finder: Finder, codes: Sequence[str], answers: Mapping[str, str]) -> tuple[str, ...]:
    """The codes that the answers leave, those that an answer names first.

    An answer may name a methodology that nobody thought of; one that an answer has ruled out does not come back.
    """
    left, gone = list(dict.fromkeys(codes)), set[str]()
    for question in finder.questions:
        keeps = _kept(question, answers.get(question.id, ""))
        if keeps:
            gone |= question.about - keeps
            named = [code for option in question.options for code in option.keeps if code in keeps]
            left = [*dict.fromkeys([*(c for c in left if c in keeps), *named, *left])]
    return tuple(code for code in left if code not in gone)


def next_question(finder: Finder, codes: Sequence[str], answers: Mapping[str, str]) -> FinderQuestion | None:
    """The next question that judges the nearest code and splits what is left; none where no question does."""
    left = remaining(finder, codes, answers)
    asked = (question for question in finder.questions if question.id not in answers)
    return next((each for each in asked if left[:1] and left[0] in each.about and _splits(each, left)), None)


def _kept(question: FinderQuestion, answer: str) -> frozenset[str]:
    if answer == UNSURE:
        return frozenset()
    return frozenset(code for option in question.options if option.value == answer for code in option.keeps)


def _splits(question: FinderQuestion, left: Sequence[str]) -> bool:
    """Whether two of its answers would leave different codes of those that it judges."""
    kinds = {frozenset(option.keeps) & frozenset(left) for option in question.options if option.keeps}
    return len(kinds - {frozenset()}) > 1


# ---------------------------------------------------------------- a first look


def rules_for(finder: Finder, code: str, today: date) -> tuple[Rule, ...]:
    """The rules of that day that concern a methodology, in the order in which they are asked."""
    return tuple(rule for rule in finder.rules if rule.valid.covers(today) and rule.concerns(code))


def precheck(finder: Finder, code: str, answers: Mapping[str, str], today: date) -> tuple[Verdict, ...]:
    """How each answered rule looks today; `answers` holds option values, and for a window the day in ISO form.

    Raises ValueError for an answer that the rule does not know.
    """
    rules = (rule for rule in rules_for(finder, code, today) if rule.id in answers)
    return tuple(_verdict(rule, answers[rule.id], today) for rule in rules)


def last_day(done: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return done.replace(year=done.year + years)
    except ValueError:
        return done.replace(year=done.year + years, day=28)


def _verdict(rule: Rule, answer: str, today: date) -> Verdict:
    value, places = _in_window(rule, answer, today) if rule.window_years else (answer, {})
    option = _option(rule, value)
    return Verdict(rule.id, option.outcome, option.text, places, rule.sources, option.unverified)


def _in_window(rule: Rule, answer: str, today: date) -> tuple[str, dict[str, str]]:
    if answer == PLANNED:
        return PLANNED, {}
    done = date.fromisoformat(answer)
    if done > today:
        return PLANNED, {}
    until = last_day(done, rule.window_years)
    days = (until - today).days
    value = "past" if days < 0 else "soon" if days <= rule.soon_days else "within"
    return value, {"last_day": f"{until.year}/{until.month}/{until.day}", "days": str(days)}


def _option(rule: Rule, value: str) -> RuleOption:
    for option in rule.options:
        if option.value == value:
            return option
    raise ValueError(f"rule {rule.id} knows no answer {value!r}")
