"""What a published proposal does to the edition: the question is understood afterwards."""

from datetime import date

import pytest

from intents.desk.gap_books import Decision, NewProposal
from intents.desk.gap_edition import applied
from intents.ports import Outcome
from intents.understanding.router import Understanding
from knowledge.addition_fault import AdditionFault
from knowledge.entry_draft import EntryDraft, draft_text
from knowledge.model import Bilingual, Phrasings
from knowledge.reader import read
from tests.kit import small_edition

TODAY = date(2026, 11, 24)
FILES = small_edition()
ASKED = "宇宙ステーションの冷凍庫"


def _outcome(files: dict[str, str], text: str = ASKED) -> tuple[Outcome, str]:
    reading = Understanding(read(files).edition).read(text, TODAY)
    return reading.outcome, reading.entry


def test_a_phrasing_makes_the_question_known() -> None:
    """What found nothing finds its entry, in the list of its language."""
    assert _outcome(FILES)[0] is Outcome.UNKNOWN
    new = NewProposal(Decision.PHRASING, (1,), ASKED, "what-is-j-credit")
    assert _outcome(applied(FILES, new, TODAY)) == (Outcome.ANSWER, "what-is-j-credit")
    english = NewProposal(Decision.PHRASING, (1,), "freezers of a space station", "what-is-j-credit")
    said = read(applied(FILES, english, TODAY)).edition.entries["what-is-j-credit"].phrasings
    assert said.en[-1] == english.text


def test_a_new_entry_answers_the_question() -> None:
    """From the draft that the proposal holds."""
    draft = EntryDraft(
        id="space-freezer",
        category="methodologies",
        question=Bilingual("宇宙の冷凍庫は対象ですか", "Do freezers in space count?"),
        answer=Bilingual("国内の取組が対象です。", "Only activities in Japan count."),
        source=next(iter(read(FILES).edition.sources)),
        owner="desk",
        review_by=date(2027, 4, 1),
        phrasings=Phrasings((ASKED,)),
    )
    new = NewProposal(Decision.NEW_ENTRY, (1,), draft_text(draft))
    assert _outcome(applied(FILES, new, TODAY)) == (Outcome.ANSWER, "space-freezer")


def test_what_is_out_of_scope_stays_unanswered() -> None:
    """It is an example of what the desk does not know, not an answer."""
    changed = applied(FILES, NewProposal(Decision.OUT_OF_SCOPE, (1,), ASKED), TODAY)
    assert read(changed).edition.entries["outside.by-staff"].phrasings.ja == (ASKED,)
    assert _outcome(changed)[0] is Outcome.UNKNOWN


def test_what_is_answered_already_changes_nothing() -> None:
    """The decision is all there is; and there must be such an answer."""
    known = next(iter(read(FILES).edition.entries))
    assert applied(FILES, NewProposal(Decision.ANSWERED, (1,), entry=known), TODAY) == FILES
    with pytest.raises(AdditionFault, match="no-such-entry"):
        applied(FILES, NewProposal(Decision.ANSWERED, (1,), entry="no-such-entry"), TODAY)


def test_the_words_of_another_entry_are_refused() -> None:
    """Nearly the same phrasing in two entries would make the desk guess."""
    taken = read(FILES).edition.entries["monitoring-report-deadline"].phrasings.ja[1]
    new = NewProposal(Decision.PHRASING, (1,), f"{taken}？", "what-is-j-credit")
    with pytest.raises(AdditionFault, match="monitoring-report-deadline"):
        applied(FILES, new, TODAY)
