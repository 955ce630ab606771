"""A foreign edition: one JSONL file of questions and answers, to try the matcher on other people's sets."""

import hashlib
import json

from pydantic import ConfigDict, ValidationError

from knowledge.model import Bilingual, Edition, Entry, EntryKind, Phrasings
from knowledge.shapes import Shape


class ForeignFault(ValueError):
    """A line that is not an entry; the text names the line and the field."""


class _Line(Shape):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    id: str
    question: str
    phrasings: tuple[str, ...] = ()
    answer: str = ""
    kind: EntryKind = EntryKind.FAQ


def read_foreign(text: str) -> Edition:
    """The edition of a JSONL text; raises ForeignFault for the first line that is wrong."""
    entries: dict[str, Entry] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            entry = _entry(number, line)
            if entry.id in entries:
                raise ForeignFault(f"line {number}: id {entry.id!r} is there twice")
            entries[entry.id] = entry
    if not entries:
        raise ForeignFault("holds no entries")
    return Edition(name=hashlib.sha256(text.encode()).hexdigest()[:12], entries=entries)


def _entry(number: int, line: str) -> Entry:
    try:
        row = _Line.model_validate(json.loads(line))
    except (json.JSONDecodeError, ValidationError) as fault:
        raise ForeignFault(f"line {number}: {fault}") from fault
    question = Bilingual(row.question, row.question)
    # The answer is shown as it stands: braces in it are not ours to fill.
    answer = row.answer.replace("{", "｛")
    return Entry(row.id, row.kind, question, Phrasings(ja=row.phrasings), Bilingual(answer, answer))
