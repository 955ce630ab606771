"""The record of changes: append only, and each line's digest covers the line before it, so that none is changed unseen.

A digest is the SHA-256 of the previous digest, a line feed, and the line as JSON: sorted keys, no spaces, UTF-8,
the moment in UTC with microseconds, the line's number included. Before the first line stand 64 zeros.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, true, update

from storage.database import Database
from storage.tables import audit, audit_head

NOTHING_BEFORE = "0" * 64
HEAD = 1
PAGE = 500

# Every transaction that changes something comes by these, so they are put together once.
_HEAD = select(audit_head.c.lines, audit_head.c.digest).where(audit_head.c.id == HEAD)
_ADD = insert(audit)
_MOVE = update(audit_head).where(audit_head.c.id == HEAD)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the record; `at` is UTC, `id` its place in the chain, `trace` what else belongs to it."""

    id: int
    at: datetime
    actor: str
    subject: str
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str
    trace: str


_FIELDS = tuple(AuditLine.__dataclass_fields__)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class StoredAudit:
    """The record of changes within one transaction: lines are noted at any time, and written at its end.

    `actor` is who acts from then on: a turn may turn out to be that of one of staff.
    """

    def __init__(
        self, connection: Connection, database: Database, actor: str, now: datetime, trace: str = ""
    ) -> None:
        self._connection, self._database = connection, database
        self.actor, self._now, self._trace = actor, now, trace
        self._noted: list[dict[str, Any]] = []

    def note(
        self,
        subject: str,
        action: str,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        reason: str = "",
    ) -> None:
        """Notes one line, which `keep` writes: the actor and the moment are those of this transaction."""
        line = {"at": self._now, "actor": self.actor, "subject": subject, "action": action}
        changed = {"before": _as_stored(before), "after": _as_stored(after), "reason": reason}
        self._noted.append(line | changed | {"trace": self._trace})

    def mark(self) -> int:
        """How far the lines of this transaction have come."""
        return len(self._noted)

    def back_to(self, mark: int) -> None:
        """Drops the lines noted since a mark, because what they tell of was taken back."""
        del self._noted[mark:]

    def keep(self) -> None:
        """Writes what was noted; nothing may take another lock behind it in this transaction.

        Every transaction that changes something meets at the head. Taken as the last lock and held for one insert,
        it cannot deadlock with the locks on seats and cases; taken earlier, it would, and all would wait for one.
        """
        if not self._noted:
            return
        number, digest = self._connection.execute(self._database.for_update(_HEAD)).one()
        for line in self._noted:
            number += 1
            line["id"] = number
            line["digest"] = digest = digest_of(digest, line)
        self._connection.execute(_ADD, self._noted)
        self._connection.execute(_MOVE, {"lines": number, "digest": digest})
        self._noted = []


def fresh_trace() -> str:
    """A name for what belongs together where no event of the inbox gives one: 64 random bits."""
    return f"T-{secrets.token_hex(8)}"


def _as_stored(values: Mapping[str, object] | None) -> Any:
    """What reading the row will give: lists for tuples, text for keys."""
    return None if values is None else json.loads(json.dumps(dict(values)))


def digest_of(previous: str, line: Mapping[str, Any]) -> str:
    """The digest of a line, given that of the line before it."""
    told = {field: line[field] for field in _FIELDS}
    told["at"] = line["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{previous}\n{_CANONICAL.encode(told)}".encode()).hexdigest()


# ------------------------------------------------ reading


def lines(database: Database, subject: str = "", limit: int = 200) -> tuple[AuditLine, ...]:
    """The newest lines about a subject, or about everything, in the order in which they were written."""
    with database.look() as connection:
        return lines_in(connection, subject, limit)


def lines_in(connection: Connection, subject: str = "", limit: int = 200) -> tuple[AuditLine, ...]:
    """The same within a transaction; what it has noted itself is not among them yet."""
    query = select(*_told()).order_by(audit.c.id.desc()).limit(limit)
    rows = connection.execute(query.where(audit.c.subject == subject) if subject else query).all()
    return tuple(AuditLine(**row._asdict()) for row in reversed(rows))


def _told() -> list[Any]:
    return [audit.c[field] for field in _FIELDS]


# ------------------------------------------------ verifying


class Fault(StrEnum):
    """What is wrong with the chain, at the first line where it shows."""

    MISSING = "missing"  # the line is not there
    BROKEN = (
        "broken"  # the line is not the one that was written there: changed, or another one put in its place
    )
    TAIL_MISSING = "tail_missing"  # lines from here to the end are not there
    ADDED = "added"  # the line stands behind the end
    HEAD = "head"  # the lines fit together but not with the stored end, or that is not there
    NOT_NOTED = "not_noted"  # no line ever had the digest that was noted elsewhere


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds: how many lines were read, the last digest, and the first fault (`line` 0: none)."""

    lines: int
    digest: str
    fault: Fault | None = None
    line: int = 0

    @property
    def ok(self) -> bool:
        """Whether every line is the one that was written."""
        return self.fault is None


def verify(database: Database, noted: str = "") -> Verdict:
    """Reads the whole chain, some hundred lines at a time; `noted` is a digest that it must have passed through.

    Whoever can write every table can write a chain anew; a digest noted on paper gives that away.
    """
    with database.look() as connection:
        try:
            return _walk(connection, noted, PAGE)
        except _UNREADABLE:
            # Rows are read by the page: line by line shows which of them it is.
            return _walk(connection, noted, 1)


# What SQLite lets somebody write into a column that holds JSON or a moment.
_UNREADABLE = (ValueError, TypeError)


def _walk(connection: Connection, noted: str, page: int) -> Verdict:
    head, count, digest = None, 0, NOTHING_BEFORE
    seen = noted in ("", digest)
    with connection.execute(_chain().execution_options(yield_per=page)) as rows:
        try:
            for head in rows:
                if head.id is None:
                    break
                here = digest_of(digest, head._asdict())
                if fault := _fault(head, count + 1, here):
                    return Verdict(count, digest, fault, count + 1)
                count, digest, seen = count + 1, here, seen or here == noted
        except _UNREADABLE:
            if page > 1:
                raise
            return Verdict(count, digest, Fault.BROKEN, count + 1)
    return Verdict(count, digest, *_at_the_end(head, count, digest, seen=seen))


def _chain() -> Select[Any]:
    """Every line with the head beside it: one statement, so that nothing is written between the two."""
    both = audit_head.outerjoin(audit, true())
    columns = (audit_head.c.lines, audit_head.c.digest.label("end"), audit.c.digest, *_told())
    return select(*columns).select_from(both).where(audit_head.c.id == HEAD).order_by(audit.c.id)


def _fault(row: Row[Any], number: int, digest: str) -> Fault | None:
    if number > row.lines:
        return Fault.ADDED
    if row.id > number:
        return Fault.MISSING
    return None if row.id == number and row.digest == digest else Fault.BROKEN


def _at_the_end(head: Row[Any] | None, count: int, digest: str, *, seen: bool) -> tuple[Fault | None, int]:
    if head is None:
        return Fault.HEAD, 0
    if head.lines > count:
        return Fault.TAIL_MISSING, count + 1
    if head.end != digest:
        return Fault.HEAD, 0
    return (None, 0) if seen else (Fault.NOT_NOTED, 0)
