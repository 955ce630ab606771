"""A new entry as somebody drafts it in a form, and the file that it becomes."""

import dataclasses
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from knowledge.addition_fault import AdditionFault
from knowledge.complaints import shape_complaints
from knowledge.model import Bilingual, Phrasings
from knowledge.reader import ENGLISH, FENCE
from knowledge.shapes import Filled, Id, PairShape, PhrasingsShape, Shape
from knowledge.text import refs
from knowledge.toml_lists import quoted

DRAFT = "draft"
NO_PHRASINGS = Phrasings()
# The beginning of an answer, up to the first sign, is what it states when nobody says anything else.
_BEGINNING = re.compile(r"(?:- )?([^、。,.;:：!?！？\n{\[*]{2,40})")


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """What a new entry says. `answer` is written as in `entries/_about.md`; `source` is an id of `sources.toml`.

    `phrasings` are what people typed for it; `states` what the answer must always contain (empty: its beginning).
    """

    id: str
    category: str
    question: Bilingual
    answer: Bilingual
    source: str
    owner: str
    review_by: date
    phrasings: Phrasings = NO_PHRASINGS
    states: Phrasings = NO_PHRASINGS


class _DraftShape(Shape):
    id: Id
    category: Id
    question: PairShape
    answer: PairShape
    source: Filled
    owner: Filled
    review_by: date
    phrasings: PhrasingsShape = PhrasingsShape()
    states: PhrasingsShape = PhrasingsShape()


def draft_of(text: str) -> EntryDraft:
    """The draft of a JSON text; raises AdditionFault that names each wrong field and how to mend it."""
    try:
        shape = _DraftShape.model_validate_json(text)
    except ValidationError as fault:
        raise AdditionFault(shape_complaints(DRAFT, fault, _DraftShape)) from fault
    return EntryDraft(
        id=shape.id,
        category=shape.category,
        question=Bilingual(shape.question.ja, shape.question.en),
        answer=Bilingual(shape.answer.ja, shape.answer.en),
        source=shape.source,
        owner=shape.owner,
        review_by=shape.review_by,
        phrasings=Phrasings(shape.phrasings.ja, shape.phrasings.en),
        states=Phrasings(shape.states.ja, shape.states.en),
    )


def draft_text(draft: EntryDraft) -> str:
    """The draft as JSON, as `draft_of` reads it; what is wrong with it stays so."""
    return json.dumps(dataclasses.asdict(draft), ensure_ascii=False, default=str)


# ------------------------------------------------ as a file


def path_of(draft: EntryDraft) -> str:
    """Where the entry stands."""
    return f"entries/{draft.category}/{draft.id}.md"


def file_of(draft: EntryDraft, day: date) -> str:
    """The entry's file; that day is when its facts were checked and from when it is valid."""
    ja, en = _sourced(draft.answer.ja, draft.source), _sourced(draft.answer.en, draft.source)
    lines = [
        f"id = {quoted(draft.id)}",
        f"category = {quoted(draft.category)}",
        f"question.ja = {quoted(draft.question.ja)}",
        f"question.en = {quoted(draft.question.en)}",
        _list("phrasings.ja", draft.phrasings.ja),
        _list("phrasings.en", draft.phrasings.en),
        _list("states.ja", draft.states.ja or _beginning(ja)),
        _list("states.en", draft.states.en or _beginning(en)),
        f"owner = {quoted(draft.owner)}",
        f"as_of = {day}",
        f"valid_from = {day}",
        f"review_by = {draft.review_by}",
        f"english_of = {day}",
    ]
    return f"{FENCE}{chr(10).join(lines)}\n{FENCE}{ja}\n{ENGLISH}{en}\n"


def _list(key: str, items: Sequence[str]) -> str:
    return "\n".join((f"{key} = [", *(f"  {quoted(item)}," for item in items), "]"))


def _beginning(answer: str) -> tuple[str, ...]:
    found = _BEGINNING.match(answer)
    return (found[1].strip(),) if found else ()


def _sourced(answer: str, source: str) -> str:
    """The answer with the mark of its source: at each bullet without one, else at the end of the first paragraph."""
    mark = f"[^{source}]"
    lines = [line.rstrip() for line in answer.strip().splitlines()]
    marked = [f"{line}{mark}" if line.startswith("- ") and "[^" not in line else line for line in lines]
    whole = "\n".join(marked)
    first, gap, rest = whole.partition("\n\n")
    return whole if refs(whole) else f"{first}{mark}{gap}{rest}"
