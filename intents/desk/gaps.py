"""Gaps in the knowledge: which meanings are asked in vain, by how many, and what two people decide about each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intents.desk.gap_books import (
    Asked,
    Decision,
    GapBooks,
    Gaps,
    NewProposal,
    Proposal,
    ProposalState,
)
from intents.desk.refused import Refused
from intents.readers.organisation_key import organisation_key
from intents.understanding.grouping import groups

# What was asked longer ago tells little about what people ask now.
# The record of changes keeps it for good.
LONGEST_REASON = 500
LOOK_BACK = timedelta(days=366)
STANDING = (ProposalState.PROPOSED, ProposalState.PUBLISHED)
Nearest = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Gap:
    """One meaning that was asked in vain.

    `question` is the most central of its questions, `events` are all of them, oldest first. `organisations` counts each
    organisation once, `persons` those who never said theirs. `again` tells that something was published for it before.
    """

    question: str
    events: tuple[int, ...]
    organisations: int
    persons: int
    nearest: str
    last_asked: datetime
    again: bool = False

    @property
    def askers(self) -> int:
        """How many stand behind it."""
        return self.organisations + self.persons


# ------------------------------------------------ what is open


def open_gaps(gaps: Gaps, nearest: Nearest, since: datetime) -> tuple[Gap, ...]:
    """The gaps since then that nobody has decided about, the most asked for first; it only reads.

    `nearest` names the nearest entry to a text. A gap is not open while a proposal for one of its questions waits;
    once one is published, only what was asked after that opens it again.
    """
    asked = gaps.asked(since)
    near = [one.entry or nearest(one.text) for one in asked]
    standing = _standing(gaps.proposals())
    found = (
        _gap([asked[place] for place in group], near[group[0]], standing)
        for group in groups([one.text for one in asked], near)
    )
    return tuple(sorted(filter(None, found), key=lambda gap: (-gap.askers, -len(gap.events), gap.events)))


def _standing(proposals: Iterable[Proposal]) -> dict[int, Proposal]:
    """The proposal that covers each question."""
    return {event: one for one in proposals if one.state in STANDING for event in one.events}


def _gap(group: Sequence[Asked], nearest: str, standing: dict[int, Proposal]) -> Gap | None:
    covering = [standing[one.event] for one in group if one.event in standing]
    if any(one.state is ProposalState.PROPOSED for one in covering):
        return None
    published = [one.decided_at for one in covering if one.decided_at]
    left = [one for one in group if not published or one.at > max(published)]
    left = [one for one in left if one.event not in standing]
    return _counted(left, nearest, again=bool(published)) if left else None


def _counted(asked: Sequence[Asked], nearest: str, *, again: bool) -> Gap:
    organisations = {organisation_key(one.organisation) for one in asked if one.organisation}
    persons = {one.person_key for one in asked if not one.organisation}
    events = tuple(sorted(one.event for one in asked))
    last = max(one.at for one in asked)
    return Gap(asked[0].text, events, len(organisations), len(persons), nearest, last, again)


# ------------------------------------------------ what is decided


def propose(books: GapBooks, new: NewProposal) -> Proposal:
    """Writes a proposal down for a second person to decide.

    Refused: no_questions, text_missing, entry_missing, already_proposed (another one covers a question).
    """
    for problem in _missing(new):
        raise Refused(problem)
    events = tuple(sorted(set(new.events)))
    if not events or books.gaps.known(events) != frozenset(events):
        raise Refused("no_questions")
    made = books.gaps.claim(replace(new, events=events), books.actor)
    if made is None:
        raise Refused("already_proposed")
    told = {"decision": made.decision, "entry": made.entry, "text": made.text, "questions": list(events)}
    books.audit.note(f"gap:{made.id}", "proposed", after=told)
    return made


def _missing(new: NewProposal) -> Iterator[str]:
    if not new.text.strip() and new.decision is not Decision.ANSWERED:
        yield "text_missing"
    if not new.entry and new.decision in (Decision.PHRASING, Decision.ANSWERED):
        yield "entry_missing"


def publish(books: GapBooks, proposal_id: int) -> Proposal:
    """A second person agrees; what it changes in the edition is `gap_edition.applied`.

    Refused: no_proposal, already_decided, same_person (who proposed it cannot publish it).
    """
    before = _waiting(books, proposal_id)
    if books.actor == before.by:
        raise Refused("same_person")
    return _decided(books, before, ProposalState.PUBLISHED, "")


def refuse(books: GapBooks, proposal_id: int, reason: str) -> Proposal:
    """The proposal is turned down, or taken back by who made it; its questions are open again.

    Refused: reason_missing, reason_long, no_proposal, already_decided.
    """
    if not reason.strip():
        raise Refused("reason_missing")
    if len(reason) > LONGEST_REASON:
        raise Refused("reason_long", length=len(reason), limit=LONGEST_REASON)
    return _decided(books, _waiting(books, proposal_id), ProposalState.REFUSED, reason.strip())


def _waiting(books: GapBooks, proposal_id: int) -> Proposal:
    found = books.gaps.lock(proposal_id)
    if found is None:
        raise Refused("no_proposal", id=proposal_id)
    if found.state is not ProposalState.PROPOSED:
        raise Refused("already_decided", id=proposal_id)
    return found


def _decided(books: GapBooks, before: Proposal, state: ProposalState, reason: str) -> Proposal:
    after = replace(before, state=state, decided_by=books.actor, decided_at=books.now, reason=reason)
    books.gaps.save(after)
    books.audit.note(
        f"gap:{before.id}", state, before={"state": before.state}, after={"state": state}, reason=reason
    )
    return after
