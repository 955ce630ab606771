"""Everything that was said and kept, read as a whole for looking back on a simulated time; nothing for an office at work.

Moments are UTC.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, select

from intents.desk.nudges.records import Nudge, Obligation, Succession
from intents.desk.projects.records import Contact, Duty, Project, Role
from intents.messages import RunCommand
from storage.books import StoredBooks
from storage.codec import unpack_action
from storage.database import Database
from storage.further_ways import base_of
from storage.tables import action_token, contact, duty, obligation, outbox, project, succession

T = TypeVar("T")
# As many names as fit into one statement on every engine.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Put:
    """A letter as the outbox keeps it: `base` is the key that all its ways share."""

    key: str
    base: str
    channel: str
    state: str
    put_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Hindsight:
    """The books at the end; `books` are for whatever else is asked of them."""

    books: StoredBooks
    letters: tuple[Put, ...]
    obligations: Mapping[int, Obligation]
    nudges: tuple[Nudge, ...]
    contacts: Mapping[int, Contact]
    projects: Mapping[int, Project]
    duties: tuple[Duty, ...]
    successions: tuple[Succession, ...]


def look_back(connection: Connection, database: Database, now: datetime) -> Hindsight:
    """The books within one transaction that only reads."""
    opened = StoredBooks(connection, database, now, "hindsight")
    projects = list(connection.scalars(select(project.c.id)))
    obligations = opened.obligations.of_projects(projects)
    people = list(connection.scalars(select(contact.c.id)))
    asked = sorted(set(connection.scalars(select(succession.c.project_id))))
    return Hindsight(
        books=opened,
        letters=tuple(_letters(connection)),
        obligations={one.id: one for one in obligations},
        nudges=tuple(
            one
            for some in _parts(connection.scalars(select(obligation.c.id)).all())
            for one in opened.nudges.of_obligations(some)
        ),
        contacts={one.id: one for one in opened.contacts.of(people)},
        projects={one.id: one for some in _parts(projects) for one in opened.projects.of(some)},
        duties=tuple(_duties(connection)),
        successions=tuple(one for id_ in asked for one in opened.successions.of_project(id_)),
    )


def _letters(connection: Connection) -> Iterator[Put]:
    columns = (outbox.c.key, outbox.c.channel, outbox.c.state, outbox.c.put_at, outbox.c.sent_at)
    rows = connection.execute(select(*columns).where(outbox.c.put_at.is_not(None)).order_by(outbox.c.id))
    for key, channel, state, put_at, sent_at in rows:
        yield Put(key, base_of(key, channel), channel, state, put_at, sent_at)


def _duties(connection: Connection) -> Iterator[Duty]:
    for row in connection.execute(select(duty).order_by(duty.c.id)):
        yield Duty(row.project_id, row.contact_id, Role(row.role), row.since, row.until, row.why)


def obligations_of(connection: Connection, tokens: Collection[str]) -> Mapping[str, int]:
    """Which obligation a button of a letter is about, by its token; buttons about nothing of the kind are left out."""
    found: dict[str, int] = {}
    for some in _parts(tokens):
        named = select(action_token.c.token, action_token.c.action).where(action_token.c.token.in_(some))
        for token, action in connection.execute(named):
            done = unpack_action(action)
            one = done.given.get("obligation", "") if isinstance(done, RunCommand) else ""
            if one.isdecimal():
                found[token] = int(one)
    return found


def _parts(things: Collection[T]) -> Iterator[list[T]]:
    whole = list(things)
    return (whole[at : at + AT_ONCE] for at in range(0, len(whole), AT_ONCE))
