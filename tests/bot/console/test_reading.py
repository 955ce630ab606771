"""Each verb that shows what people wrote or who they are leaves its line in the record."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from typer.testing import CliRunner

from bot.clock import now
from bot.verbs import app
from bot.verbs.office_desk import pen
from intents.desk import offset_applications, outreach
from intents.desk.books import Recipient
from intents.desk.case_records import CaseKind, NewCase
from intents.desk.case_talk import open_case
from intents.desk.meeting_records import NewInvitation
from intents.desk.offset_records import ASK_STAFF, Contact, NewApplication
from intents.desk.practice import practice_of
from intents.desk.seminar_records import NewSeminar, SeminarKind
from knowledge.model import Lang
from knowledge.reader import read
from storage import audit, knowledge_files
from storage.books import books
from storage.database import Database
from tests.kit import small_edition

SECRET, WHO = "蓄熱レンガ", "山田花子"
# The words, and the subject of the line; empty for a verb that shows nothing of the kind.
READING = {
    "case list": "queue",
    "case list --json": "queue",
    "case show K-00001": "case:K-00001",
    "case show K-00001 --json": "case:K-00001",
    "case story K-00001": "case:K-00001",
    "meeting list S-0001": "seminar:S-0001",
    "meeting list S-0001 --json": "seminar:S-0001",
    "meeting attendance S-0001": "",
    "offset show K-00002": "offset:K-00002",
    "offset show K-00002 --json": "offset:K-00002",
    "offset list": "",
    "offset list --json": "",
    "outreach list": "outreach:all",
    "outreach list --json": "outreach:all",
    "outreach export": "outreach:all",
    "outbox parked": "",
    "seminar list": "",
    "slots list": "",
}


@pytest.fixture
def office(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """A database with somebody in each of its lists."""
    copyfile(migrated_file, tmp_path / "jdesk.sqlite3")
    database = Database(f"sqlite:///{tmp_path}/jdesk.sqlite3")
    knowledge_files.replace(database, small_edition(), now())
    _fill(database)
    yield database
    database.close()


def _fill(database: Database) -> None:
    practice, to = practice_of(read(small_edition()).edition), Recipient(0, "web:p1", "a@example.jp", Lang.JA)
    application = NewApplication(
        supplier="みどり",
        prefecture="茨城県",
        portals="",
        items=(),
        credit=ASK_STAFF,
        leaflet=False,
        name=WHO,
        mail="a@example.jp",
        phone="",
        person="web:p1",
        lang=Lang.JA,
    )
    with books(database, now(), "staff:t") as opened:
        asked = NewCase(kind=CaseKind.QUESTION, summary=SECRET, to=to, name=WHO)
        open_case(opened, practice, asked)
        again = replace(asked, kind=CaseKind.OFFSET, summary="みどり", name="")
        offset_applications.apply(
            opened, pen(), application, to, lambda: open_case(opened, practice, again).number
        )
        meeting = NewSeminar(title="会", kind=SeminarKind.MEETING, starts_at=now(), ends_at=now(), capacity=9)
        invited = NewInvitation(prefecture="茨城県", department="課", name=WHO, mail="a@example.jp")
        opened.invitations.add(opened.seminars.add(meeting).id, invited)
        outreach.add(opened, Contact(organisation="みどり", contact=WHO, note=SECRET, asked_on=now().date()))


def test_who_reads_is_on_record(office: Database, tmp_path: Path) -> None:
    """A line with the verb's own words, or nothing personal on the screen."""
    environment = {"JDESK_DATA_DIR": str(tmp_path), "JDESK_SECRET": "s" * 40, "JDESK_DATABASE_URL": ""}
    for words, subject in READING.items():
        before = audit.lines(office)[-1].id
        done = CliRunner().invoke(app(words.split()[0]), words.split(), env=environment)
        assert done.exit_code == 0, (words, done.output, done.exception)
        after = [one for one in audit.lines(office) if one.id > before]
        assert [one.subject for one in after] == ([subject] if subject else []), words
        shown = SECRET in done.output or WHO in done.output
        assert subject or not shown, words
