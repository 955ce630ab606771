"""What is asked of the cases for every letter and every change, put together once.

Cases and notes are `:row`, events of the inbox `:event`, what a case is about `:subject`, messages of a channel
`:reference`, whose case it is and where it was opened `:person` and `:conversation`, whoever owns it `:owner`, a
moment `:moment`, how many at most `:most`.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, insert, or_, select, update

from intents.desk.case_records import CaseKind
from storage.case_rows import TOLD
from storage.tables import case, case_note, conversation, outbox
from storage.written import among

# Of a person with many merged cases only the newest matter.
TALKS_LOOKED_AT = 5
TALKS = (CaseKind.HANDOVER.value, CaseKind.QUESTION.value)


def _newest(which: ColumnElement[bool]) -> Select[Any]:
    return select(*TOLD).where(which).order_by(case.c.id.desc()).limit(1)


ONE = select(*TOLD).where(case.c.id == bindparam("row"))
OF_EVENT = select(*TOLD).where(case.c.event == bindparam("event"))
_THEIRS = case.c.person == bindparam("person")
_HERE = case.c.conversation_id == bindparam("conversation")
ASKED_BY = _newest(and_(_THEIRS, _HERE, case.c.open, among(case.c.kind, TALKS)))
ABOUT = _newest(and_(case.c.about == bindparam("subject"), case.c.open))
# A merged case keeps who talked there: what they write goes to the one that goes on.
_TALKS = or_(case.c.open, case.c.merged_into.is_not(None))
TALKING_ANYWHERE = (
    select(case.c.id)
    .where(_THEIRS, case.c.talking != "", _TALKS)
    .order_by(case.c.id.desc())
    .limit(TALKS_LOOKED_AT)
)
TALKING_HERE = TALKING_ANYWHERE.where(_HERE)
MERGED = select(*TOLD).where(case.c.merged_into == bindparam("row")).order_by(case.c.id)
OPEN_BEFORE = (
    select(case.c.owner, case.c.desk).distinct().where(case.c.open, case.c.opened_at < bindparam("moment"))
)
# With the least time left first; nobody counts the others.
_FIRST = select(*TOLD).order_by(case.c.due_at, case.c.id).limit(bindparam("most"))
FIRST_OF = _FIRST.where(case.c.open.is_(True), case.c.owner == bindparam("owner"))
FIRST_LATE = _FIRST.where(case.c.open.is_(True), case.c.due_at < bindparam("moment"))
PLACE = select(conversation.c.id).where(conversation.c.id == bindparam("conversation"))
# Both give the case as it stands then.
ADD = insert(case).returning(*TOLD)
SAVE = update(case).where(case.c.id == bindparam("row")).returning(*TOLD)

# By the message of a channel that it was, or by its own number.
NOTE_AT = select(case_note).where(
    or_(case_note.c.reference == bindparam("reference"), case_note.c.id == bindparam("row"))
)
NOTES = select(case_note).where(case_note.c.case_id == bindparam("row")).order_by(case_note.c.id)
WRITE = insert(case_note)

CARD = (
    select(outbox.c.subject)
    .where(outbox.c.reference == bindparam("reference"), outbox.c.subject.is_not(None))
    .limit(1)
)
# Letters to requesters begin alike, and name a person.
_TO_ROOMS = and_(outbox.c.key.startswith("case:"), outbox.c.person.is_(None))
SHOWN_AS = select(outbox.c.key).where(outbox.c.reference == bindparam("reference"), _TO_ROOMS).limit(1)
