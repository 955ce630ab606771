"""The form of a proposal about a gap: which fields each decision asks for, and what they make."""

from collections.abc import Mapping
from datetime import date

from bot.console.numbers import whole_number
from bot.console.visit import MOST, Visit
from intents.desk.case_forms import Wrong
from intents.desk.gap_books import Decision, NewProposal
from intents.forms import Field, FieldKind, Option
from knowledge.checks import OWNERS
from knowledge.entry_draft import EntryDraft, draft_text
from knowledge.model import Bilingual, Lang, Phrasings

_LINE, _TEXT, _ONE = FieldKind.LINE, FieldKind.TEXT, FieldKind.ONE
_ENTRY = (
    ("id", _LINE, True),
    ("category", _ONE, True),
    ("question_ja", _LINE, True),
    ("question_en", _LINE, True),
    ("answer_ja", _TEXT, True),
    ("answer_en", _TEXT, True),
    ("source", _ONE, True),
    ("owner", _ONE, True),
    ("review_by", _LINE, True),
    ("phrasings_ja", _TEXT, False),
    ("phrasings_en", _TEXT, False),
)
FIELDS: Mapping[Decision, tuple[tuple[str, FieldKind, bool], ...]] = {
    Decision.PHRASING: (("text", _LINE, True), ("entry", _LINE, True)),
    Decision.NEW_ENTRY: _ENTRY,
    Decision.OUT_OF_SCOPE: (("text", _LINE, True),),
    Decision.ANSWERED: (("entry", _LINE, True),),
}

YEAR = 365


def begun(given: Mapping[str, str], lang: Lang, today: date) -> dict[str, str]:
    """What a new entry begins with: the question as it was asked, and a review in a year."""
    asked = given.get("text", "")
    review = date.fromordinal(today.toordinal() + YEAR).isoformat()
    return {f"question_{lang}": asked, f"phrasings_{lang}": asked, "owner": OWNERS[0], "review_by": review}


def fields(
    visit: Visit, decision: Decision, given: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    """The form of a decision."""
    return tuple(
        Field(
            name,
            visit.say(f"gap_{name}"),
            kind,
            hint=visit.say(f"gap_hint_{name}") if f"console.gap_hint_{name}" in visit.wording.texts else "",
            value=given.get(name, ""),
            options=_options(visit, name),
            required=required,
            error=errors.get(name, ""),
        )
        for name, kind, required in FIELDS[decision]
    )


def _options(visit: Visit, name: str) -> tuple[Option, ...]:
    match name:
        case "category":
            found = visit.wording.names("categories")
            return tuple(Option(one, visit.word(f"categories.{one}")) for one in found)
        case "owner":
            return tuple(Option(one, visit.say(f"owner_{one}")) for one in OWNERS)
        case "source":
            sources = visit.house.live.current().edition.sources
            return tuple(Option(one, f"{one}: {source.title}"[:90]) for one, source in sources.items())
        case _:
            return ()


def read(visit: Visit, given: Mapping[str, str]) -> NewProposal:
    """The proposal that was typed. Raises Wrong with a sentence for each field that is wrong."""
    decision = Decision(given["decision"]) if given.get("decision") in list(Decision) else Decision.ANSWERED
    said = {name: given.get(name, "").strip() for name, _, _ in FIELDS[decision]}
    missing = [name for name, _, required in FIELDS[decision] if required and not said[name]]
    if missing:
        raise Wrong({name: visit.say("gap_missing", field=visit.say(f"gap_{name}")) for name in missing})
    text = draft_text(_draft(visit, said)) if decision is Decision.NEW_ENTRY else said.get("text", "")
    return NewProposal(decision, _events(given.get("events", "")), text, said.get("entry", ""))


def _events(text: str) -> tuple[int, ...]:
    found = (whole_number(one, 1, MOST) for one in text.split(","))
    return tuple(one for one in found if one is not None)


def _draft(visit: Visit, said: Mapping[str, str]) -> EntryDraft:
    try:
        review = date.fromisoformat(said["review_by"])
    except ValueError as fault:
        raise Wrong({"review_by": visit.say("day_wrong", value=said["review_by"])}) from fault
    return EntryDraft(
        id=said["id"],
        category=said["category"],
        question=Bilingual(said["question_ja"], said["question_en"]),
        answer=Bilingual(said["answer_ja"], said["answer_en"]),
        source=said["source"],
        owner=said["owner"],
        review_by=review,
        phrasings=Phrasings(_lines(said["phrasings_ja"]), _lines(said["phrasings_en"])),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
