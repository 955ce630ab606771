"""Shapes to records: what a file's tables become inside the product."""

from knowledge import shapes
from knowledge.model import (
    Bilingual,
    Entry,
    EntryKind,
    Fact,
    FactPeriod,
    Methodology,
    MethodologyFact,
    OfficeCalendar,
    Period,
    Phrasings,
    Term,
)


def entry(shape: shapes.EntryShape, body: Bilingual, path: str) -> Entry:
    """An answer from its head and its two bodies."""
    return Entry(
        id=shape.id,
        kind=EntryKind.FAQ,
        question=_pair(shape.question),
        phrasings=_phrasings(shape.phrasings),
        body=body,
        category=shape.category,
        keywords=_phrasings(shape.keywords),
        states=_phrasings(shape.states),
        related=shape.related,
        offers=shape.offers,
        owner=shape.owner,
        valid=Period(shape.valid_from, shape.valid_to),
        as_of=shape.as_of,
        review_by=shape.review_by,
        english_of=shape.english_of,
        file=path,
    )


def order_or_courtesy(id_: str, shape: shapes.CommandShape | shapes.SmalltalkShape, path: str) -> Entry:
    """A command or a piece of small talk; a command has no words of its own, a courtesy does."""
    courtesy = isinstance(shape, shapes.SmalltalkShape)
    return Entry(
        id=id_,
        kind=EntryKind.SMALLTALK if courtesy else EntryKind.COMMAND,
        question=_pair(shape.title),
        phrasings=_phrasings(shape.phrasings),
        body=_pair(shape.reply) if isinstance(shape, shapes.SmalltalkShape) else Bilingual("", ""),
        answered_by="" if isinstance(shape, shapes.SmalltalkShape) else shape.entry,
        file=path,
    )


def fact(id_: str, shape: shapes.FactShape) -> Fact:
    """A fact with its history."""
    return Fact(id_, shape.about, tuple(map(_fact_period, shape.periods)))


def term(id_: str, shape: shapes.TermShape) -> Term:
    """A word of the scheme."""
    rest = shape.model_dump(exclude={"definition"})
    return Term(id=id_, definition=_pair(shape.definition), **rest)


def methodology(shape: shapes.MethodologyShape, path: str) -> Methodology:
    """A methodology card."""
    facts = tuple(
        MethodologyFact(fact.aspect, Bilingual(fact.ja, fact.en), fact.sources, fact.unverified)
        for fact in shape.facts
    )
    rest = shape.model_dump(exclude={"title", "facts"})
    return Methodology(title=_pair(shape.title), facts=facts, file=path, **rest)


def calendar(shape: shapes.CalendarShape) -> OfficeCalendar:
    """The office's calendar; closing days become (month, day)."""
    days = frozenset((int(day[:2]), int(day[3:])) for day in shape.closed_days)
    return OfficeCalendar(shape.opens, shape.closes, days, shape.horizon, shape.hours_unverified)


def _fact_period(shape: shapes.FactPeriodShape) -> FactPeriod:
    period = Period(shape.valid_from, shape.valid_to)
    return FactPeriod(period, Bilingual(shape.ja, shape.en), shape.sources, shape.value, shape.unverified)


def _pair(shape: shapes.PairShape) -> Bilingual:
    return Bilingual(shape.ja, shape.en)


def _phrasings(shape: shapes.PhrasingsShape) -> Phrasings:
    return Phrasings(shape.ja, shape.en)
