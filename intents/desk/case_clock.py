"""What happens to cases by the clock: promises that are near or missed, talks and requesters that fell silent.

Nothing leaves while the office is closed; what was missed meanwhile is told when it opens. A line of the audit keeps
what was told, with the promise as its reason, so that each promise is told of once and a new one anew.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial

from intents.desk.case_books import CaseClockBooks, Noted
from intents.desk.case_changes import save, stop_talking
from intents.desk.case_letters import Letters
from intents.desk.case_records import Case, CaseState, NoteKind
from intents.desk.case_words import slack_text
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.moments import moment_text
from intents.desk.office_hours import add_working_time, is_open
from intents.desk.practice import Practice
from intents.desk.routing import suggested
from intents.desk.staff_books import Role, StaffMember
from intents.messages import Heading, Paragraph, Reply, Text
from knowledge.model import Lang

NEAR, MISSED, TALK_ENDED, NO_REPLY = "promise_near", "promise_missed", "talk_ended", "no_reply_yet"
QUIET = "quiet"
ASKED = "asked_back"
# In working days: how long nobody says anything in a talk, a requester does not answer, and nothing
# happens in a case that runs towards no date, which nothing else would bring up again.
SILENT_DAYS, NO_REPLY_DAYS, QUIET_DAYS = 3, 10, 5
# A case that nobody owns is told of to so many, not to the whole office.
MOST = 3
SUMMARY = 200


def subjects(practice: Practice, books: CaseClockBooks) -> Iterator[Subject[CaseClockBooks]]:
    """What may be due while the office is open."""
    if is_open(practice.hours, books.now):
        yield partial(_to_remind, practice)
        yield partial(_to_end, practice)
        yield partial(_to_ask, practice)
        yield partial(_to_stir, practice)


# ------------------------------------------------ promises


def _to_remind(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    longest = max(promise.near for promise in practice.promises.values())
    # A minute more, as a promise of the next opening is as near as one of the closing before it.
    until = add_working_time(practice.hours, books.now, longest + timedelta(minutes=1))
    found = books.case_due.promised(until)
    told = books.case_due.noted(found, (NEAR, MISSED))
    for case in found:
        if _step(practice, case, books.now, told):
            yield partial(_remind, practice, case.number)


def _step(practice: Practice, case: Case, now: datetime, told: Collection[Noted]) -> str:
    """What is to be told about the promise of a case now; empty for nothing."""
    warn_at, by = practice.warn_at(case), case.promised_by
    if by is None or warn_at is None or not case.is_open or case.state is CaseState.WAITING:
        return ""
    known = {one.action for one in told if (one.subject, one.reason) == (case.subject, by.isoformat())}
    if by < now:
        return "" if MISSED in known else MISSED
    return NEAR if warn_at <= now and not known else ""


def _remind(practice: Practice, number: str, books: CaseClockBooks, pen: Pen) -> None:
    case = books.cases.lock(number)
    if case is None or case.promised_by is None:
        return
    step = _step(practice, case, books.now, books.case_due.noted((case,), (NEAR, MISSED)))
    if not step:
        return
    promise = case.promised_by.isoformat()
    _tell(books, pen, practice, case, step, promise)
    if step == NEAR:
        books.audit.note(case.subject, step, reason=promise)
        return
    when = moment_text(pen.wording, case.promised_by, Lang.JA)
    books.cases.write(case, NoteKind.NOTE, pen.wording.say("case_clock.missed_note", Lang.JA, when=when))
    # The card in the room shows how late it is, and the note stands below it.
    save(books, case, case, step, promise)


def _tell(books: CaseClockBooks, pen: Pen, practice: Practice, case: Case, step: str, spell: str) -> None:
    """Writes to those who look after the case; `spell` is what it is told of once."""
    left = slack_text(case, practice, books.now, pen.wording, Lang.JA)
    about = case.organisation or case.name
    lines = (" ".join(filter(None, (about, case.summary[:SUMMARY]))), left)
    hint = pen.wording.say(f"case_clock.{step}_hint", Lang.JA)
    heading = Heading(pen.wording.say(f"case_clock.{step}", Lang.JA, number=case.number))
    written = (Paragraph((Text(line),)) for line in (*lines, hint) if line)
    letter = Reply((heading, *written), Lang.JA)
    for member in looked_after_by(books, case):
        books.post.tell(f"{case.subject}:{step}:{spell}:{member.name}", member, letter)


def looked_after_by(books: CaseClockBooks, case: Case) -> tuple[StaffMember, ...]:
    """Who is to be told of a case: its owner, else those of its desk who look after the prefecture, three at most."""
    owner = books.staff.by_name(case.owner) if case.owner else None
    if owner and owner.active:
        return (owner,)
    able = (one for one in books.staff.all() if one.role.may(Role.DESK))
    return suggested(case.desk, case.prefecture, able)[:MOST]


# ------------------------------------------------ silence


def _ago(practice: Practice, now: datetime, days: int) -> datetime:
    """So many working days ago, counted in working time."""
    opens, closes = practice.hours.opens, practice.hours.closes
    day = timedelta(hours=closes.hour - opens.hour, minutes=closes.minute - opens.minute)
    return add_working_time(practice.hours, now, -days * day)


def _to_end(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    since = _ago(practice, books.now, SILENT_DAYS)
    yield from (partial(_end, since, case.number) for case in books.case_due.silent(since))


def _end(since: datetime, number: str, books: CaseClockBooks, pen: Pen) -> None:
    case = books.cases.lock(number)
    # Who waits for our answer must not be told that the talk is over.
    if case and case.is_open and case.changed_at <= since and not case.promised_by:
        stop_talking(books, Letters(pen.wording), case, TALK_ENDED)


def _to_ask(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    since = _ago(practice, books.now, NO_REPLY_DAYS)
    found = books.case_due.waiting()
    lines = books.case_due.noted(found, (ASKED, NO_REPLY))
    for case in found:
        if _unanswered(case, since, lines):
            yield partial(_ask, practice, since, case.number)


def _unanswered(case: Case, since: datetime, lines: Collection[Noted]) -> datetime | None:
    """When the question was asked that nobody has answered since then, unless the owner was told of that."""
    mine = [one for one in lines if one.subject == case.subject][-1:]
    asked = next((one.at for one in mine if one.action == ASKED), None)
    return asked if case.state is CaseState.WAITING and asked and asked <= since else None


def _ask(practice: Practice, since: datetime, number: str, books: CaseClockBooks, pen: Pen) -> None:
    case = books.cases.lock(number)
    asked = _unanswered(case, since, books.case_due.noted((case,), (ASKED, NO_REPLY))) if case else None
    if case and asked:
        _tell(books, pen, practice, case, NO_REPLY, asked.isoformat())
        books.audit.note(case.subject, NO_REPLY, reason=asked.isoformat())


def _to_stir(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    since = _ago(practice, books.now, QUIET_DAYS)
    found = books.case_due.quiet(since)
    told = books.case_due.noted(found, (QUIET,))
    for case in found:
        if _is_quiet(case, since, told):
            yield partial(_stir, practice, since, case.number)


def _is_quiet(case: Case, since: datetime, told: Collection[Noted]) -> bool:
    """Whether it is our turn, nothing is due, nothing has happened since then, and nobody was told of that."""
    known = (case.subject, case.changed_at.isoformat()) in {(one.subject, one.reason) for one in told}
    ours = case.state in (CaseState.NEW, CaseState.TAKEN) and case.due is None
    return ours and case.changed_at <= since and not known


def _stir(practice: Practice, since: datetime, number: str, books: CaseClockBooks, pen: Pen) -> None:
    case = books.cases.lock(number)
    if case and _is_quiet(case, since, books.case_due.noted((case,), (QUIET,))):
        _tell(books, pen, practice, case, QUIET, case.changed_at.isoformat())
        books.audit.note(case.subject, QUIET, reason=case.changed_at.isoformat())
