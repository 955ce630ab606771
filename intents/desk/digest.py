"""The morning's letter to each of staff: their cases, those that nobody owns, what is late, whom they meet today.

It leaves on working days from opening on, once a day and person; who has nothing to read gets none. Moments are UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from intents.appointments import TOKYO
from intents.compose import day_text
from intents.desk.case_books import CaseBooks
from intents.desk.case_cards import CardPen, line
from intents.desk.case_records import NOBODY, Case, DateKind
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.moments import moment_text
from intents.desk.office_hours import is_working_day
from intents.desk.practice import Practice
from intents.desk.staff_books import Role, StaffMember
from intents.messages import Bullets, Heading, Part, Reply, Text
from knowledge.model import Lang

# After a standstill in the morning it still leaves; later it would be no morning's letter.
WINDOW = timedelta(hours=3)
MOST, SHOWN = 500, 10


def subjects(practice: Practice, books: CaseBooks) -> Iterator[Subject[CaseBooks]]:
    """On the morning of a working day, the letters that have not been written yet."""
    if opening(practice, books.now):
        yield partial(_to_write, practice)


def opening(practice: Practice, now: datetime) -> datetime | None:
    """When the office opened, within three hours after it did; nothing at any other time."""
    today = now.astimezone(TOKYO).date()
    opened = datetime.combine(today, practice.hours.opens, TOKYO)
    return opened if is_working_day(practice.hours, today) and opened <= now < opened + WINDOW else None


def _to_write(practice: Practice, books: CaseBooks) -> Iterator[Unit[CaseBooks]]:
    staff = {_key(books.now, member): member for member in books.staff.all() if _reads(member)}
    told = books.post.told(tuple(staff))
    left = [member for key, member in staff.items() if key not in told]
    opened = opening(practice, books.now)
    there = books.cases.open_before(opened) if left and opened else frozenset()
    for member in left:
        if any(owner == member.name or (not owner and desk in member.desks) for owner, desk in there):
            yield partial(_write, practice, member.name)


def _write(practice: Practice, name: str, books: CaseBooks, pen: Pen) -> None:
    member = books.staff.by_name(name)
    if member is None or not _reads(member):
        return
    found = _morning(practice, books, member, _overnight(practice, books, NOBODY))
    if found is None:
        return
    one_way = member.one_way()
    card_pen = CardPen(pen.wording, practice, books.staff, books.now)
    # The key makes it one letter, also when two processes come here at once.
    books.post.tell(_key(books.now, member), one_way, Reply(tuple(_parts(found, card_pen)), Lang.JA))


def _reads(member: StaffMember) -> bool:
    return member.reached and member.active and member.role.may(Role.DESK)


def _key(now: datetime, member: StaffMember) -> str:
    return f"digest:{now.astimezone(TOKYO).date().isoformat()}:{member.name}"


@dataclass(frozen=True, slots=True)
class _Morning:
    """What one of staff reads: their open cases and those of their desks that nobody owns, by their due dates."""

    mine: tuple[Case, ...]
    unowned: tuple[Case, ...]


def _morning(
    practice: Practice, books: CaseBooks, member: StaffMember, nobodys: tuple[Case, ...]
) -> _Morning | None:
    mine = _overnight(practice, books, member.name)
    found = _Morning(mine, tuple(case for case in nobodys if case.desk in member.desks))
    return found if found.mine or found.unowned else None


def _overnight(practice: Practice, books: CaseBooks, owner: str) -> tuple[Case, ...]:
    """Open cases of an owner, or of nobody, that came in before the office opened; none when the morning is over."""
    opened = opening(practice, books.now)
    # What came in since then is no news of the night.
    found = books.cases.queued(owner, None, MOST) if opened else ()
    return tuple(case for case in found if opened and case.opened_at < opened)


# ------------------------------------------------ the letter


def _parts(found: _Morning, pen: CardPen) -> Iterator[Part]:
    today = pen.now.astimezone(TOKYO).date()
    yield Heading(_say(pen, "title", day=day_text(today, pen.lang, pen.wording)))
    counts = {"mine": found.mine, "unowned": found.unowned}
    yield Bullets(tuple((Text(_say(pen, name, count=len(cases))),) for name, cases in counts.items()))
    late = [case for case in (*found.mine, *found.unowned) if case.due and case.due[0] < pen.now]
    yield from _listed("late", [line(case, pen) for case in late], pen)
    yield from _listed(
        "appointments", [_meeting(case, pen) for case in found.mine if _is_today(case, today)], pen
    )


def _is_today(case: Case, today: date) -> bool:
    meets = case.next_at is not None and case.next_kind is DateKind.APPOINTMENT
    return bool(meets and case.next_at and case.next_at.astimezone(TOKYO).date() == today)


def _meeting(case: Case, pen: CardPen) -> str:
    assert case.next_at is not None
    when = moment_text(pen.wording, case.next_at, pen.lang)
    return "  ".join(filter(None, (when, case.number, case.organisation or case.summary[:40])))


def _listed(name: str, lines: list[str], pen: CardPen) -> Iterator[Part]:
    if not lines:
        return
    more = [_say(pen, "more", count=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    yield Heading(_say(pen, name))
    yield Bullets(tuple((Text(one),) for one in (*lines[:SHOWN], *more)))


def _say(pen: CardPen, name: str, /, **places: object) -> str:
    return pen.wording.say(f"rooms.digest_{name}", pen.lang, **places)
