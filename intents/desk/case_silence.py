"""What happens by the clock where nobody says anything: talks, requesters, and cases that run towards no date.

Counted in working days. Moments are UTC.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from intents.appointments import TOKYO
from intents.desk.case_alerts import by_case, looked_after_by, reasons, tell, working_days_ago
from intents.desk.case_books import CaseClockBooks, Noted
from intents.desk.case_cards import CardPen, line
from intents.desk.case_changes import stop_talking
from intents.desk.case_letters import Letters
from intents.desk.case_records import Case, CaseState
from intents.desk.clock_units import Subject, Unit, in_batches, only_if
from intents.desk.consultations import Pen
from intents.desk.looks import OfCases
from intents.desk.practice import Practice
from intents.desk.staff_books import StaffMember
from intents.messages import Bullets, Heading, Paragraph, Reply, Text
from knowledge.model import Lang

TALK_ENDED, NO_REPLY, QUIET = "talk_ended", "no_reply_yet", "quiet"
ASKED = "asked_back"
# How long nobody says anything in a talk, a requester does not answer, and nothing happens in a case
# that runs towards no date, which nothing else would bring up again.
SILENT_DAYS, NO_REPLY_DAYS, QUIET_DAYS = 3, 10, 5
# The rest of a long list is in the queue.
SHOWN = 20


def look(practice: Practice, books: CaseClockBooks) -> OfCases:
    """What there is of all this, and of letters that were lost: mostly nothing, which is one question."""
    talked, asked = (working_days_ago(practice, books.now, days) for days in (SILENT_DAYS, NO_REPLY_DAYS))
    return books.looks.cases(talked, asked, _since(practice, books.now))


def subjects(
    practice: Practice, seen: Callable[[CaseClockBooks], OfCases]
) -> Iterator[Subject[CaseClockBooks]]:
    """Talks to end, owners to tell of a requester's silence, and people to tell of quiet cases."""
    yield only_if(lambda now: seen(now).talks, partial(_to_end, practice))
    yield only_if(lambda now: seen(now).requesters, partial(_to_ask, practice))
    yield only_if(lambda now: seen(now).quiet, partial(_to_stir, practice))


# ------------------------------------------------ talks


def _to_end(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    since = working_days_ago(practice, books.now, SILENT_DAYS)
    yield from (partial(_end, since, case.number) for case in books.case_due.silent(since))


def _end(since: datetime, number: str, books: CaseClockBooks, pen: Pen) -> None:
    case = books.cases.lock(number)
    # Who waits for our answer must not be told that the talk is over, and whom we asked something is not silent yet:
    # their answer belongs to the case.
    if case and _is_ours(case) and case.changed_at <= since and not case.promised_by:
        stop_talking(books, Letters(pen.wording), case, TALK_ENDED)


def _is_ours(case: Case) -> bool:
    return case.is_open and case.state is not CaseState.WAITING


# ------------------------------------------------ requesters


def _to_ask(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    since = working_days_ago(practice, books.now, NO_REPLY_DAYS)
    found = books.case_due.waiting(since)
    lines = by_case(books.case_due.noted(found, (ASKED, NO_REPLY)))
    for case in found:
        if _unanswered(case, since, lines):
            yield partial(_ask, practice, since, case.number)


def _unanswered(case: Case, since: datetime, lines: Mapping[str, tuple[Noted, ...]]) -> datetime | None:
    """When the question was asked that nobody has answered since then, unless the owner was told of that."""
    last = lines.get(case.subject, ())[-1:]
    asked = next((one.at for one in last if one.action == ASKED), None)
    return asked if case.state is CaseState.WAITING and asked and asked <= since else None


def _ask(practice: Practice, since: datetime, number: str, books: CaseClockBooks, pen: Pen) -> None:
    case = books.cases.lock(number)
    lines = by_case(books.case_due.noted((case,), (ASKED, NO_REPLY))) if case else {}
    asked = _unanswered(case, since, lines) if case else None
    if case and asked:
        tell(books, pen, practice, case, NO_REPLY, asked.isoformat())
        books.audit.note(case.subject, NO_REPLY, reason=asked.isoformat())


# ------------------------------------------------ cases


def _to_stir(practice: Practice, books: CaseClockBooks) -> Iterator[Unit[CaseClockBooks]]:
    """First the letters, then the marks that they were written: what breaks off in between goes on at the next tick."""
    found = _quiet(practice, books)
    staff = books.staff.all() if found else ()
    people = {member.name: member for case in found for member in _reached(staff, case)}
    told = books.post.told([_key(books.now, name) for name in people]) if people else frozenset()
    yield from (
        partial(_stir, practice, name) for name in sorted(people) if _key(books.now, name) not in told
    )
    yield from (partial(_mark, practice, numbers) for numbers in in_batches([case.number for case in found]))


def _quiet(practice: Practice, books: CaseClockBooks) -> tuple[Case, ...]:
    """Cases that were quiet when the office opened today, so that one letter a day has them all."""
    since = _since(practice, books.now)
    found = books.case_due.quiet(since)
    told = by_case(books.case_due.noted(found, (QUIET,)))
    return tuple(case for case in found if _is_quiet(case, since, told))


def _since(practice: Practice, now: datetime) -> datetime:
    opened = datetime.combine(now.astimezone(TOKYO).date(), practice.hours.opens, TOKYO)
    return working_days_ago(practice, opened, QUIET_DAYS)


def _is_quiet(case: Case, since: datetime, told: Mapping[str, tuple[Noted, ...]]) -> bool:
    """Whether it is our turn, nothing is due, nothing has happened since then, and nobody was told of that."""
    known = (QUIET, case.changed_at.isoformat()) in reasons(told.get(case.subject, ()))
    ours = case.state in (CaseState.NEW, CaseState.TAKEN) and case.due is None
    return ours and case.changed_at <= since and not known


def _reached(staff: Collection[StaffMember], case: Case) -> tuple[StaffMember, ...]:
    return tuple(one for one in looked_after_by(staff, case) if one.slack or one.mail)


def _key(now: datetime, name: str) -> str:
    return f"{QUIET}:{now.astimezone(TOKYO).date().isoformat()}:{name}"


def _stir(practice: Practice, name: str, books: CaseClockBooks, pen: Pen) -> None:
    staff = books.staff.all()
    member = next((one for one in staff if one.name == name), None)
    mine = [case for case in _quiet(practice, books) if member in _reached(staff, case)]
    if member is None or not mine:
        return
    card_pen = CardPen(pen.wording, practice, books.staff, books.now)
    lines = [line(case, card_pen) for case in mine[:SHOWN]]
    if len(mine) > SHOWN:
        lines.append(pen.wording.say("rooms.digest_more", Lang.JA, count=len(mine) - SHOWN))
    heading = Heading(pen.wording.say(f"case_clock.{QUIET}", Lang.JA, count=len(mine)))
    hint = Paragraph((Text(pen.wording.say(f"case_clock.{QUIET}_hint", Lang.JA)),))
    letter = Reply((heading, Bullets(tuple((Text(one),) for one in lines)), hint), Lang.JA)
    one_way = replace(member, mail="") if member.slack else member
    # The key makes it one letter a day, also when two processes come here at once.
    books.post.tell(_key(books.now, name), one_way, letter)


def _mark(practice: Practice, numbers: frozenset[str], books: CaseClockBooks, _: Pen) -> None:
    """Keeps of each case that today's letters told of it; one whose letter is not written yet comes again."""
    held = tuple(case for number in sorted(numbers) if (case := books.cases.lock(number)))
    told, since = by_case(books.case_due.noted(held, (QUIET,))), _since(practice, books.now)
    staff = books.staff.all()
    for case in held:
        keys = {_key(books.now, member.name) for member in _reached(staff, case)}
        if _is_quiet(case, since, told) and keys <= (books.post.told(keys) if keys else keys):
            books.audit.note(case.subject, QUIET, reason=case.changed_at.isoformat())
