"""What the tests of nudging share: a register with people, the clock, and what they were sent."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.schedule import do_due
from intents.desk.clock_units import Area
from intents.desk.clock_work import ClockBooks, areas
from intents.desk.consultations import Pen
from intents.desk.nudges.records import Nudge, Obligation
from intents.desk.nudges.setting import setting_of
from intents.desk.projects.records import NewProject, Project, Role, Round
from intents.messages import Bullets, Choices, Heading, Paragraph, Reply, RunCommand, plain
from intents.notices import load_notices
from knowledge.reader import read
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.codec import unpack_action, unpack_reply
from storage.database import Database
from storage.tables import action_token, contact, nudge, outbox
from tests.kit import small_edition

T = TypeVar("T")
TOKYO = ZoneInfo("Asia/Tokyo")
SETTING = setting_of(read(small_edition()).edition)
PEN = Pen(load_notices(), load_wording())
AREAS: tuple[Area[ClockBooks], ...] = areas(SETTING)
DAY = timedelta(days=1)
OWNER, SECOND, NEXT = "owner@factory.example", "second@factory.example", "next@factory.example"


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in Tokyo."""
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


def do(database: Database, now: datetime, work: Callable[[StoredBooks], T], who: str = "staff:sato") -> T:
    """Does something with the books, committed as a whole."""
    with books(database, now, who) as opened:
        return work(opened)


def look(database: Database, now: datetime, work: Callable[[StoredBooks], T]) -> T:
    """Looks into the books."""
    with database.look() as connection:
        return work(StoredBooks(connection, database, now, "test"))


def enter(
    database: Database,
    now: datetime,
    project_id: str = "P-001",
    *,
    owner: str = OWNER,
    second: str = SECOND,
    zone: str = "",
    **fields: Any,
) -> Project:
    """A project in the register with the people who look after it."""

    def work(opened: StoredBooks) -> Project:
        new = NewProject(
            project_id=project_id,
            title="高効率ボイラーの導入",
            organisation="株式会社試験工業",
            prefecture="茨城県",
            methodology="EN-S-001",
            **fields,
        )
        added = opened.projects.add(new)
        for mail, role, name in ((owner, Role.OWNER, "山田"), (second, Role.SECOND, "鈴木")):
            if mail:
                one = opened.contacts.put(name, mail, new.organisation)
                opened.contacts.give(added.id, one.id, role)
                if zone and role is Role.OWNER:
                    opened.contacts.save(
                        opened.contacts.of([one.id])[0].__class__(**{**_fields(one), "zone": zone})
                    )
        return added

    return do(database, now, work)


def _fields(one: object) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}  # type: ignore[attr-defined]


def put_round(database: Database, now: datetime, number: int, cutoff: date) -> None:
    """A committee round, as staff enter it."""
    do(database, now, lambda opened: opened.calendars.put_round(Round(number, None, cutoff)))


def tick(database: Database, now: datetime) -> None:
    """One round of the clock."""
    do_due(database, lambda: now, PEN, AREAS)


def days(database: Database, first: datetime, last: datetime, hours: tuple[int, ...] = (10,)) -> None:
    """The clock on every day from one moment to another, at these hours in Tokyo."""
    day = first
    while day <= last:
        for hour in hours:
            if (now := day.replace(hour=hour)) >= first:
                tick(database, now)
        day += DAY


def letters(database: Database, begin: str = "nudge") -> list[Any]:
    """The rows of the outbox whose keys begin so, oldest first."""
    with database.look() as connection:
        query = select(outbox).where(outbox.c.key.startswith(begin)).order_by(outbox.c.id)
        return list(connection.execute(query))


def body(row: Any) -> Reply:
    """What a letter says."""
    return unpack_reply(row.body)


def text_of(row: Any) -> str:
    """The words of a letter."""
    lines = []
    for part in body(row).parts:
        match part:
            case Heading(text):
                lines.append(text)
            case Paragraph(line):
                lines.append(plain(line))
            case Bullets(items):
                lines += [plain(item) for item in items]
            case Choices(prompt):
                lines.append(prompt)
            case _:
                pass
    return "\n".join(lines)


def buttons(row: Any) -> dict[str, str]:
    """The tokens of a letter's buttons by what they say; of several alike, the first."""
    found: dict[str, str] = {}
    for part in body(row).parts:
        if isinstance(part, Choices):
            for option in part.options:
                found.setdefault(option.label, option.token)
    return found


def command(database: Database, token: str) -> RunCommand:
    """What a button does."""
    with database.look() as connection:
        found = unpack_action(
            connection.scalar(select(action_token.c.action).where(action_token.c.token == token))
        )
    assert isinstance(found, RunCommand)
    return found


def obligations(database: Database, project: Project) -> dict[str, Obligation]:
    """The obligations of a project by rule; of several the first that is due."""
    found = look(database, at(2026, 1, 1), lambda opened: opened.obligations.of_projects([project.id]))
    ordered = sorted(found, key=lambda one: one.due_on or date.max)
    return {one.rule: one for one in reversed(ordered)}


def nudges(database: Database) -> list[Nudge]:
    """Everything that anybody was told."""
    with database.look() as connection:
        ids = list(connection.scalars(select(nudge.c.obligation_id).distinct()))
    return list(look(database, at(2026, 1, 1), lambda opened: opened.nudges.of_obligations(ids)))


def contact_id(database: Database, mail: str) -> int:
    """The row of whoever has that address."""
    with database.look() as connection:
        found = connection.scalar(select(contact.c.id).where(contact.c.mail == mail))
    assert found
    return int(found)
