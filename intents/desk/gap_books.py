"""Gaps in the knowledge: what was asked in vain, what staff propose to do about it, and the books that keep both."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intents.desk.books import Books
from intents.ports import Outcome


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that found no answer, or whose answer did not help.

    `entry` is the answer that was given; empty when there was none. `person_key` is the channel and the channel's
    name of who asked; `organisation` is what they said of themselves before, or empty.
    """

    event: int
    text: str
    at: datetime
    person_key: str
    organisation: str
    outcome: Outcome
    entry: str
    helpful: bool | None


class Decision(StrEnum):
    """What is to become of a gap."""

    PHRASING = "phrasing"
    NEW_ENTRY = "new_entry"
    OUT_OF_SCOPE = "out_of_scope"
    ANSWERED = "answered"


class ProposalState(StrEnum):
    """Where a proposal stands; proposed and published ones cover their questions."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What somebody proposes for these questions.

    `text` is the phrasing, the example of what is out of scope, or the draft of an entry as
    `knowledge.entry_draft.draft_text` writes it. `entry` is the entry that gets the phrasing or has the answer
    already; for what is out of scope, the kind under which it is listed (empty: the staff's own list).
    """

    decision: Decision
    events: tuple[int, ...]
    text: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands; moments are UTC, `by` and `decided_by` are actors such as staff:name."""

    id: int
    decision: Decision
    text: str
    entry: str
    by: str
    at: datetime
    events: tuple[int, ...]
    state: ProposalState = ProposalState.PROPOSED
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


class Gaps(Protocol):
    """The questions and the proposals within one transaction."""

    def asked(self, since: datetime) -> tuple[Asked, ...]:
        """What was asked in vain since then, the oldest first."""
        ...

    def known(self, events: Collection[int]) -> frozenset[int]:
        """Those of the events that were asked in vain."""
        ...

    def proposals(self) -> tuple[Proposal, ...]:
        """Every proposal, the newest first."""
        ...

    def lock(self, id_: int) -> Proposal | None:
        """The proposal; nobody else decides it until the transaction ends."""
        ...

    def claim(self, new: NewProposal, by: str) -> Proposal | None:
        """Writes a proposal down; nothing when another one covers one of its questions.

        Who claims the same question in another transaction waits until this one ends.
        """
        ...

    def save(self, proposal: Proposal) -> None:
        """Writes down how it was decided; a refused proposal gives its questions free."""
        ...


class GapBooks(Books, Protocol):
    """The office's books with the gaps."""

    @property
    def gaps(self) -> Gaps:
        """The gaps."""
        ...
