"""What a published proposal changes in the files of the edition."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from intents.desk.gap_books import Decision, NewProposal, Proposal
from intents.understanding.normalise import is_japanese
from intents.understanding.phrasing_check import near_duplicates
from knowledge.addition_fault import AdditionFault
from knowledge.additions import check_entry, with_entry, with_out_of_scope, with_phrasing
from knowledge.entry_draft import draft_of
from knowledge.model import Lang
from knowledge.reader import read


def applied(files: Mapping[str, str], proposal: Proposal | NewProposal, day: date) -> dict[str, str]:
    """The files of the edition with what the proposal adds, as of that day in Tokyo.

    Raises AdditionFault that names what the product's checks have against it, another entry that claims nearly the
    same words among them. Call it before proposing, too: nobody should be asked to publish what cannot be.
    """
    changed = _changed(files, proposal, day)
    twins = [*near_duplicates(read(changed).edition)] if changed != dict(files) else []
    before = [*near_duplicates(read(files).edition)] if twins else []
    if new := [one for one in twins if one not in before]:
        raise AdditionFault(new)
    return changed


def _changed(files: Mapping[str, str], proposal: Proposal | NewProposal, day: date) -> dict[str, str]:
    lang = Lang.JA if is_japanese(proposal.text) else Lang.EN
    match proposal.decision:
        case Decision.PHRASING:
            return with_phrasing(files, proposal.entry, proposal.text, lang)
        case Decision.OUT_OF_SCOPE:
            return with_out_of_scope(files, proposal.text, lang, proposal.entry)
        case Decision.NEW_ENTRY:
            return with_entry(files, draft_of(proposal.text), day)
        case Decision.ANSWERED:
            check_entry(files, proposal.entry)
            return dict(files)
        case never:
            assert_never(never)
