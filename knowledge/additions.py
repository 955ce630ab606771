"""Additions to the files of an edition: a phrasing, an example of what is out of scope, a new entry.

Each gives all files anew, byte for byte the same but for the addition, or raises AdditionFault that names what the
reader's and the links' checks find wrong with it. What was wrong before is not held against it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from knowledge.addition_fault import AdditionFault
from knowledge.checks import check
from knowledge.complaints import Complaint, nearest, unknown
from knowledge.entry_draft import EntryDraft, file_of, path_of
from knowledge.model import EntryKind, Lang, Phrasings
from knowledge.reader import FENCE, Files, read
from knowledge.toml_lists import quoted, table_of, top_of, with_item
from knowledge.wording import load_wording

OUTSIDE_FILE = "outside.toml"
# Where examples stand that fit nowhere else.
BY_STAFF = "outside.by-staff"
ASIDE = (EntryKind.ELSEWHERE, EntryKind.OUTSIDE)
_FENCE_LINE = re.compile(r"^\+\+\+", re.MULTILINE)


def with_phrasing(files: Files, entry: str, phrasing: str, lang: Lang) -> dict[str, str]:
    """The files with one more phrasing of an entry, or of a methodology's card by its code."""
    edition = read(files).edition
    card = edition.methodologies.get(entry)
    found = edition.entries.get(card.entry if card and card.entry else entry) or card
    if found is None:
        raise AdditionFault([unknown("", "entry", entry, (*edition.entries, *edition.methodologies))])
    id_ = entry if found is card else (card.entry if card else entry)
    _refuse(_unfit(found.file, id_, phrasing, found.phrasings))
    text = with_item(files[found.file], _table(files, found.file, id_), f"phrasings.{lang}", phrasing)
    return _checked(files, found.file, text)


def with_out_of_scope(files: Files, text: str, lang: Lang = Lang.JA, place: str = "") -> dict[str, str]:
    """The files with one more example of what the office does not answer.

    `place` is the kind next door or outside to which it belongs; without one it joins the staff's own list in
    `outside.toml`, which is begun when there is none.
    """
    edition = read(files).edition
    known = edition.entries.get(place)
    if place and (known is None or known.kind not in ASIDE):
        kinds = [one.id for one in edition.entries.values() if one.kind in ASIDE]
        raise AdditionFault([unknown(OUTSIDE_FILE, "place", place, kinds)])
    begun = files if place or BY_STAFF in edition.entries else {**files, OUTSIDE_FILE: _begun(files)}
    return with_phrasing(begun, place or BY_STAFF, text, lang)


def with_entry(files: Files, draft: EntryDraft, day: date) -> dict[str, str]:
    """The files with a new entry, valid from that day (Tokyo) on."""
    path = path_of(draft)
    _refuse(_wrong(files, draft, path, day))
    return _checked(files, path, file_of(draft, day), day)


# ------------------------------------------------ what is wrong


def check_entry(files: Files, entry: str) -> None:
    """Raises AdditionFault when there is no answer and no card of that name."""
    edition = read(files).edition
    known = (*edition.entries, *edition.methodologies)
    if entry not in known:
        raise AdditionFault([unknown("", "entry", entry, known)])


def _refuse(complaints: Iterable[Complaint]) -> None:
    if found := tuple(complaints):
        raise AdditionFault(found)


def _checked(files: Files, path: str, text: str, day: date | None = None) -> dict[str, str]:
    changed = {**files, path: text}
    found = _complaints(changed, day)
    before = _complaints(files, day) if found else []
    _refuse(one for one in found if one not in before)
    return changed


def _complaints(files: Files, day: date | None) -> list[Complaint]:
    reading = read(files)
    return [*reading.complaints, *check(reading.edition, day)]


def _unfit(file: str, entry: str, text: str, known: Phrasings) -> Iterator[Complaint]:
    plain = " ".join(text.split())
    if not plain:
        yield Complaint(file, f"{entry}.phrasings", "empty")
    if plain in known.all():
        places = {"text": plain, "twin": plain, "other": entry}
        yield Complaint(file, f"{entry}.phrasings", "near_duplicate", places)


def _wrong(files: Files, draft: EntryDraft, path: str, day: date) -> Iterator[Complaint]:
    """What no check of the files would see."""
    if path in files:
        yield Complaint(path, "id", "duplicate_id", {"other": path})
    named = [key.partition(".")[2] for key in load_wording().texts if key.startswith("categories.")]
    if draft.category not in named:
        word = {"word": draft.category}
        yield Complaint(path, "category", "no_category_name", word, nearest(draft.category, named))
    if draft.review_by <= day:
        yield Complaint(path, "review_by", "ends_before_it_begins")
    for lang in Lang:
        if _FENCE_LINE.search(draft.answer.in_(lang)):
            yield Complaint(path, f"answer.{lang}", "wrong_type", {"value": "+++", "why": "ends the answer"})
        elif not draft.answer.in_(lang).strip():
            yield Complaint(path, f"answer.{lang}", "empty")


# ------------------------------------------------ where it stands


def _table(files: Files, file: str, id_: str) -> tuple[int, int]:
    """From where to where a file's keys about that entry stand."""
    text = files[file]
    if file.startswith("entries/"):
        return len(FENCE), text.index("\n" + FENCE, len(FENCE)) + 1
    if file.startswith("methodologies/"):
        return top_of(text)
    if found := table_of(text, id_):
        return found
    raise AdditionFault([Complaint(file, id_, "missing")])


def _begun(files: Files) -> str:
    """The file of what is outside, with the staff's own list, still empty."""
    say, before = load_wording().say, files.get(OUTSIDE_FILE, "")
    titles = [f"title.{lang} = {quoted(say('gaps.by_staff', lang))}" for lang in Lang]
    lists = [f"phrasings.{lang} = [\n]" for lang in Lang]
    gap = "\n" if before else ""
    return "\n".join((f'{before}{gap}["{BY_STAFF}"]', *titles, *lists, ""))
