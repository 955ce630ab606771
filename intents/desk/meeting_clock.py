"""What happens to meetings by the clock: 7 and 1 days before, at 10:00 in Tokyo, who attends or has not replied is reminded."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

from intents.desk import meeting_letters
from intents.desk.clock_units import Subject, Unit, in_batches
from intents.desk.consultations import Pen
from intents.desk.meeting_books import MeetingBooks
from intents.desk.meeting_records import Invitation
from intents.desk.moments import TOKYO
from intents.desk.seminar_clock import Reminder
from intents.desk.seminar_excerpts import Watched
from intents.desk.seminar_records import Seminar, SeminarKind

DAYS, AT = (7, 1), time(10)
LONGEST = timedelta(days=DAYS[0] + 1)


def steps(meeting: Seminar) -> tuple[Reminder, ...]:
    """All steps before a meeting, earliest first."""
    day = meeting.starts_at.astimezone(TOKYO).date()
    return tuple(Reminder(days, datetime.combine(day - timedelta(days=days), AT, TOKYO)) for days in DAYS)


def subjects(watched: Sequence[Watched], now: datetime) -> Iterator[Subject[MeetingBooks]]:
    """The meetings of which something may be due, among the seminars that the clock looks at."""
    yield from (partial(_to_remind, one.seminar) for one in watched if _is_near(one.seminar, now))


def _is_near(one: Seminar, now: datetime) -> bool:
    return one.kind is SeminarKind.MEETING and one.ahead(now) and one.starts_at < now + LONGEST


def _to_remind(meeting: Seminar, books: MeetingBooks) -> Iterator[Unit[MeetingBooks]]:
    ids = [one.id for one, _ in _due(books, meeting)]
    yield from (partial(_remind, meeting.id, some) for some in in_batches(ids))


def _due(books: MeetingBooks, meeting: Seminar) -> Iterator[tuple[Invitation, Reminder]]:
    """The latest step of each invitation, unless they were told something since."""
    if not meeting.ahead(books.now):
        return
    for one in books.invitations.of_meeting(meeting.id):
        if one.attending is False:
            continue
        told = max(filter(None, (one.invited_at, one.answered_at, one.reminded_to)))
        yield from ((one, step) for step in _passed(meeting, told, books.now)[-1:])


def _passed(meeting: Seminar, since: datetime, now: datetime) -> tuple[Reminder, ...]:
    return tuple(step for step in steps(meeting) if since < step.at <= now)


def _remind(id_: int, ids: Collection[int], books: MeetingBooks, pen: Pen) -> None:
    meeting = books.seminars.lock(id_)
    for one, step in tuple(_due(books, meeting)):
        if one.id in ids:
            meeting_letters.reminder(books, pen, meeting, one, step.days, step.step)
            books.invitations.update(replace(one, reminded_to=step.at))
