"""What the tests of cases share: people of an office, its practice on the day of `kit.NOON`, and cases of real kinds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import insert, select

from bot.schedule import do_due
from intents.desk import clock_work
from intents.desk import staff as staff_rules
from intents.desk.books import Recipient
from intents.desk.case_letters import Letters
from intents.desk.case_records import Case, CaseKind, CaseNote, NewCase
from intents.desk.case_talk import open_case
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import setting_of
from intents.desk.practice import practice_of
from intents.desk.staff_books import Role, StaffMember
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.reader import read
from knowledge.wording import load_wording
from storage.audit import AuditLine, lines
from storage.books import StoredBooks, books
from storage.database import Database
from storage.tables import conversation, outbox
from tests.kit import NOON, small_edition

T = TypeVar("T")
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
IBARAKI, NIIGATA = "茨城県", "新潟県"
BOTH = ("general", "forest")
SATO = StaffMember("sato", "佐藤", Role.DESK, "T1:U1", mail="sato@office.example", desks=("general",))
MORI = StaffMember("mori", "森", Role.DESK, "T1:U2", desks=BOTH, prefectures=(IBARAKI,))
KATO = StaffMember("kato", "加藤", Role.ADMIN, mail="kato@office.example", desks=("general",))
OTA = StaffMember("ota", "太田", Role.READER, "T1:U4", desks=BOTH, prefectures=(IBARAKI,))
ENDO = StaffMember("endo", "遠藤", Role.EDITOR, "T1:U5", desks=("general",))
PEOPLE = (SATO, MORI, KATO, OTA, ENDO)
PRACTICE = practice_of(read(small_edition()).edition)
WORDING = load_wording()
LETTERS = Letters(WORDING)
PEN = Pen(load_notices(), WORDING)
_EDITION = read(small_edition()).edition
assert _EDITION.calendar
# The tests of cases walk further than holidays are certain, behind which nothing is counted.
_FAR = replace(_EDITION.calendar, horizon=date(2035, 12, 31))
AREAS = clock_work.areas(setting_of(replace(_EDITION, calendar=_FAR)))
BY_MAIL = Recipient(0, "web:p1", "p1@example.jp", Lang.JA)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Tokyo; the 24th is a Tuesday after a holiday."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 9, minutes=minute)


def staffed(database: Database) -> None:
    """Everybody of the office joins."""
    with books(database, NOON, "staff:terminal") as opened:
        for one in PEOPLE:
            staff_rules.add(opened, one)


def act(
    database: Database, do: Callable[[StoredBooks], T], who: str = "staff:sato", now: datetime = NOON
) -> T:
    """Does something with the books of somebody, committed as a whole."""
    with books(database, now, who) as opened:
        return do(opened)


def chat(database: Database, key: str = "c1", person: str = "web:p1") -> Recipient:
    """Somebody in a conversation of the web chat."""
    row = {"channel": "web", "key": key, "person": person, "lang": "ja", "state": {}, "updated_at": NOON}
    with database.begin() as connection:
        made = insert(conversation).values(row | {"address": {"conversation": key}})
        id_ = connection.scalars(made.returning(conversation.c.id)).one()
    return Recipient(id_, person, "", Lang.JA)


def ask(
    database: Database,
    kind: CaseKind = CaseKind.HANDOVER,
    to: Recipient = BY_MAIL,
    now: datetime = NOON,
    prefecture: str = "",
    summary: str = "費用を知りたい",
) -> str:
    """The number of a case that somebody opens."""
    new = NewCase(kind=kind, summary=summary, to=to, prefecture=prefecture, organisation="試験工業")
    return act(database, lambda opened: open_case(opened, PRACTICE, new).number, f"person:{to.person}", now)


def case(database: Database, number: str) -> Case:
    """A case as it stands."""
    with database.look() as connection:
        found = StoredBooks(connection, database, NOON, "x").cases.find(number)
    assert found
    return found


def notes(database: Database, number: str) -> tuple[CaseNote, ...]:
    """What stands on a case."""
    found = case(database, number)
    with database.look() as connection:
        return StoredBooks(connection, database, NOON, "x").cases.notes(found)


def story(database: Database, number: str) -> tuple[AuditLine, ...]:
    """The lines of the audit about a case."""
    return lines(database, f"case:{number}", 10_000)


def actions(database: Database, number: str) -> list[str]:
    """What was done to a case, in order."""
    return [line.action for line in story(database, number)]


def letters(database: Database, having: str = "") -> list[tuple[str, str]]:
    """The channel and the address of each letter whose key has that in it, in the order of writing."""
    with database.look() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()
    return [(row.channel, next(iter(row.address.values()))) for row in rows if having in row.key]


def tick(database: Database, now: datetime) -> None:
    """What the clock of one process does at a moment."""
    do_due(database, lambda: now, PEN, AREAS)
