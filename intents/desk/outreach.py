"""Asking organisations to take part in the offset: each is on the list once, with what it said and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from intents.desk.offset_books import OffsetBooks
from intents.desk.offset_records import Contact, Stance
from intents.desk.refused import Refused


def add(books: OffsetBooks, contact: Contact) -> Contact:
    """Puts an organisation on the list. Refused: contact_known."""
    if books.outreach.find(contact.organisation):
        raise Refused("contact_known", organisation=contact.organisation)
    _keep(books, contact, "asked")
    return contact


def answer(books: OffsetBooks, organisation: str, state: Stance, day: date, note: str = "") -> Contact:
    """Writes down what an organisation said; asked again, its answer is gone. Refused: contact_unknown."""
    before = books.outreach.find(organisation)
    if before is None:
        raise Refused("contact_unknown", organisation=organisation)
    answered = None if state is Stance.ASKED else day
    now = replace(before, state=state, answered_on=answered, note=note or before.note)
    if now != before:
        _keep(books, now, state.value, before.state.value)
    return now


def import_all(books: OffsetBooks, contacts: Sequence[Contact]) -> tuple[int, int]:
    """Puts a whole list down; gives how many are new and how many changed. Twice the same changes nothing."""
    new = changed = 0
    for one in contacts:
        before = books.outreach.find(one.organisation)
        if before == one:
            continue
        new, changed = new + (before is None), changed + (before is not None)
        _keep(books, one, "imported", before.state.value if before else "")
    return new, changed


def _keep(books: OffsetBooks, contact: Contact, action: str, before: str = "") -> None:
    books.outreach.put(contact)
    subject = f"outreach:{contact.organisation}"[:60]
    books.audit.note(
        subject, action, before={"state": before} if before else None, after={"state": contact.state}
    )
