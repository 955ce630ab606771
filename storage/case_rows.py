"""Between the rows of cases and their records."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from sqlalchemy import Row

from intents.desk.books import Recipient
from intents.desk.case_records import (
    Case,
    CaseKind,
    CaseNote,
    CaseOutcome,
    CaseState,
    DateKind,
    NewCase,
    NoteKind,
)
from intents.readers.organisation_key import organisation_key
from knowledge.model import Lang
from storage.tables import case

T = TypeVar("T")
log = structlog.get_logger()

# The columns of a case's record; the others are for looking and for the staff rooms.
TOLD = tuple(
    case.c[name]
    for name in (
        *("id", "conversation_id", "person", "mail", "lang", "kind", "state", "summary", "name"),
        *("organisation", "prefecture", "topic", "methodology", "about", "desk", "owner", "talking"),
        *("opened_at", "changed_at", "promised_by", "next_at", "next_kind", "outcome", "closed_at"),
        *("merged_into", "version"),
    )
)


def row_of(new: NewCase) -> dict[str, Any]:
    """What a case is about, as its columns."""
    key = organisation_key(new.organisation) if new.organisation else ""
    return {
        "conversation_id": new.to.conversation or None,
        "person": new.to.person,
        "lang": new.to.lang.value,
        "mail": new.to.mail,
        "kind": new.kind.value,
        "summary": new.summary,
        "name": new.name,
        "organisation": new.organisation,
        "organisation_key": key,
        "prefecture": new.prefecture,
        "topic": new.topic,
        "methodology": new.methodology,
        "about": new.about,
        "search": searchable(new.summary, new.organisation, key, new.name, new.methodology),
    }


def searchable(*texts: str) -> str:
    """What a search looks through: folded, so that width and case do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold() for text in texts if text)


def case_of(row: Row[Any]) -> Case:
    """The record of a row."""
    return Case(
        kind=CaseKind(row.kind),
        summary=row.summary,
        to=Recipient(row.conversation_id or 0, row.person, row.mail, Lang(row.lang)),
        name=row.name,
        organisation=row.organisation,
        prefecture=row.prefecture,
        topic=row.topic,
        methodology=row.methodology,
        about=row.about,
        id=row.id,
        state=CaseState(row.state),
        desk=row.desk,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        owner=row.owner,
        talking=row.talking,
        promised_by=row.promised_by,
        next_at=row.next_at,
        next_kind=DateKind(row.next_kind) if row.next_kind else None,
        outcome=CaseOutcome(row.outcome) if row.outcome else None,
        closed_at=row.closed_at,
        merged_into=row.merged_into or 0,
        version=row.version,
    )


def cases_of(rows: Iterable[Row[Any]]) -> tuple[Case, ...]:
    """The records of rows, as far as they are `readable`."""
    return readable(rows, case_of)


def readable(rows: Iterable[Row[Any]], record: Callable[[Row[Any]], T]) -> tuple[T, ...]:
    """What is made of rows; one that another release wrote is left out and named in the log, so that the others go on."""
    found: list[T] = []
    for row in rows:
        try:
            found.append(record(row))
        except ValueError as fault:
            log.error("case_unreadable", case=row.id, why=str(fault))
    return tuple(found)


def note_of(row: Row[Any]) -> CaseNote:
    """The record of a row."""
    kind = NoteKind(row.kind)
    return CaseNote(row.id, row.case_id, row.at, row.author, kind, row.text, row.reference or "")
