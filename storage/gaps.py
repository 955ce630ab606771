"""What was asked in vain, and proposals about it, within one transaction; fulfils `intents.desk.gap_books.Gaps`."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from intents.desk.gap_books import Asked, Decision, NewProposal, Proposal, ProposalState
from intents.ports import Outcome
from storage.codec import Unreadable, unpack_incoming
from storage.database import Database
from storage.tables import answer_given, conversation, detail, inbox
from storage.tables.gaps import gap_proposal, gap_question


class StoredGaps:
    """The gaps within one transaction."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    def asked(self, since: datetime) -> tuple[Asked, ...]:
        """What was asked in vain since then, the oldest first."""
        wanted = (
            select(answer_given, inbox.c.body, conversation.c.channel, conversation.c.person)
            .join(inbox, inbox.c.id == answer_given.c.event)
            .join(conversation, conversation.c.id == answer_given.c.conversation_id)
            .where(_in_vain(), answer_given.c.at >= since)
            .order_by(answer_given.c.event)
        )
        rows = [(row, _person(row)) for row in self._connection.execute(wanted)]
        organisations = self._organisations()
        return tuple(_asked(row, person, organisations.get(person, "")) for row, person in rows)

    def _organisations(self) -> dict[str, str]:
        told = select(detail.c.person, detail.c.text).where(detail.c.name == "organisation")
        return {row.person: row.text for row in self._connection.execute(told)}

    def known(self, events: Collection[int]) -> frozenset[int]:
        """Those of the events that were asked in vain."""
        mine = select(answer_given.c.event).where(_in_vain(), answer_given.c.event.in_(list(events)))
        return frozenset(self._connection.scalars(mine))

    def proposals(self) -> tuple[Proposal, ...]:
        """Every proposal, the newest first."""
        events = self._events()
        rows = self._connection.execute(select(gap_proposal).order_by(gap_proposal.c.id.desc()))
        return tuple(_proposal(row, tuple(events[row.id])) for row in rows)

    def lock(self, id_: int) -> Proposal | None:
        """The proposal; nobody else decides it until the transaction ends."""
        mine = self._database.for_update(select(gap_proposal).where(gap_proposal.c.id == id_))
        row = self._connection.execute(mine).one_or_none()
        return _proposal(row, tuple(self._events(gap_question.c.proposal_id == id_)[id_])) if row else None

    def claim(self, new: NewProposal, by: str) -> Proposal | None:
        """Writes a proposal down; nothing when another one covers one of its questions."""
        step = self._connection.begin_nested()
        made = self._write(new, by)
        if len(made.events) == len(new.events):
            step.commit()
            return made
        step.rollback()
        return None

    def _write(self, new: NewProposal, by: str) -> Proposal:
        """The proposal with those of its questions that were free."""
        row = {
            "decision": new.decision.value,
            "text": new.text,
            "entry": new.entry,
            "by": by,
            "at": self._now,
        }
        row |= {"state": ProposalState.PROPOSED.value, "decided_by": "", "reason": ""}
        added = insert(gap_proposal).values(row).returning(gap_proposal)
        made = self._connection.execute(added).one()
        # In one order, so that two who claim the same do not wait for one another.
        rows = [{"proposal_id": made.id, "event": event, "standing": True} for event in sorted(new.events)]
        self._connection.execute(self._database.insert_new(gap_question, rows))
        return _proposal(made, tuple(self._events(gap_question.c.proposal_id == made.id)[made.id]))

    def save(self, proposal: Proposal) -> None:
        """Writes down how it was decided; a refused proposal gives its questions free."""
        decided = {
            "state": proposal.state.value,
            "decided_by": proposal.decided_by,
            "decided_at": proposal.decided_at,
            "reason": proposal.reason,
        }
        mine = gap_proposal.c.id == proposal.id
        self._connection.execute(update(gap_proposal).where(mine).values(decided))
        if proposal.state is ProposalState.REFUSED:
            freed = update(gap_question).where(gap_question.c.proposal_id == proposal.id)
            self._connection.execute(freed.values(standing=False))

    def _events(self, *where: ColumnElement[bool]) -> dict[int, list[int]]:
        """The questions of each proposal."""
        found: dict[int, list[int]] = defaultdict(list)
        for row in self._connection.execute(
            select(gap_question).where(*where).order_by(gap_question.c.event)
        ):
            found[row.proposal_id].append(row.event)
        return found


def _in_vain() -> ColumnElement[bool]:
    """Not answered and not pointed next door, or voted down; a button without a text was no question."""
    unknown = and_(
        answer_given.c.outcome == Outcome.UNKNOWN.value,
        or_(answer_given.c.entry.is_(None), answer_given.c.entry == ""),
    )
    return and_(or_(unknown, answer_given.c.helpful.is_(False)), answer_given.c.asked != "")


def _person(row: Row[Any]) -> str:
    """Who asked: a conversation may hold several, so the event says it, unless it can no longer be read."""
    try:
        return f"{row.channel}:{unpack_incoming(row.body).person}"
    except Unreadable:
        return f"{row.channel}:{row.person}"


def _asked(row: Row[Any], person: str, organisation: str) -> Asked:
    return Asked(
        event=row.event,
        text=row.asked,
        at=row.at,
        person_key=person,
        organisation=organisation,
        outcome=Outcome(row.outcome),
        entry=row.entry or "",
        helpful=row.helpful,
    )


def _proposal(row: Row[Any], events: tuple[int, ...]) -> Proposal:
    shaped = {"decision": Decision(row.decision), "state": ProposalState(row.state), "events": events}
    return Proposal(**(row._asdict() | shaped))
