"""Replies from knowledge: an entry read out on a day, with its sources, its date and what comes next."""

from collections.abc import Iterator, Mapping
from datetime import date

from intents.messages import (
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    GiveFeedback,
    Heading,
    Inline,
    Line,
    Mark,
    Paragraph,
    Part,
    RunCommand,
    ShowEntry,
    SourceLine,
    Sources,
)
from intents.ports import Work
from knowledge.model import Edition, Entry, Lang, Source
from knowledge.render import fill
from knowledge.text import Block, Link, Points, Prose, Ref, Spans, Strong, Text, parse, refs
from knowledge.wording import Wording


class FactsOn:
    """The facts as they stand on a day, in one language, for `{{ facts.name }}`."""

    def __init__(self, edition: Edition, lang: Lang, day: date) -> None:
        self._edition, self._lang, self._day = edition, lang, day

    def __getattr__(self, name: str) -> str:
        fact = self._edition.facts.get(name)
        part = fact.on(self._day) if fact else None
        if part is None:
            raise AttributeError(name)
        return part.text.in_(self._lang)


def day_text(day: date, lang: Lang, wording: Wording) -> str:
    """A calendar day in words."""
    return wording.say("chat.day", lang, year=day.year, month=day.month, day=day.day)


def body_on(edition: Edition, entry: Entry, lang: Lang, day: date) -> str:
    """An entry's text on a day with its facts filled in."""
    return fill(entry.body.in_(lang), facts=FactsOn(edition, lang, day))


def answer_parts(edition: Edition, entry: Entry, lang: Lang, day: date, wording: Wording) -> Iterator[Part]:
    """An answer: its question as the heading, its text, its numbered sources and the day they were read."""
    body = body_on(edition, entry, lang, day)
    numbers = {source: n for n, source in enumerate(refs(body), 1)}
    yield Heading(entry.question.in_(lang))
    for block in parse(body):
        yield _part(block, numbers, wording.say("chat.unverified", lang))
    yield _sources(edition, entry, numbers, lang, wording)


def _part(block: Block, numbers: Mapping[str, int], unverified: str) -> Part:
    match block:
        case Prose(spans):
            return Paragraph(_line(spans, numbers, unverified))
        case Points(items):
            return Bullets(tuple(_line(spans, numbers, unverified) for spans in items))


def _line(spans: Spans, numbers: Mapping[str, int], unverified: str) -> Line:
    return tuple(_inline(span, numbers, unverified) for span in spans)


def _inline(span: Text | Strong | Link | Ref, numbers: Mapping[str, int], unverified: str) -> Inline:
    if not isinstance(span, Ref):
        return span
    return Strong(unverified) if span.unverified else Mark(numbers[span.source])


def _sources(
    edition: Edition, entry: Entry, numbers: Mapping[str, int], lang: Lang, wording: Wording
) -> Sources:
    known = ((n, edition.sources[source]) for source, n in numbers.items() if source in edition.sources)
    items = tuple(SourceLine(n, source_text(source, lang, wording), source.url) for n, source in known)
    when = day_text(entry.as_of, lang, wording) if entry.as_of else wording.say("chat.no_date", lang)
    return Sources(wording.say("chat.sources", lang), items, wording.say("chat.as_of", lang, day=when))


def source_text(source: Source, lang: Lang, wording: Wording) -> str:
    """A source in one line; a reprint says that it is one."""
    key = "chat.source_copy" if source.grade == "B" else "chat.source"
    return wording.say(key, lang, title=source.title, publisher=source.publisher, as_of=source.as_of)


def next_steps(edition: Edition, entry: Entry, lang: Lang, work: Work, wording: Wording) -> Iterator[Part]:
    """What to press after an answer: the procedure it offers, what to read next, and whether it helped."""
    options = [_order(edition, entry.offers, lang, work)] if entry.offers in edition.entries else []
    cards = [card.code for card in edition.methodologies.values() if card.entry == entry.id]
    near = [*cards, *(other for other in entry.related if other in edition.entries)]
    options += [question_choice(edition, other, lang, work) for other in near]
    if options:
        yield Choices(wording.say("chat.next", lang), tuple(options[:4]), ChoiceStyle.OFFER)
    yield Choices(wording.say("chat.helped", lang), _votes(entry, lang, work, wording), ChoiceStyle.FEEDBACK)


def question_choice(edition: Edition, id_: str, lang: Lang, work: Work, asked: str = "") -> Choice:
    """A button that asks another question."""
    return Choice(title_of(edition, id_, lang), work.tokens.issue(ShowEntry(id_, asked)))


def title_of(edition: Edition, id_: str, lang: Lang) -> str:
    """What an entry or a card is called on a button."""
    if card := edition.methodologies.get(id_):
        return f"{card.code} {card.title.in_(lang)}"
    return edition.entries[id_].question.in_(lang)


def _order(edition: Edition, command: str, lang: Lang, work: Work) -> Choice:
    return Choice(edition.entries[command].question.in_(lang), work.tokens.issue(RunCommand(command)))


def _votes(entry: Entry, lang: Lang, work: Work, wording: Wording) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            wording.say(key, lang),
            work.tokens.issue(GiveFeedback(work.event, entry.id, helpful=key.endswith("yes"))),
        )
        for key in ("chat.helpful_yes", "chat.helpful_no")
    )
