"""What must hold between the files: links lead somewhere, periods do not overlap, facts have sources."""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import pairwise

from knowledge.complaints import Complaint, unknown
from knowledge.model import Edition, Entry, EntryKind, Fact, Lang
from knowledge.render import TemplateFault, names_in
from knowledge.text import Points, Ref, parse, refs

OWNERS = ("desk", "forest", "seminar", "system")
FACTS_FILE, SOURCES_FILE, CALENDAR_FILE = "facts.toml", "sources.toml", "calendar.toml"
_FACT_NAME = re.compile(r"\bfacts\.([a-zA-Z][a-zA-Z0-9_]*)")
_TEMPLATE = re.compile(r"\{[{%#].*?(?:[}%#]\}|$)", re.DOTALL)
_FACT_PLACE = re.compile(r"\{\{\s*facts\.([a-zA-Z][a-zA-Z0-9_]*)\s*\}\}")
_PLACE = re.compile(r"\{\{.*?\}\}|\[\^[^\]]*\]|\]\([^)]*\)")
# Digits that are names, not amounts.
_NAMES = re.compile(
    r"(?<![A-Za-z0-9])(?:EN-[SR]|AG|FO|IN|WA)-?\d{3}(?![0-9])|RE100|Scope ?[123]|CO2|J-?VER|ISO ?\d+|N2O|CH4",
    re.IGNORECASE,
)


def check(edition: Edition, day: date | None = None) -> Iterator[Complaint]:
    """Every defect between the files of an edition; with a day, links to what is not valid then as well."""
    if edition.calendar is None:
        yield Complaint(CALENDAR_FILE, "", "missing")
    for fact in edition.facts.values():
        yield from _fact(edition, fact)
    for term in edition.terms.values():
        yield from _sources(edition, "glossary.toml", f"{term.id}.sources", term.sources)
    for card in edition.methodologies.values():
        yield from _sources(edition, card.file, "sources", card.sources)
        if card.entry and card.entry not in edition.entries:
            yield unknown(card.file, "entry", card.entry, edition.entries)
        for fact_ in card.facts:
            yield from _sources(edition, card.file, "facts.sources", fact_.sources)
    for entry in edition.entries.values():
        yield from _entry(edition, entry)
        if day and entry.valid.covers(day):
            yield from _expired_links(edition, entry, day)


def _fact(edition: Edition, fact: Fact) -> Iterator[Complaint]:
    parts = sorted(fact.periods, key=lambda part: part.period.first)
    for one, other in pairwise(parts):
        if one.period.overlaps(other.period):
            days = f"{one.period.first} / {other.period.first}"
            yield Complaint(FACTS_FILE, f"{fact.id}.periods", "overlapping_period", {"days": days})
    for part in parts:
        if part.period.last and part.period.last < part.period.first:
            yield Complaint(FACTS_FILE, f"{fact.id}.valid_to", "ends_before_it_begins")
        if not part.sources and not part.unverified:
            yield Complaint(FACTS_FILE, f"{fact.id}.sources", "missing_source")
        yield from _sources(edition, FACTS_FILE, f"{fact.id}.sources", part.sources)


def _sources(edition: Edition, file: str, where: str, named: Collection[str]) -> Iterator[Complaint]:
    for source in named:
        if source not in edition.sources:
            yield unknown(file, where, source, edition.sources)


def _entry(edition: Edition, entry: Entry) -> Iterator[Complaint]:
    if not entry.phrasings.all() and entry.kind is not EntryKind.OUTSIDE:
        yield Complaint(entry.file, "phrasings", "empty")
    if entry.answered_by and entry.answered_by not in edition.entries:
        yield unknown(entry.file, f"{entry.id}.entry", entry.answered_by, edition.entries)
    if entry.kind is EntryKind.FAQ:
        yield from _answer(edition, entry)


def _answer(edition: Edition, entry: Entry) -> Iterator[Complaint]:
    for other in entry.related:
        if other not in edition.entries or other == entry.id:
            yield unknown(entry.file, "related", other, edition.entries)
    if entry.offers and not _is_command(edition, entry.offers):
        commands = [id_ for id_ in edition.entries if _is_command(edition, id_)]
        yield unknown(entry.file, "offers", entry.offers, commands)
    if entry.owner not in OWNERS:
        yield unknown(entry.file, "owner", entry.owner, OWNERS)
    yield from _days(entry)
    if not entry.states.ja or not entry.states.en:
        yield Complaint(entry.file, "states", "empty")
    for lang in Lang:
        yield from _body(edition, entry, lang)
    if _marks(entry.body.ja) != _marks(entry.body.en):
        yield Complaint(entry.file, "+++ en +++", "languages_differ")


def _expired_links(edition: Edition, entry: Entry, day: date) -> Iterator[Complaint]:
    for name, others in (("related", entry.related), ("entry", (entry.answered_by,))):
        for other in others:
            if other in edition.entries and not edition.entries[other].valid.covers(day):
                yield Complaint(entry.file, name, "linked_not_valid", {"word": other, "day": day.isoformat()})


def _is_command(edition: Edition, id_: str) -> bool:
    return id_ in edition.entries and edition.entries[id_].kind is EntryKind.COMMAND


def _days(entry: Entry) -> Iterator[Complaint]:
    if entry.valid.last and entry.valid.last < entry.valid.first:
        yield Complaint(entry.file, "valid_to", "ends_before_it_begins")
    if entry.english_of and entry.as_of and entry.english_of < entry.as_of:
        yield Complaint(entry.file, "english_of", "english_is_older")


def _body(edition: Edition, entry: Entry, lang: Lang) -> Iterator[Complaint]:
    body, where = entry.body.in_(lang), f"body.{lang}"
    yield from _sources(edition, entry.file, where, refs(body))
    last = entry.valid.last or entry.review_by or entry.valid.first
    ends = (part.period.last for fact in edition.facts.values() for part in fact.periods if part.period.last)
    turns = {end + timedelta(days=1) for end in ends if entry.valid.first <= end < last}
    for day in sorted({entry.valid.first, last, *turns}):
        yield from _facts_on(edition, entry, body, where, day)
    said = _FACT_PLACE.sub(lambda place: _fact_text(edition, place[1], lang, last), body)
    for words in entry.states.ja if lang is Lang.JA else entry.states.en:
        if words not in said:
            yield Complaint(entry.file, where, "key_fact_unsaid", {"text": words})
    yield from _template(entry, where, body)
    for digits in re.findall(r"\S{0,6}\d+\S{0,4}", _NAMES.sub("", _PLACE.sub("", body))):
        yield Complaint(entry.file, where, "bare_number", {"text": digits})
    for block in parse(body):
        for item in block.items if isinstance(block, Points) else ():
            if not any(isinstance(span, Ref) for span in item):
                text = "".join(getattr(span, "text", "") for span in item)
                yield Complaint(entry.file, where, "missing_source_mark", {"text": text[:30]})


def _template(entry: Entry, where: str, body: str) -> Iterator[Complaint]:
    """Whatever a text has in it besides words and facts."""
    try:
        strange = names_in(body) - {"facts"}
    except TemplateFault as fault:
        yield Complaint(entry.file, where, "broken_template", {"why": str(fault)})
        return
    for name in strange:
        yield unknown(entry.file, where, name, ("facts",))
    # An answer fills facts in and does nothing else: no filter, no call, no loop.
    for place in _TEMPLATE.findall(_FACT_PLACE.sub("", body)):
        yield Complaint(entry.file, where, "only_facts", {"text": place[:40]})


def _fact_text(edition: Edition, name: str, lang: Lang, day: date) -> str:
    fact = edition.facts.get(name)
    part = fact.on(day) if fact else None
    return part.text.in_(lang) if part else ""


def _facts_on(edition: Edition, entry: Entry, body: str, where: str, day: date) -> Iterator[Complaint]:
    for name in dict.fromkeys(_FACT_NAME.findall(body)):
        fact = edition.facts.get(name)
        if fact is None:
            yield unknown(entry.file, where, f"facts.{name}", [f"facts.{known}" for known in edition.facts])
        elif fact.on(day) is None:
            yield Complaint(entry.file, where, "fact_has_no_value", {"fact": name, "day": day.isoformat()})


def _marks(body: str) -> list[list[str]]:
    return [
        [span.source for span in item if isinstance(span, Ref)]
        for block in parse(body)
        if isinstance(block, Points)
        for item in block.items
    ]
