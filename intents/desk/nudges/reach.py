"""How somebody who looks after projects is written to: one letter, by the first way that works."""

from collections.abc import Sequence
from dataclasses import replace

from intents.desk.books import Books, Outgoing, Recipient, Span
from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.records import Contact
from intents.messages import Reply
from knowledge.model import Lang

PURPOSE = "project"
# Who has chosen nothing gets nudges where they look without being asked to; the web chat has to be opened.
WAYS = ("slack", "teams", "mail", "web")


def send(books: Books, key: str, to: Contact, letter: Reply) -> str:
    """Puts a letter into the outbox and gives the way that it takes; empty when there is none."""
    return send_each(books, [outgoing(key, to, letter)])[0]


def send_each(books: Books, letters: Sequence[Outgoing]) -> tuple[str, ...]:
    """Puts letters into the outbox and gives the way that each of them takes; empty when there is none."""
    return books.post.send_each(letters, purpose=PURPOSE, due=books.now)


def outgoing(key: str, to: Contact, letter: Reply, hours: Sequence[Span] = ()) -> Outgoing:
    """A letter as the post takes it; `hours` are those in which it may leave."""
    return Outgoing(key, recipient_of(to), letter, ways_of(to), slack=to.slack, teams=to.teams, hours=hours)


def ways_of(contact: Contact) -> tuple[str, ...]:
    """How somebody wants to be written to, without what is known not to reach them."""
    wanted = contact.ways or WAYS
    closed = {"mail"} if contact.bounced_at else set()
    return tuple(
        way for way in wanted if way not in closed | ({"slack", "teams"} if contact.gone_at else set())
    )


def recipient_of(contact: Contact) -> Recipient:
    """Somebody as the post writes to them."""
    return Recipient(contact.conversation, contact.person, contact.mail, Lang(contact.lang))


def open_ways(contact: Contact) -> tuple[str, ...]:
    """The ways on which somebody can be written to now, in their order."""
    there = {
        "mail": bool(contact.mail),
        "slack": bool(contact.slack) or contact.person.startswith("slack:"),
        "teams": bool(contact.teams),
        "web": contact.person.startswith("web:") and bool(contact.conversation),
    }
    return tuple(way for way in ways_of(contact) if there[way])


def prefer(books: ProjectBooks, contact: Contact, way: str) -> Contact:
    """From now on nudges come by this way first; the others follow when it fails."""
    rest = tuple(one for one in contact.ways or WAYS if one != way)
    chosen = replace(contact, ways=(way, *rest))
    books.contacts.save(chosen)
    books.audit.note(
        contact.subject, "way_chosen", before={"ways": list(contact.ways)}, after={"ways": [way]}
    )
    return chosen
