"""Dates that concern everybody are the office's own to pass on: staff read them on the working morning of each notice.

It leaves once a day and person, from opening on; on most mornings there is nothing to read. Days are Tokyo's.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache, partial

from intents.appointments import TOKYO
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.deadlines.engine import office_deadlines
from intents.desk.deadlines.explain import explain
from intents.desk.deadlines.records import Almanac, Deadline, Step
from intents.desk.digest import opening
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.setting import Setting
from intents.desk.staff_books import Role, StaffMember
from intents.messages import Bullets, Heading, Paragraph, Part, Reply, Text
from knowledge.model import Lang


def subjects(setting: Setting, books: NudgeBooks) -> Iterator[Subject[NudgeBooks]]:
    """On a working morning, the staff who have not read of this day's dates."""
    if opening(setting.practice, books.now):
        yield partial(_to_tell, setting)


def _to_tell(setting: Setting, books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    if not _today(setting, books):
        return
    staff = {_key(books, one): one for one in books.staff.all() if _reads(one)}
    told = books.post.told(tuple(staff))
    yield from (partial(_tell, setting, one.name) for key, one in staff.items() if key not in told)


def _reads(member: StaffMember) -> bool:
    return bool(member.active and member.role.may(Role.DESK) and member.reached)


def _key(books: NudgeBooks, member: StaffMember) -> str:
    return f"dates:{books.now.astimezone(TOKYO).date().isoformat()}:{member.name}"


def _today(setting: Setting, books: NudgeBooks) -> Sequence[tuple[Deadline, Step]]:
    """The notices of today; each rule has moved them to a working day already."""
    return _notices(setting.almanac(books), books.now.astimezone(TOKYO).date())


# All morning it is asked of the same day and the same almanac.
@lru_cache(maxsize=4)
def _notices(almanac: Almanac, day: date) -> Sequence[tuple[Deadline, Step]]:
    dates = office_deadlines(almanac, day)
    return tuple((one, step) for one in dates for step in one.steps if step.on == day)


def _tell(setting: Setting, name: str, books: NudgeBooks, pen: Pen) -> None:
    member = books.staff.by_name(name)
    found = _today(setting, books)
    if member and _reads(member) and found:
        one_way = member.one_way()
        # The key makes it one letter, also when two processes come here at once.
        books.post.tell(_key(books, member), one_way, Reply(tuple(_parts(setting, pen, found)), Lang.JA))


def _parts(setting: Setting, pen: Pen, found: Sequence[tuple[Deadline, Step]]) -> Iterator[Part]:
    yield Heading(pen.wording.say("nudges.office_title", Lang.JA, count=len(found)))
    for dated, step in found:
        told = explain(dated, pen.wording, Lang.JA, setting.edition.sources)
        yield Paragraph(
            (
                Text(
                    pen.wording.say(
                        "nudges.office_line", Lang.JA, title=told.title, due=told.due, kind=told.kind
                    )
                ),
            )
        )
        lines = (step.rule.what[Lang.JA], told.next, told.caution, *told.sources)
        yield Bullets(tuple((Text(line),) for line in lines if line))
