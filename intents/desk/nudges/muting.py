"""Somebody wants no nudges any more, or wants them again; the dates of their projects go on being counted."""

from dataclasses import replace

from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.reach import PURPOSE as PURPOSE
from intents.desk.projects.records import Contact


def mute(books: NudgeBooks, contact: Contact, by: str) -> None:
    """Ends every nudge to somebody, those that wait to leave as well."""
    if not contact.muted:
        books.contacts.save(replace(contact, muted=True))
        books.audit.note(contact.subject, "muted", reason=by)
    for kind in ("nudge", "nudge-hard"):
        books.post.drop(f"{kind}:{contact.id}:")


def resume(books: NudgeBooks, contact: Contact, by: str, version: str) -> None:
    """Nudges come again from the next notice on, with a fresh consent to the purpose text of that version."""
    books.successions.renew_consent(contact, PURPOSE, version)
    if contact.muted:
        books.contacts.save(replace(contact, muted=False))
        books.audit.note(contact.subject, "resumed", reason=by)


def withdrawn(books: NudgeBooks, person: str, mail: str) -> None:
    """Whoever withdrew their consent by a letter's link is not to be looked for as if they were gone."""
    found = (books.contacts.by_mail(mail) if mail else None) or books.contacts.by_person(person)
    if found:
        mute(books, found, "withdrawn")
