"""Organisations as the office knows them: whoever named one in a case, a registration, an application, a project or a chat.

Two ways of writing a name are one organisation (`intents.readers.organisation_key`). Moments are UTC.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from intents.desk.case_records import Case
from intents.readers.organisation_key import organisation_key
from storage.case_rows import case_of, searchable
from storage.tables import (
    answer_given,
    case,
    detail,
    inbox,
    offset_application,
    project,
    seminar,
    seminar_registration,
)
from storage.views_projects import ProjectLine, projects_of

LINES = 200


@dataclass(slots=True)
class _Found:
    names: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    registrations: int = 0
    offsets: int = 0
    projects: int = 0


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation: its key, the name that is written most, other ways of writing it, and how much there is."""

    key: str
    name: str
    also: tuple[str, ...]
    cases: int
    registrations: int
    offsets: int
    projects: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote for an organisation; `person` is the channel and its name of them, for looking further."""

    name: str
    mail: str
    person: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that somebody of an organisation asked, and what came of it."""

    at: datetime
    text: str
    outcome: str
    entry: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A registration of an organisation."""

    seminar: str
    title: str
    starts_at: datetime
    number: str
    name: str
    state: str
    party: int
    attended: bool | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the office knows of one organisation, the newest first."""

    organisation: Organisation
    people: tuple[Person, ...]
    cases: tuple[Case, ...]
    seats: tuple[Seat, ...]
    questions: tuple[Question, ...]
    projects: tuple[ProjectLine, ...] = ()


# ------------------------------------------------ finding


def organisations(connection: Connection, text: str = "") -> tuple[Organisation, ...]:
    """All of them by name, or those that have every word of the text in their names."""
    words = searchable(text).split()
    return tuple(
        sorted(
            (one for item in _found(connection).items() if _has(one := _organisation(*item), words)),
            key=lambda one: one.name,
        )
    )


def _has(one: Organisation, words: list[str]) -> bool:
    whole = searchable(one.name, *one.also, one.key)
    return all(word in whole for word in words)


def _found(connection: Connection) -> dict[str, _Found]:
    found: dict[str, _Found] = defaultdict(_Found)
    for source, name, count in _named(connection):
        if name.strip():
            one = found[organisation_key(name)]
            one.names[name.strip()] += count
            if source:
                setattr(one, source, getattr(one, source) + count)
    return found


def _named(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """Each way of writing an organisation with how often it stands where."""
    for source, column in (
        ("cases", case.c.organisation),
        ("registrations", seminar_registration.c.organisation),
        ("offsets", offset_application.c.supplier),
        ("projects", project.c.organisation),
    ):
        for name, count in connection.execute(select(column, func.count()).group_by(column)):
            yield source, name, count
    told = select(detail.c.text, func.count()).where(detail.c.name == "organisation").group_by(detail.c.text)
    for name, count in connection.execute(told):
        yield "", name, count


def _organisation(key: str, found: _Found) -> Organisation:
    (name, _), *also = found.names.most_common()
    others = tuple(other for other, _ in also)
    counts = (found.cases, found.registrations, found.offsets, found.projects)
    return Organisation(key, name, others, *counts)


# ------------------------------------------------ one of them


def dossier(connection: Connection, key: str) -> Dossier | None:
    """What there is of one organisation; nothing when nobody has named it."""
    found = _found(connection).get(key)
    if found is None:
        return None
    names = list(found.names)
    cases = connection.execute(_cases(key)).all()
    seats = connection.execute(_registrations(names)).all()
    people = _people(connection, names, [*cases, *seats])
    return Dossier(
        _organisation(key, found),
        people,
        tuple(map(case_of, cases)),
        tuple(map(_seat, seats)),
        tuple(_questions(connection, {one.person for one in people})),
        projects_of(connection, key),
    )


def _cases(key: str) -> Select[Any]:
    return select(case).where(case.c.organisation_key == key).order_by(case.c.id.desc()).limit(LINES)


def _registrations(names: list[str]) -> Select[Any]:
    table = seminar_registration
    both = select(table, seminar.c.title, seminar.c.starts_at).join(
        seminar, seminar.c.id == table.c.seminar_id
    )
    mine = func.trim(table.c.organisation).in_(names)
    return both.where(mine).order_by(seminar.c.starts_at.desc(), table.c.id).limit(LINES)


def _seat(row: Row[Any]) -> Seat:
    seminar_number, number = f"S-{row.seminar_id:04d}", f"R-{row.id:05d}"
    return Seat(
        seminar_number, row.title, row.starts_at, number, row.name, row.state, row.party, row.attended
    )


def _people(connection: Connection, names: list[str], rows: Sequence[Row[Any]]) -> tuple[Person, ...]:
    """Whoever wrote in their name, each once; of those who only said so in a chat there is no name."""
    written = [Person(row.name, row.mail, row.person) for row in rows]
    said = select(detail.c.person).where(detail.c.name == "organisation", func.trim(detail.c.text).in_(names))
    known = {one.person for one in written}
    told = [Person("", "", person) for person in connection.scalars(said) if person not in known]
    return tuple(dict.fromkeys((*written, *told)))


def _questions(connection: Connection, persons: set[str]) -> Iterator[Question]:
    """What these people asked. A conversation may hold others, too: the event says who it was."""
    channels: dict[str, list[str]] = defaultdict(list)
    for person in persons:
        channel, _, name = person.partition(":")
        channels[channel].append(name)
    asker = inbox.c.body["person"].as_string()
    own = [and_(inbox.c.channel == channel, asker.in_(names)) for channel, names in channels.items()]
    if not own:
        return
    asked = select(answer_given).join(inbox, inbox.c.id == answer_given.c.event)
    theirs = asked.where(or_(*own), answer_given.c.asked != "").order_by(answer_given.c.event.desc())
    for row in connection.execute(theirs.limit(LINES)):
        yield Question(row.at, row.asked, row.outcome, row.entry or "")
