"""The register as lists: those that a search and some filters let through, page by page, and those of an organisation."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, and_, cast, exists, func, or_, select

from intents.desk.projects.records import ProjectState, Role
from intents.readers.organisation_key import organisation_key
from storage.tables import certification, contact, duty, project

PAGE = 50
# As far as wide letters lie behind the narrow ones.
_WIDE = 0xFEE0
_NARROW = range(0x21, 0x7F)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFilter:
    """Which projects to show: empty fields let everything through; `text` is words that all have to be found."""

    text: str = ""
    prefecture: str = ""
    methodology: str = ""
    never_certified: bool = False
    without_contact: bool = False
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project in a list; `owner` is the name of whoever is in charge, empty for nobody."""

    id: int
    project_id: str
    title: str
    organisation: str
    prefecture: str
    methodology: str
    state: ProjectState
    registration_date: date | None
    certified: bool
    unverified: bool
    owner: str


@dataclass(frozen=True, slots=True)
class ProjectLines:
    """Some lines in the order of their ids, how many there are in all, and whether there are more on either side."""

    lines: tuple[ProjectLine, ...]
    total: int
    before: bool
    after: bool


def project_lines(
    connection: Connection,
    which: ProjectFilter,
    *,
    after: str = "",
    before: str = "",
    limit: int = PAGE,
) -> ProjectLines:
    """The lines behind an id, or those before one; from the first on without either."""
    wanted = and_(True, *_parts(which))
    total = connection.scalar(select(func.count()).select_from(project).where(wanted)) or 0
    query = _lines().where(wanted).limit(limit + 1)
    if before:
        rows = connection.execute(
            query.where(project.c.project_id < before).order_by(project.c.project_id.desc())
        ).all()
        return ProjectLines(_read(rows[:limit])[::-1], total, len(rows) > limit, after=True)
    further = query.where(project.c.project_id > after) if after else query
    rows = connection.execute(further.order_by(project.c.project_id)).all()
    return ProjectLines(_read(rows[:limit]), total, bool(after), len(rows) > limit)


def projects_of(connection: Connection, organisation: str) -> tuple[ProjectLine, ...]:
    """The projects of the organisation of that key."""
    mine = _lines().where(project.c.organisation_key == organisation).order_by(project.c.project_id)
    return _read(connection.execute(mine).all())


def methodologies(connection: Connection) -> tuple[str, ...]:
    """Every methodology that a project has."""
    found = select(project.c.methodology).where(project.c.methodology != "").distinct()
    return tuple(connection.scalars(found.order_by(project.c.methodology)))


def _lines() -> Select[Any]:
    columns = ("id", "project_id", "title", "organisation", "prefecture", "methodology", "state")
    owner = (
        select(contact.c.name)
        .join(duty, duty.c.contact_id == contact.c.id)
        .where(duty.c.project_id == project.c.id, duty.c.role == Role.OWNER.value, duty.c.until.is_(None))
        .order_by(duty.c.since, duty.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return select(
        *(project.c[name] for name in columns),
        project.c.registration_date,
        _certified().label("certified"),
        _unverified().label("unverified"),
        owner.label("owner"),
    )


def _read(rows: Any) -> tuple[ProjectLine, ...]:
    return tuple(map(_line, rows))


def _line(row: Row[Any]) -> ProjectLine:
    values = dict(row._mapping) | {"state": ProjectState(row.state), "owner": row.owner or ""}
    return ProjectLine(**values | {"certified": bool(row.certified), "unverified": bool(row.unverified)})


# ------------------------------------------------ conditions


def _parts(which: ProjectFilter) -> Iterator[ColumnElement[bool]]:
    if which.prefecture:
        yield project.c.prefecture == which.prefecture
    if which.methodology:
        yield project.c.methodology == which.methodology
    if which.never_certified:
        yield ~_certified()
    if which.without_contact:
        yield ~exists().where(
            duty.c.project_id == project.c.id, duty.c.role == Role.OWNER.value, duty.c.until.is_(None)
        )
    if which.unverified:
        yield _unverified()
    yield from map(_has, unicodedata.normalize("NFKC", which.text).split())


def _certified() -> ColumnElement[bool]:
    return exists().where(certification.c.project_id == project.c.id)


def _unverified() -> ColumnElement[bool]:
    return cast(project.c.unverified, Text) != "[]"


def _has(word: str) -> ColumnElement[bool]:
    """Whether a project has a word in its id, its title, its organisation or methodology, or its people's names."""
    spelt = {word, _wide(word.lower()), _wide(word.upper())}
    named = (project.c.project_id, project.c.title, project.c.organisation, project.c.methodology)
    parts = [column.icontains(one, autoescape=True) for column in named for one in spelt]
    if key := organisation_key(word):
        parts.append(project.c.organisation_key.contains(key, autoescape=True))
    theirs = (
        select(duty.c.project_id)
        .join(contact, contact.c.id == duty.c.contact_id)
        .where(duty.c.until.is_(None), contact.c.name.icontains(word, autoescape=True))
    )
    return or_(*parts, project.c.id.in_(theirs))


def _wide(word: str) -> str:
    """The word in wide letters, as registers of old were written."""
    return "".join(chr(ord(one) + _WIDE) if ord(one) in _NARROW else one for one in word)
