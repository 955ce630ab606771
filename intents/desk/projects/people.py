"""The people who look after projects: how they are found and reached, whose mail came back, who has left.

The audit calls people by number and keeps of their names and addresses only that they changed: it cannot forget.
Raises Refused before anything is written.
"""

import re
import unicodedata
from dataclasses import fields, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.marks import check_seen
from intents.desk.projects.records import Contact
from intents.desk.refused import Refused
from intents.desk.seminar_records import mail_key
from intents.readers.contact import NAME_LIMIT, mail_address
from intents.readers.misread import Misread
from intents.readers.organisation_key import organisation_key
from knowledge.model import Lang

WAYS = ("web", "slack", "teams", "mail")
# What staff may change of a person.
CHANGEABLE = ("name", "mail", "lang", "zone", "ways", "slack", "muted")
# The record keeps these as they are; of the others only that they changed.
IMPERSONAL = frozenset({"lang", "zone", "ways", "muted"})
_SLACK = re.compile(r"(?:[TE][A-Z0-9]+:[UW][A-Z0-9]+)?")


def known_key(mail: str) -> str:
    """What a contact with that address is found by, folded as registrations for seminars are."""
    return f"mail:{mail_key(mail)}"


def contact_key(name: str, mail: str, organisation: str) -> str:
    """What a contact is found by: their address, or without one their name within the organisation."""
    return known_key(mail) if mail.strip() else f"name:{organisation_key(organisation)}:{folded(name)}"


def folded(name: str) -> str:
    """A person's name without width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def find(books: ProjectBooks, id_: int) -> Contact:
    """The contact of that number, held until the transaction ends. Refused: no_such_contact."""
    if found := books.contacts.lock(id_):
        return found
    raise Refused("no_such_contact", value=id_)


def put(books: ProjectBooks, name: str, mail: str, organisation: str) -> Contact:
    """The contact, known or new; a known address with another name is the same person, who is called so now.

    Refused: name_missing, name_long, mail_wrong.
    """
    called, mail = checked(name, mail)
    contact = books.contacts.put(called, mail, organisation)
    if mail and name.strip() and contact.name != called:
        return change(books, contact.id, name=called)
    return contact


def checked(name: str, mail: str) -> tuple[str, str]:
    """A name and an address as they are kept; without a name the address stands for it."""
    mail = _mail(mail)
    name = " ".join(name.split()) or mail
    if not name:
        raise Refused("name_missing", field="contact_name")
    if len(name) > NAME_LIMIT and name != mail:
        raise Refused("name_long", field="contact_name", limit=NAME_LIMIT)
    return name, mail


def _mail(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return mail_address(text)
    except Misread as misread:
        raise Refused("mail_wrong", field="contact_email", value=text) from misread


def change(books: ProjectBooks, id_: int, seen: str | None = None, **changes: Any) -> Contact:
    """Changes what is given of a person, by the names in CHANGEABLE; another address is one that works.

    Refused: no_such_contact, name_missing, name_long, mail_wrong, mail_taken, lang_wrong, zone_wrong, ways_wrong,
    slack_wrong, slack_taken, changed_meanwhile.
    """
    before = find(books, id_)
    after = replace(before, **changes)
    if after == before:
        return before
    check_seen(shown(before), seen)
    after = _checked(books, before, after)
    if after.mail != before.mail:
        after = replace(after, bounced_at=None)
    return _save(books, before, after, "changed")


def shown(contact: Contact) -> tuple[object, ...]:
    """What somebody who changes a person saw of them; a sign of life meanwhile changes none of it."""
    return tuple(getattr(contact, name) for name in CHANGEABLE)


def _checked(books: ProjectBooks, before: Contact, after: Contact) -> Contact:
    name, mail = checked(after.name, after.mail)
    holder = books.contacts.by_mail(mail) if mail else None
    if holder and holder.id != before.id:
        raise Refused("mail_taken", field="contact_email", value=mail)
    if after.lang not in list(Lang):
        raise Refused("lang_wrong", field="lang", value=after.lang, known=", ".join(Lang))
    _check_zone(after.zone)
    if len(set(after.ways)) < len(after.ways) or not set(after.ways) <= set(WAYS):
        raise Refused("ways_wrong", field="ways", value=", ".join(after.ways), known=", ".join(WAYS))
    _check_slack(books, before, after.slack)
    return replace(after, name=name, mail=mail)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise Refused("zone_wrong", field="zone", value=zone) from fault


def _check_slack(books: ProjectBooks, before: Contact, slack: str) -> None:
    if not _SLACK.fullmatch(slack):
        raise Refused("slack_wrong", field="slack", value=slack)
    holder = books.contacts.by_person(f"slack:{slack}") if slack else None
    if holder and holder.id != before.id:
        raise Refused("slack_taken", field="slack", value=slack)


def mail_came_back(books: ProjectBooks, id_: int, reason: str = "") -> Contact:
    """Keeps that mail to somebody cannot be delivered; twice is once."""
    before = find(books, id_)
    return (
        before
        if before.bounced_at
        else _save(books, before, _at(books, before, "bounced_at"), "bounced", reason)
    )


def left(books: ProjectBooks, id_: int, reason: str = "") -> Contact:
    """Keeps that somebody's account is no longer there; twice is once."""
    before = find(books, id_)
    return before if before.gone_at else _save(books, before, _at(books, before, "gone_at"), "gone", reason)


def reachable(books: ProjectBooks, id_: int, reason: str = "") -> Contact:
    """Takes back that their mail came back or that they left."""
    before = find(books, id_)
    after = replace(before, bounced_at=None, gone_at=None)
    return before if after == before else _save(books, before, after, "reachable", reason)


def _at(books: ProjectBooks, contact: Contact, field: str) -> Contact:
    changes: dict[str, Any] = {field: books.now}
    return replace(contact, **changes)


def _save(books: ProjectBooks, before: Contact, after: Contact, action: str, reason: str = "") -> Contact:
    books.contacts.save(after)
    names = [one.name for one in fields(Contact) if getattr(before, one.name) != getattr(after, one.name)]
    told = [name for name in names if name in IMPERSONAL]
    books.audit.note(
        after.subject,
        action,
        before={name: getattr(before, name) for name in told},
        after={name: getattr(after, name) for name in told} | {"fields": names},
        reason=reason,
    )
    return after
