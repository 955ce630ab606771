"""The people of the office, their one-time links to sign in, and the sessions that these open.

Of every token only its SHA-256 is stored: reading the tables opens nothing.
"""

import dataclasses
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from intents.desk.staff_books import Role, StaffMember
from storage.audit import StoredAudit, fresh_trace
from storage.database import Database
from storage.tables import staff, staff_login, staff_session

LOGIN_LIFE = timedelta(minutes=15)
IDLE, LONGEST = timedelta(hours=8), timedelta(hours=24)
# Being seen is written down this often at most: pages are read far more often than that matters.
SEEN_STEP = timedelta(minutes=1)
TOKEN_BYTES = 32
NOBODY, LOGIN = "visitor", "login"
UNKNOWN = "unknown"
_FORMS = b"jdesk console forms"

# Asked for every letter and at every look of the clock, so put together once.
_ALL = select(staff).order_by(staff.c.name)
_NAMED = select(staff).where(staff.c.name == bindparam("name"))
_CALLED = {
    channel: select(staff).where(staff.c[channel] == bindparam("name"), staff.c.active)
    for channel in ("slack", "teams")
}
_WITH_ID = select(staff).where(staff.c.id == bindparam("row"))


class StoredStaff:
    """The people of the office within one transaction; fulfils `intents.desk.staff_books.Staff`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def by_person(self, person: str) -> StaffMember | None:
        """The active one whom a channel calls so: `slack:T…:U…` or `teams:…`."""
        channel, _, name = person.partition(":")
        if channel not in _CALLED or not name:
            return None
        return _one(self._connection, _CALLED[channel], name=name)

    def by_name(self, name: str) -> StaffMember | None:
        """The one of that handle, active or not."""
        return _one(self._connection, _NAMED, name=name)

    def all(self) -> tuple[StaffMember, ...]:
        """Everybody, also who has left, by handle."""
        return tuple(map(_member, self._connection.execute(_ALL)))

    def add(self, member: StaffMember) -> StaffMember:
        """Writes a new one down; gives them with their id."""
        row = insert(staff).values(_values(member) | {"created_at": self._now})
        return dataclasses.replace(
            member, id=self._connection.execute(row.returning(staff.c.id)).scalar_one()
        )

    def save(self, member: StaffMember) -> None:
        """Writes down what changed; another role or leaving ends their sessions and unused links."""
        before = _one(self._connection, _WITH_ID, row=member.id)
        self._connection.execute(update(staff).where(staff.c.id == member.id).values(_values(member)))
        if before and (before.role, before.active) != (member.role, member.active):
            close_sessions_of(self._connection, member.id)

    def issue_login(self, member: StaffMember) -> str:
        """The token of a link with which they sign in once, for 15 minutes."""
        return issue_login(self._connection, member.id, self._now)


def _one(connection: Connection, query: Select[Any], **given: object) -> StaffMember | None:
    row = connection.execute(query, given).one_or_none()
    return _member(row) if row else None


def _values(member: StaffMember) -> dict[str, object]:
    values = {field.name: getattr(member, field.name) for field in dataclasses.fields(member)}
    del values["id"]
    # Many have no account on a channel, and what is unique must not be empty twice.
    optional = {"slack": member.slack or None, "teams": member.teams or None}
    return values | optional | {"desks": list(member.desks), "prefectures": list(member.prefectures)}


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(
        name=row.name,
        display=row.display,
        role=Role(row.role),
        slack=row.slack or "",
        teams=row.teams or "",
        mail=row.mail,
        desks=tuple(row.desks),
        prefectures=tuple(row.prefectures),
        active=row.active,
        id=row.id,
    )


# ------------------------------------------------ links to sign in


def issue_login(connection: Connection, staff_id: int, now: datetime) -> str:
    """A token of 256 random bits that signs somebody in once, for 15 minutes."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"digest": _digest(token), "staff_id": staff_id, "issued_at": now, "expires_at": now + LOGIN_LIFE}
    connection.execute(insert(staff_login).values(row))
    return token


def use_login(
    database: Database, token: str, now: datetime, trace: str = ""
) -> tuple[StaffMember, str] | None:
    """Signs in by a link: who it is, and the token of their session; nothing for one that is used, late or foreign.

    Two uses at once: one of them wins. The audit keeps each sign-in, and each refusal of a link that there was.
    """
    trace = trace or fresh_trace()
    with database.begin() as connection:
        member, problem = _take(connection, database, token, now)
        subject = member.actor if member else LOGIN
        record = StoredAudit(connection, database, NOBODY if problem else subject, now, trace)
        # Of a link that nobody was given anybody may make up any number: the log has those, the record has not.
        if problem != UNKNOWN:
            record.note(subject, "login_refused" if problem else "signed_in", reason=problem)
        opened = open_session(connection, member.id, now) if member and not problem else ""
        record.keep()
    return (member, opened) if member and opened else None


def _take(
    connection: Connection, database: Database, token: str, now: datetime
) -> tuple[StaffMember | None, str]:
    """Whose link it is, and why it does not open; empty: it does, and never again."""
    mine = staff_login.c.digest == _digest(token)
    row = connection.execute(database.for_update(select(staff_login).where(mine))).one_or_none()
    if row is None:
        return None, UNKNOWN
    member = _one(connection, _WITH_ID, row=row.staff_id)
    if row.used_at:
        return member, "used"
    if row.expires_at <= now:
        return member, "expired"
    if not member or not member.active:
        return member, "inactive"
    connection.execute(update(staff_login).where(mine).values(used_at=now))
    return member, ""


# ------------------------------------------------ sessions


def open_session(connection: Connection, staff_id: int, now: datetime) -> str:
    """The token of a new session, 256 random bits: 8 hours without being seen end it, and 24 hours in any case."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"digest": _digest(token), "staff_id": staff_id, "opened_at": now, "seen_at": now}
    connection.execute(insert(staff_session).values(row | {"expires_at": now + LONGEST}))
    return token


def session(
    database: Database, token: str, now: datetime, *, touch: bool = True
) -> tuple[StaffMember, str] | None:
    """Who a session belongs to, with the word that its forms carry; nothing when it ended or they have left.

    Without `touch` it is not seen by that: what a page asks by itself keeps nobody signed in.
    """
    mine = and_(staff_session.c.digest == _digest(token), ~_over(now))
    both = select(staff, staff_session.c.seen_at).join(staff_session).where(mine, staff.c.active)
    with database.look() as connection:
        row = connection.execute(both).one_or_none()
    if row is None:
        return None
    if touch and now - row.seen_at >= SEEN_STEP:
        with database.begin() as connection:
            connection.execute(update(staff_session).where(mine).values(seen_at=now))
    return _member(row), csrf_of(token)


def csrf_of(token: str) -> str:
    """The word that the forms of a session carry; whoever sees it learns nothing about the session's token."""
    return hmac.new(token.encode(), _FORMS, hashlib.sha256).hexdigest()


def close_session(database: Database, token: str, now: datetime, trace: str = "") -> None:
    """Signs out; a session that is not there is none."""
    mine = staff_session.c.digest == _digest(token)
    with database.begin() as connection:
        who = connection.scalar(select(staff.c.name).join(staff_session).where(mine))
        if not connection.execute(delete(staff_session).where(mine)).rowcount:
            return
        record = StoredAudit(connection, database, f"staff:{who}", now, trace or fresh_trace())
        record.note(f"staff:{who}", "signed_out")
        record.keep()


def close_sessions_of(connection: Connection, staff_id: int) -> int:
    """Ends every session of somebody and the links that they have not used; gives the number of sessions."""
    unused = and_(staff_login.c.staff_id == staff_id, staff_login.c.used_at.is_(None))
    connection.execute(delete(staff_login).where(unused))
    mine = staff_session.c.staff_id == staff_id
    return connection.execute(delete(staff_session).where(mine)).rowcount


def forget_expired(connection: Connection, now: datetime) -> int:
    """Deletes links and sessions that open nothing any more; gives their number."""
    late = delete(staff_login).where(staff_login.c.expires_at <= now)
    over = delete(staff_session).where(_over(now))
    return connection.execute(late).rowcount + connection.execute(over).rowcount


def _over(now: datetime) -> ColumnElement[bool]:
    return or_(staff_session.c.expires_at <= now, staff_session.c.seen_at <= now - IDLE)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
