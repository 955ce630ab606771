"""What stands in the books of the story, and what the office does in it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import now
from intents.desk.case_forms import FIELDS, CaseOffice, perform
from intents.desk.case_rules import CaseAct
from intents.desk.nudges.setting import Setting, setting_of
from intents.desk.practice import practice_of
from intents.desk.projects.records import Round
from intents.desk.projects.rounds import put_round
from intents.desk.staff_books import Role, StaffMember
from knowledge.reader import files_in, read
from knowledge.wording import load_wording
from storage.books import books
from storage.case_queue import newest
from storage.database import Database
from storage.tables import conversation
from tests.e2e.slack_nudge import HEADINGS, morning, nudged

REPLY = "火星での取組は対象になりません。"
SATO = StaffMember("sato", "佐藤", Role.DESK, desks=("general",))
WORDING = load_wording()


def nudged_here(database: Database, setting: Setting, channel: str) -> None:
    """Who talks looks after the project, the cut-off of its round becomes known, and the clock says so at once.

    Known before, the cut-off would be planned for by the product's own clock, on whatever day the tests run.
    """
    known = select(conversation.c.id, conversation.c.person).where(conversation.c.channel == channel)
    with database.look() as connection:
        chat = connection.execute(known.order_by(conversation.c.id).limit(1)).one()
    cutoff = morning(setting).date() + timedelta(days=90)
    with books(database, now(), "staff:e2e") as opened:
        contact = opened.contacts.by_mail("alex@example.com")
        assert contact
        told = replace(contact, person=f"{channel}:{chat.person}", conversation=chat.id, ways=(channel,))
        opened.contacts.save(told)
        put_round(opened, Round(60, None, cutoff))
    nudged(database, setting)


def answered_by_staff(database: Database) -> None:
    """Sato answers the newest case."""
    given = {name: REPLY for name, _, _ in FIELDS[CaseAct.REPLY]}
    with books(database, now(), SATO.actor) as opened:
        opened.staff.add(SATO)
        case = newest(opened.cases.connection, 1)[0]
        office = CaseOffice(WORDING, practice_of(read(files_in()).edition))
        perform(opened, office, SATO, case.number, CaseAct.REPLY, given)


def setting_here() -> Setting:
    """The nudges of the edition as it is in the files."""
    return setting_of(read(files_in()).edition)


def project(folder: Path) -> tuple[tuple[str, ...], ...]:
    """The verbs that enter a project, whose round has no date yet."""
    row = "P-001,高効率ボイラーの導入,試験工業,2025-01-10,青井,alex@example.com,鈴木,second@example.com,60\n"
    file = folder / "projects.csv"
    file.write_text(HEADINGS + row, "utf-8")
    return (("rounds", "put", "60"), ("projects", "import", str(file), "--yes"))


def verbs(folder: Path) -> tuple[tuple[str, ...], ...]:
    """What stands in the books beforehand: a project, and a seminar."""
    day = (now() + timedelta(days=30)).date().isoformat()
    held = ("--starts", f"{day} 13:30", "--ends", f"{day} 15:00", "--capacity", "20", "--ways", "online")
    title = ("--title", "制度と活用セミナー", "--link", "https://x.test/")
    return (*project(folder), ("seminar", "create", *title, *held))
