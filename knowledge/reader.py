"""Files to records: reads the whole of the knowledge, or one foreign edition, and names every defect.

The reader never stops at the first mistake; what it could read comes back beside the complaints.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from knowledge import records, shapes
from knowledge.complaints import Complaint, shape_complaints
from knowledge.model import Bilingual, Edition, Entry, Fact, Methodology, OfficeCalendar, Source, Term

FOLDER = Path(__file__).parent
FENCE = "+++\n"
ENGLISH = "\n+++ en +++\n"
Files = Mapping[str, str]
S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of the files: the edition, and what is wrong with it."""

    edition: Edition
    complaints: tuple[Complaint, ...]


@dataclass(slots=True)
class _Pile:
    """What piles up while files are read."""

    entries: dict[str, Entry] = field(default_factory=dict)
    methodologies: dict[str, Methodology] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    calendar: OfficeCalendar | None = None
    complaints: list[Complaint] = field(default_factory=list)


def files_in(folder: Path = FOLDER) -> dict[str, str]:
    """The knowledge files of a folder: path inside it to text, sorted by path."""
    found = [*folder.glob("*.toml"), *folder.glob("entries/*/*.md"), *folder.glob("methodologies/*.toml")]
    return {str(file.relative_to(folder).as_posix()): file.read_text("utf-8") for file in sorted(found)}


def name_of(files: Files) -> str:
    """The name of an edition: a hash of its files, twelve hexadecimal digits."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{files[path]}\0".encode())
    return whole.hexdigest()[:12]


def read(files: Files) -> Reading:
    """The edition that these files hold, and every defect of their shape."""
    pile = _Pile()
    for path, text in files.items():
        _read_file(pile, path, text)
    edition = Edition(
        name=name_of(files),
        entries=pile.entries,
        methodologies=pile.methodologies,
        facts=pile.facts,
        terms=pile.terms,
        sources=pile.sources,
        calendar=pile.calendar,
    )
    return Reading(edition, tuple(pile.complaints))


def _read_file(pile: _Pile, path: str, text: str) -> None:
    try:
        if path.startswith("entries/"):
            _read_entry(pile, path, text)
        elif path.startswith("methodologies/"):
            _read_card(pile, path, tomllib.loads(text))
        elif path == "calendar.toml":
            _read_calendar(pile, path, tomllib.loads(text))
        elif path in _TABLES:
            _read_table(pile, path, tomllib.loads(text))
        else:
            pile.complaints.append(Complaint(path, "", "unknown_file"))
    except tomllib.TOMLDecodeError as fault:
        pile.complaints.append(Complaint(path, "", "broken_toml", {"why": str(fault)}))


def _read_entry(pile: _Pile, path: str, text: str) -> None:
    head, _, body = text.removeprefix(FENCE).partition("\n" + FENCE)
    if not text.startswith(FENCE) or not body:
        pile.complaints.append(Complaint(path, "+++", "no_head"))
        return
    shape = _shaped(pile, path, shapes.EntryShape, tomllib.loads(head))
    japanese, _, english = body.partition(ENGLISH)
    if not english.strip():
        pile.complaints.append(Complaint(path, "+++ en +++", "missing"))
    if shape is None:
        return
    expected = f"entries/{shape.category}/{shape.id}.md"
    if path != expected:
        pile.complaints.append(Complaint(path, "id", "wrong_place", {"expected": expected}))
    _add_entry(pile, records.entry(shape, Bilingual(japanese.strip(), english.strip()), path), "id")


def _add_entry(pile: _Pile, entry: Entry, where: str) -> None:
    if known := pile.entries.get(entry.id):
        pile.complaints.append(Complaint(entry.file, where, "duplicate_id", {"other": known.file}))
        return
    pile.entries[entry.id] = entry


def _read_table(pile: _Pile, path: str, table: Mapping[str, object]) -> None:
    for id_, row in table.items():
        shape = _shaped(pile, path, _TABLES[path], row, f"{id_}.")
        match shape:
            case shapes.CommandShape() | shapes.SmalltalkShape():
                _add_entry(pile, records.aside(id_, shape, path), id_)
            case shapes.ElsewhereShape() | shapes.OutsideShape():
                _add_entry(pile, records.aside(id_, shape, path), id_)
            case shapes.FactShape():
                pile.facts[id_] = records.fact(id_, shape)
            case shapes.SourceShape():
                pile.sources[id_] = Source(id_, **shape.model_dump())
            case shapes.TermShape():
                pile.terms[id_] = records.term(id_, shape)


def _read_card(pile: _Pile, path: str, table: Mapping[str, object]) -> None:
    shape = _shaped(pile, path, shapes.MethodologyShape, table)
    if shape is None:
        return
    if known := pile.methodologies.get(shape.code):
        pile.complaints.append(Complaint(path, "code", "duplicate_id", {"other": known.file}))
        return
    pile.methodologies[shape.code] = records.methodology(shape, path)


def _read_calendar(pile: _Pile, path: str, table: Mapping[str, object]) -> None:
    if shape := _shaped(pile, path, shapes.CalendarShape, table):
        pile.calendar = records.calendar(shape)


def _shaped(pile: _Pile, path: str, shape: type[S], row: object, prefix: str = "") -> S | None:
    try:
        return shape.model_validate(row)
    except ValidationError as fault:
        pile.complaints.extend(shape_complaints(path, fault, shape, prefix))
        return None


_TABLES: Mapping[str, type[BaseModel]] = {
    "commands.toml": shapes.CommandShape,
    "smalltalk.toml": shapes.SmalltalkShape,
    "elsewhere.toml": shapes.ElsewhereShape,
    "outside.toml": shapes.OutsideShape,
    "facts.toml": shapes.FactShape,
    "sources.toml": shapes.SourceShape,
    "glossary.toml": shapes.TermShape,
}
