"""The story of one case: what was said, written, changed and sent, in the order in which it happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from intents.desk.case_records import Case, NoteKind, case_number
from intents.messages import Reply
from storage import audit
from storage.codec import unpack_reply
from storage.tables import case, case_note, inbox, message, outbox

# What was said shortly before a case was opened led to it.
BEFORE = timedelta(hours=24)
LINES = 500


class StoryKind(StrEnum):
    """What a line of a story tells of."""

    # In the order in which things of the same moment follow from one another.
    SAID = "said"  # by the requester, in their conversation
    ADDED = "added"  # by the requester, on the case
    CHANGED = "changed"
    ANSWERED = "answered"  # by the desk, in the conversation
    NOTE = "note"
    REPLY = "reply"
    SENT = "sent"
    READ = "read"


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened; `trace` links it with everything else that happened with it."""

    at: datetime
    kind: StoryKind
    who: str
    text: str
    trace: str = ""
    reply: Reply | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def story(connection: Connection, of: Case) -> tuple[StoryLine, ...]:
    """Every line about a case, oldest first; the newest five hundred of each kind."""
    lines = [
        *_said(connection, of),
        *_notes(connection, of),
        *_changes(connection, of),
        *_sent(connection, of),
    ]
    # What was said while one of staff talked with them stands on the case as well: once is enough.
    said = {(one.trace, one.text.strip()) for one in lines if one.kind is StoryKind.SAID}
    lines = [one for one in lines if one.kind is not StoryKind.ADDED or (one.trace, one.text) not in said]
    order = tuple(StoryKind)
    return tuple(sorted(lines, key=lambda one: (one.at, order.index(one.kind))))


def _said(connection: Connection, of: Case) -> Iterator[StoryLine]:
    """The conversation of the requester from the day before until the case was closed."""
    if not of.to.conversation:
        return
    # In a channel others talk too: theirs is none of this case's business.
    sender = inbox.c.body["person"].as_string()
    name = of.to.person.partition(":")[2]
    mine = or_(message.c.event.is_(None), sender == name)
    span = and_(message.c.at >= of.opened_at - BEFORE, message.c.at <= (of.closed_at or of.changed_at))
    rows = connection.execute(
        select(message)
        .outerjoin(inbox, inbox.c.id == message.c.event)
        .where(message.c.conversation_id == of.to.conversation, span, mine)
        .order_by(message.c.id.desc())
        .limit(LINES)
    )
    for row in rows:
        trace = f"E-{row.event}" if row.event else ""
        if row.author == "person":
            yield StoryLine(row.at, StoryKind.SAID, of.to.person, row.text, trace)
        elif row.reply and not (row.letter or "").startswith(f"{of.subject}:"):
            yield StoryLine(row.at, StoryKind.ANSWERED, "desk", "", trace, unpack_reply(row.reply))


def _notes(connection: Connection, of: Case) -> Iterator[StoryLine]:
    kinds = {NoteKind.NOTE: StoryKind.NOTE, NoteKind.REPLY: StoryKind.REPLY, NoteKind.SAID: StoryKind.ADDED}
    mine = select(case_note).where(case_note.c.case_id == of.id).order_by(case_note.c.id.desc()).limit(LINES)
    for row in connection.execute(mine):
        yield StoryLine(row.at, kinds[NoteKind(row.kind)], row.author, row.text, row.trace)


def _changes(connection: Connection, of: Case) -> Iterator[StoryLine]:
    for line in audit.lines_in(connection, of.subject, LINES):
        kind = StoryKind.READ if line.action in ("read", "exported") else StoryKind.CHANGED
        text = line.action if not line.reason else f"{line.action}: {line.reason}"
        before, after = dict(line.before or {}), dict(line.after or {})
        yield StoryLine(line.at, kind, line.actor, text, line.trace, before=before, after=after)


def _sent(connection: Connection, of: Case) -> Iterator[StoryLine]:
    """What left the house about it: letters to the requester and cards, with where they stand."""
    about = or_(outbox.c.key.startswith(f"{of.subject}:"), outbox.c.subject == of.subject)
    mine = select(outbox).where(about).order_by(outbox.c.id.desc()).limit(LINES)
    for row in connection.execute(mine):
        yield StoryLine(
            row.sent_at or row.put_at or row.due_at,
            StoryKind.SENT,
            row.channel,
            f"{row.key} {row.state}",
            row.trace or "",
        )


def merged_into_it(connection: Connection, of: Case) -> tuple[str, ...]:
    """The numbers of the cases that were merged into this one."""
    ids = connection.scalars(select(case.c.id).where(case.c.merged_into == of.id).order_by(case.c.id))
    return tuple(map(case_number, ids))
