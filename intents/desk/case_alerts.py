"""How the clock writes to staff about a case: to whom, what, and what was told already. Moments are UTC."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from intents.appointments import TOKYO
from intents.desk.case_books import CaseClockBooks, Noted
from intents.desk.case_records import Case
from intents.desk.case_words import slack_text
from intents.desk.consultations import Pen
from intents.desk.office_hours import add_working_days, add_working_time, is_open
from intents.desk.practice import Practice
from intents.desk.routing import suggested
from intents.desk.staff_books import Role, StaffMember
from intents.messages import Heading, Paragraph, Reply, Text
from knowledge.model import Lang

# A case that nobody owns is told of to so many, not to the whole office.
MOST = 3
SUMMARY = 200


def tell(books: CaseClockBooks, pen: Pen, practice: Practice, case: Case, step: str, spell: str) -> None:
    """Writes to those who look after the case; `spell` is what it is told of once."""
    left = slack_text(case, practice, books.now, pen.wording, Lang.JA)
    about = case.organisation or case.name
    lines = (" ".join(filter(None, (about, case.summary[:SUMMARY]))), left)
    hint = pen.wording.say(f"case_clock.{step}_hint", Lang.JA)
    heading = Heading(pen.wording.say(f"case_clock.{step}", Lang.JA, number=case.number))
    written = (Paragraph((Text(line),)) for line in (*lines, hint) if line)
    letter = Reply((heading, *written), Lang.JA)
    for member in looked_after_by(books.staff.all(), case):
        books.post.tell(f"{case.subject}:{step}:{spell}:{member.name}", member, letter)


def looked_after_by(staff: Collection[StaffMember], case: Case) -> tuple[StaffMember, ...]:
    """Who is to be told of a case: its owner, else those of its desk who look after the prefecture, three at most."""
    owner = next((one for one in staff if case.owner and one.name == case.owner), None)
    if owner and owner.active:
        return (owner,)
    able = (one for one in staff if one.role.may(Role.DESK))
    return suggested(case.desk, case.prefecture, able)[:MOST]


def by_case(lines: Iterable[Noted]) -> Mapping[str, tuple[Noted, ...]]:
    """The lines of each subject, oldest first."""
    found: dict[str, list[Noted]] = {}
    for line in lines:
        found.setdefault(line.subject, []).append(line)
    return {subject: tuple(mine) for subject, mine in found.items()}


def reasons(lines: Iterable[Noted]) -> Iterator[tuple[str, str]]:
    """What was told, and of which spell."""
    return ((line.action, line.reason) for line in lines)


def working_days_ago(practice: Practice, now: datetime, days: int) -> datetime:
    """So many working days ago, counted in working time."""
    if is_open(practice.hours, now):
        # That is the same time of day, and of each day it is counted once.
        here = now.astimezone(TOKYO)
        return datetime.combine(add_working_days(practice.hours, here.date(), -days), here.timetz())
    return add_working_time(practice.hours, now, -days * practice.hours.day)
