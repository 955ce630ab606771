"""Simulated days with any number of schedulers at once, and what they did; for whatever the clock does."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from bot.clock import TOKYO
from bot.schedule import do_due
from intents.desk import clock_work
from intents.desk.books import Recipient
from intents.desk.clock_units import Area
from intents.desk.clock_work import ClockBooks
from intents.desk.consultations import Pen
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.desk.survey_records import Kind, NewSurvey, SurveyQuestion
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import books
from storage.database import Database
from storage.tables import audit, outbox

PEN = Pen(load_notices(), load_wording())
# When the clock is looked at on each day, Tokyo.
TIMES = (time(8, 31), time(10, 1), time(16, 1))
DAY = timedelta(days=1)
Areas = Sequence[Area[ClockBooks]]


class Unguarded(Database):
    """The guards taken out: nothing is held while it is decided, and no key keeps a letter from being put twice."""

    def for_update(self, select: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
        """The same rows, free for anybody."""
        return select if not skip_locked else super().for_update(select, skip_locked=True)

    def add_new(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """A letter gets a key unlike any other's; everything else as always."""
        alike = table is not outbox
        fresh = [row if alike else {**row, "key": f"{row['key']}#{random.random()}"} for row in rows]
        super().add_new(connection, table, fresh)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: letters by key and lines of the audit by subject and action, each with its number."""

    letters: Counter[str]
    lines: Counter[tuple[str, str]]


def done(database: Database) -> Done:
    """What was done until now."""
    with database.look() as connection:
        keys = connection.scalars(select(outbox.c.key).order_by(outbox.c.id)).all()
        lines = connection.execute(select(audit.c.subject, audit.c.action)).all()
    return Done(Counter(key.partition("#")[0] for key in keys), Counter((row[0], row[1]) for row in lines))


def moments(first: datetime, days: int) -> Iterator[datetime]:
    """When the clock is looked at on so many days from that one."""
    start = first.astimezone(TOKYO).date()
    for number in range(days):
        for at in TIMES:
            moment = datetime.combine(start + number * DAY, at, TOKYO)
            if moment >= first:
                yield moment


def tick(schedulers: Sequence[Database], moment: datetime, areas: Areas = clock_work.AREAS) -> None:
    """Every scheduler looks at that moment, all at once; each database is that of one process."""

    def look(database: Database) -> None:
        do_due(database, lambda: moment, PEN, areas)

    with ThreadPoolExecutor(len(schedulers)) as pool:
        list(pool.map(look, schedulers))


def live(schedulers: Sequence[Database], first: datetime, days: int, areas: Areas = clock_work.AREAS) -> None:
    """So many days from that one, all schedulers at work."""
    for moment in moments(first, days):
        tick(schedulers, moment, areas)


# ------------------------------------------------ something to do


def sign_up(database: Database, now: datetime, starts: datetime, people: int, state: SeatState) -> int:
    """A seminar at that moment with so many people in that state; gives its id."""
    with books(database, now, "staff:t") as opened:
        new = NewSeminar(title="会", starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=people)
        found = opened.seminars.add(new)
        for number in range(people):
            mail = f"p{found.id}.{number}@example.jp"
            wanted = SignUp(to=Recipient(0, f"web:{mail}", mail, Lang.JA), name="山田", organisation="個人")
            opened.seminars.register(found.id, wanted, state)
    return found.id


def ask(database: Database, now: datetime, seminar: int, closes: datetime) -> None:
    """A survey for those who came to a seminar."""
    question = SurveyQuestion(text="役に立ちましたか", kind=Kind.SCALE, required=True)
    new = NewSurvey(title="ご感想", seminar=seminar, closes_at=closes, questions=(question,))
    with books(database, now, "staff:t") as opened:
        opened.surveys.add(new)


Fill = Callable[[Database], None]


def month(first: datetime) -> Fill:
    """A month's work: a seminar with a survey, one in which all wait in vain, and one later on."""

    def fill(database: Database) -> None:
        at = partial(datetime.combine, tzinfo=TOKYO)
        day = first.astimezone(TOKYO).date()
        id_ = sign_up(database, first, at(day + 16 * DAY, time(14)), 12, SeatState.CONFIRMED)
        ask(database, first, id_, at(day + 25 * DAY, time(17)))
        sign_up(database, first, at(day + 8 * DAY, time(14)), 11, SeatState.WAITING)
        sign_up(database, first, at(day + 28 * DAY, time(14)), 3, SeatState.CONFIRMED)

    return fill
