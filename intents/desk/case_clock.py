"""What happens to cases by the clock: promises that are near or missed, letters that were lost, and silence.

Nothing leaves while the office is closed; what was missed meanwhile is told when it opens. A line of the audit keeps
what was told, with the promise as its reason, so that each promise is told of once and a new one anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from intents.desk import case_silence
from intents.desk.case_alerts import by_case, tell
from intents.desk.case_books import CaseClockBooks, Noted, Owed, Undelivered
from intents.desk.case_changes import save
from intents.desk.case_merge import last
from intents.desk.case_records import Case, CaseState, NoteKind
from intents.desk.case_silence import NO_REPLY as NO_REPLY
from intents.desk.case_silence import QUIET as QUIET
from intents.desk.case_silence import TALK_ENDED as TALK_ENDED
from intents.desk.clock_units import Subject, Unit, once_a_look, only_if
from intents.desk.consultations import Pen
from intents.desk.moments import moment_text
from intents.desk.office_hours import add_working_time, is_open
from intents.desk.practice import Practice
from knowledge.model import Lang
from knowledge.wording import Wording

NEAR, MISSED, UNDELIVERED = "promise_near", "promise_missed", "undelivered"


def subjects(practice: Practice, books: CaseClockBooks) -> Iterator[Subject[CaseClockBooks]]:
    """What may be due while the office is open."""
    if is_open(practice.hours, books.now):
        seen = once_a_look(partial(case_silence.look, practice))
        yield partial(_to_remind, practice)
        yield only_if(lambda now: seen(now).letters, partial(_to_hand_back, practice))
        yield from case_silence.subjects(practice, seen)


# ------------------------------------------------ promises


def _to_remind(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    longest = max(promise.near for promise in practice.promises.values())
    # A minute more, as a promise of the next opening is as near as one of the closing before it.
    until = add_working_time(practice.hours, books.now, longest + timedelta(minutes=1))
    found = books.case_due.promised(until)
    told = by_case(books.case_due.noted(found, (NEAR, MISSED)))
    for owed in found:
        if _step(practice, owed, books.now, told):
            yield partial(_remind, practice, owed.number)


def _step(practice: Practice, owed: Owed, now: datetime, told: Mapping[str, tuple[Noted, ...]]) -> str:
    """What is to be told about a promise now; empty for nothing."""
    spell = owed.by.isoformat()
    known = {line.action for line in told.get(owed.subject, ()) if line.reason == spell}
    if owed.by < now:
        return "" if MISSED in known else MISSED
    return NEAR if not known and practice.warn_at(owed.kind, owed.by) <= now else ""


def _remind(practice: Practice, number: str, books: CaseClockBooks, pen: Pen) -> None:
    case = books.cases.lock(number)
    if case is None or case.promised_by is None or not case.is_open or case.state is CaseState.WAITING:
        return
    owed = Owed(number, case.kind, case.promised_by)
    step = _step(practice, owed, books.now, by_case(books.case_due.noted((owed,), (NEAR, MISSED))))
    if not step:
        return
    promise = owed.by.isoformat()
    tell(books, pen, practice, case, step, promise)
    if step == NEAR:
        books.audit.note(case.subject, step, reason=promise)
        return
    when = moment_text(pen.wording, owed.by, Lang.JA)
    books.cases.write(case, NoteKind.NOTE, pen.wording.say("case_clock.missed_note", Lang.JA, when=when))
    # The card in the room shows how late it is, and the note stands below it.
    save(books, case, case, step, promise)


# ------------------------------------------------ letters that were lost


def _to_hand_back(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    yield from (partial(_hand_back, practice, lost) for lost in books.case_due.undelivered())


def _hand_back(practice: Practice, seen: Undelivered, books: CaseClockBooks, pen: Pen) -> None:
    """The requester has not heard from us: we owe them an answer again, and whoever looks after the case knows it."""
    case = last(books.cases, seen.case)
    # It may have left meanwhile, or another clock was quicker.
    lost = next(iter(books.case_due.undelivered(seen.letter)), None)
    if case is None or lost is None:
        return
    books.cases.write(case, NoteKind.NOTE, _lost_text(lost, pen.wording), lost.reference)
    saved = save(books, case, _owed(practice, case, books.now), UNDELIVERED, lost.letter)
    tell(books, pen, practice, saved, UNDELIVERED, lost.letter)


def _owed(practice: Practice, case: Case, now: datetime) -> Case:
    if not case.is_open:
        return case
    state = CaseState.TAKEN if case.state is CaseState.WAITING else case.state
    return replace(case, state=state, promised_by=case.promised_by or practice.promised(case.kind, now))


def _lost_text(lost: Undelivered, wording: Wording) -> str:
    """Says nothing of the requester: where the letter went stands on the case."""
    ways = wording.say("cases.and", Lang.JA).join(
        wording.say(f"case_clock.way_{way}", Lang.JA) for way in lost.ways
    )
    what = wording.say(f"case_clock.lost_{lost.what}", Lang.JA)
    return wording.say("case_clock.undelivered_note", Lang.JA, what=what, ways=ways)
