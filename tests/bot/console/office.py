"""What the console's tests do as the office: staff, links, cases, and forms read back from pages."""

import re
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from httpx import Response
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.wiring import House, build
from intents.desk import seminars, seminars_staff, staff
from intents.desk.books import Recipient
from intents.desk.case_records import Case, CaseKind, NewCase
from intents.desk.case_talk import open_case
from intents.desk.practice import practice_of
from intents.desk.projects import duties, register
from intents.desk.projects.records import NewProject, Project
from intents.desk.projects.records import Role as ProjectRole
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import NewSeminar, Seminar, SignUp
from intents.desk.staff_books import Role, StaffMember
from intents.notices import load_notices
from knowledge.model import Lang
from storage import knowledge_files
from storage.books import books
from tests.kit import clock, small_edition

# What a browser says of its own page; Japanese, as the office reads it.
OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin", "accept-language": "ja"}
STAFF = {"reader": "rina", "desk": "dai", "editor": "eri", "admin": "aki"}
DISPLAY = {"rina": "里奈", "dai": "大", "eri": "絵里", "aki": "亜紀"}


def standing(folder: Path, migrated_file: Path) -> House:
    """A house whose clock stands still, for pages that count dates from today."""
    copyfile(migrated_file, folder / "jdesk.sqlite3")
    house = build(Settings(data_dir=folder, secret=SecretStr("s" * 40), secure_cookies=False), clock)
    knowledge_files.replace(house.database, small_edition(), clock())
    return house


def add_staff(house: House) -> None:
    """One of each role."""
    with books(house.database, house.clock(), "staff:terminal") as opened:
        for role, name in STAFF.items():
            member = StaffMember(name, DISPLAY[name], Role(role), desks=("general",))
            staff.add(opened, member)


def link_for(house: House, name: str) -> str:
    """The token of a fresh link."""
    with books(house.database, house.clock(), "staff:terminal") as opened:
        return staff.login(opened, name)


def sign_in(browser: TestClient, house: House, name: str) -> None:
    """Signs in as a browser does."""
    answer = browser.post(f"/console/login/{link_for(house, name)}")
    assert answer.status_code == 303, answer.text


def new_case(
    house: House,
    summary: str = "水素ボイラーは対象ですか",
    organisation: str = "株式会社みどり",
    *,
    mail: str = "midori@example.jp",
    name: str = "緑川",
    prefecture: str = "茨城県",
) -> Case:
    """A case of somebody who left a mail address."""
    to = Recipient(0, "web:p1", mail, Lang.JA)
    wanted = NewCase(
        kind=CaseKind.QUESTION,
        summary=summary,
        to=to,
        name=name,
        organisation=organisation,
        prefecture=prefecture,
    )
    with books(house.database, house.clock() - timedelta(minutes=1), "clock") as opened:
        return open_case(opened, practice_of(house.live.current().edition), wanted)


def hidden(page: str, name: str) -> str:
    """The value of the first hidden field of that name on a page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name}"
    return found[1]


def post(browser: TestClient, path: str, page: str = "/console", **fields: str) -> Response:
    """Sends a form with the word of the session, as the page does."""
    word = hidden(browser.get(page).text, "csrf")
    answer: Response = browser.post(path, data={"csrf": word, **fields})
    return answer


def new_seminar(house: House, title: str = "説明会", *, capacity: int = 2, days: int = 30) -> Seminar:
    """A seminar so many days ahead, open for sign-up."""
    starts = house.clock() + timedelta(days=days)
    new = NewSeminar(title=title, starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=capacity)
    with books(house.database, house.clock(), "staff:terminal") as opened:
        return seminars_staff.create(opened, new)


def new_project(house: House, project_id: str = "P-1", **given: Any) -> Project:
    """A project of an organisation, with somebody in charge."""
    new = NewProject(
        **({"project_id": project_id, "title": "ボイラーの更新", "organisation": "株式会社みどり"} | given)
    )
    with books(house.database, house.clock(), "staff:terminal") as opened:
        register.add(opened, new)
        duties.assign(opened, project_id, ProjectRole.OWNER, "青井", "aoi@example.jp")
        return register.find(opened, project_id)


def sign_up(
    house: House, seminar: Seminar, mail: str, organisation: str = "株式会社みどり", party: int = 1
) -> str:
    """Somebody signs up; gives the receipt number."""
    wanted = SignUp(
        to=Recipient(0, "web:p1", mail, Lang.JA),
        name=mail.partition("@")[0],
        organisation=organisation,
        party=party,
    )
    with books(house.database, house.clock(), "clock") as opened:
        letters = letters_with_buttons(opened.links, load_notices(), house.wording)
        return seminars.sign_up(opened, letters, seminar.number, wanted).registration.number
