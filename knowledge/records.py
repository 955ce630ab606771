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

Aside = shapes.CommandShape | shapes.SmalltalkShape | shapes.ElsewhereShape | shapes.OutsideShape
_ASIDES: dict[type[Aside], EntryKind] = {
    shapes.CommandShape: EntryKind.COMMAND,
    shapes.SmalltalkShape: EntryKind.SMALLTALK,
    shapes.ElsewhereShape: EntryKind.ELSEWHERE,
    shapes.OutsideShape: EntryKind.OUTSIDE,
}


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


def aside(id_: str, shape: Aside, path: str) -> Entry:
    """What is not an answer of ours: a command, a courtesy, a signpost, or an example of what is outside."""
    said = None if isinstance(shape, shapes.CommandShape | shapes.OutsideShape) else _pair(shape.reply)
    return Entry(
        id=id_,
        kind=_ASIDES[type(shape)],
        question=_pair(shape.title),
        phrasings=_phrasings(shape.phrasings),
        body=said or Bilingual("", ""),
        answered_by=shape.entry if isinstance(shape, shapes.CommandShape) else "",
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
    rest = shape.model_dump(exclude={"title", "facts", "phrasings"})
    return Methodology(
        title=_pair(shape.title), facts=facts, phrasings=_phrasings(shape.phrasings), file=path, **rest
    )


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
