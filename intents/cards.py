"""Replies from the cards: a methodology, and what a word of the scheme means."""

from collections.abc import Iterable, Iterator, Mapping

from intents.compose import question_choice, source_text
from intents.messages import (
    Choices,
    ChoiceStyle,
    Facts,
    Heading,
    Line,
    Mark,
    Paragraph,
    Part,
    SourceLine,
    Sources,
    Strong,
    Text,
)
from intents.ports import Work
from knowledge.model import Edition, Lang, Methodology, MethodologyFact, Term
from knowledge.wording import Wording

# What stands in a card whose sources have no date.
UNKNOWN = "—"
ASPECTS = ("activity", "condition", "monitoring", "baseline", "note")


def card_parts(edition: Edition, card: Methodology, lang: Lang, wording: Wording) -> Iterator[Part]:
    """A methodology's card: its title and version, what is known about it, and where that stands."""
    numbers = _numbered((*card.sources, *(source for fact in card.facts for source in fact.sources)))
    doubt = Strong(wording.say("chat.unverified", lang))
    yield Heading(f"{card.code} {card.title.in_(lang)}")
    version = card.version or wording.say("chat.version_unknown", lang)
    as_of = wording.say("chat.date_unknown", lang) if card.as_of == UNKNOWN else card.as_of
    line: Line = (Text(wording.say("chat.card_version", lang, version=version, as_of=as_of)),)
    unsure = card.title_unverified or card.status_unverified
    yield Paragraph((*line, doubt) if unsure else line)
    rows = ((aspect, _about(card, aspect, lang, numbers, doubt)) for aspect in ASPECTS)
    yield Facts(tuple((wording.say(f"chat.aspect_{aspect}", lang), line) for aspect, line in rows if line))
    yield _sources(edition, numbers, lang, wording, wording.say("chat.card_check", lang))


def card_steps(
    edition: Edition, card: Methodology, lang: Lang, work: Work, wording: Wording
) -> Iterator[Part]:
    """What to press after a card: the answer in everyday words, and how to find another methodology."""
    near = (card.entry, "find-methodology", "methodology-version")
    options = tuple(
        question_choice(edition, other, lang, work)
        for other in dict.fromkeys(near)
        if other in edition.entries
    )
    if options:
        yield Choices(wording.say("chat.next", lang), options, ChoiceStyle.OFFER)


def term_parts(edition: Edition, term: Term, lang: Lang, wording: Wording) -> Iterator[Part]:
    """What a word means, how it is read, and what it is called in the other language."""
    numbers = _numbered(term.sources)
    marks: Line = tuple(Mark(number) for number in numbers.values())
    doubt: Line = (Strong(wording.say("chat.unverified", lang)),)
    yield Heading(wording.say("chat.term", lang, term=term.term, reading=term.reading, english=term.english))
    yield Paragraph((Text(term.definition.in_(lang)), *marks, *(doubt if term.unverified else ())))
    yield _sources(edition, numbers, lang, wording, "")


def _about(card: Methodology, aspect: str, lang: Lang, numbers: Mapping[str, int], doubt: Strong) -> Line:
    """Everything that the card says about one aspect, run together."""
    said = [_fact(fact, lang, numbers, doubt) for fact in card.facts if fact.aspect == aspect]
    return tuple(piece for line in said for piece in (*line, Text(" ")))[:-1]


def _fact(fact: MethodologyFact, lang: Lang, numbers: Mapping[str, int], doubt: Strong) -> Line:
    marks: Line = tuple(Mark(numbers[source]) for source in fact.sources)
    return (Text(fact.text.in_(lang)), *marks, *((doubt,) if fact.unverified else ()))


def _numbered(sources: Iterable[str]) -> dict[str, int]:
    return {source: number for number, source in enumerate(dict.fromkeys(sources), 1)}


def _sources(
    edition: Edition, numbers: Mapping[str, int], lang: Lang, wording: Wording, note: str
) -> Sources:
    known = ((number, edition.sources[source]) for source, number in numbers.items())
    items = tuple(SourceLine(n, source_text(source, lang, wording), source.url) for n, source in known)
    return Sources(wording.say("chat.sources", lang), items, note)
