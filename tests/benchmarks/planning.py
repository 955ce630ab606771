"""Planning the obligations of a whole register, first and again, each in a process of its own so that its memory shows."""

import json
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from bot.schedule import do_due
from intents.desk.consultations import Pen
from intents.desk.nudges import planning
from intents.desk.nudges.setting import setting_of
from intents.desk.projects.records import Round
from intents.notices import load_notices
from knowledge.reader import read
from knowledge.wording import load_wording
from storage.books import books
from storage.database import Database
from storage.migrate import migrate
from storage.tables import certification, contact, duty, obligation, project
from tests.benchmarks.engines import fresh
from tests.kit import small_edition

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
PROJECTS, FULL_PROJECTS = 10_000, 100_000
GOALS = {PROJECTS: "5 s", FULL_PROJECTS: "60 s"}
METHODOLOGIES = ("EN-S-001", "EN-S-022", "EN-R-002", "AG-005", "FO-001", "IN-001")
BATCH = 1000


def report(engine: str, server_url: str, *, full: bool) -> None:
    """Prints the times and the largest memory of the process that planned."""
    for count in (PROJECTS, FULL_PROJECTS) if full else (PROJECTS,):
        with fresh(server_url) as url:
            ran = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.planning", url, str(count)],
                capture_output=True,
                text=True,
                check=True,
            )
        found = json.loads(ran.stdout.splitlines()[-1])
        print(
            f"{engine}, planning {count} projects: first {found['first']:.1f} s (goal: <= {GOALS[count]}), "
            f"{found['obligations']} obligations, {found['memory']:.0f} MB (goal: <= 300 MB); "
            f"again with nothing changed {found['again']:.2f} s, "
            f"{found['first'] / found['again']:.0f} times faster (goal: >= 10)",
            flush=True,
        )


def fill(database: Database, count: int) -> None:
    """Projects of every kind and age, each with somebody in charge; every third was certified."""
    dice = random.Random(6)
    with database.begin() as connection:
        people = [_contact(number) for number in range(1, count // 3 + 2)]
        for at in range(0, len(people), BATCH):
            connection.execute(insert(contact), people[at : at + BATCH])
    for at in range(0, count, BATCH):
        numbers = range(at + 1, min(at + BATCH, count) + 1)
        rows = [_project(number, dice) for number in numbers]
        duties = [
            {"project_id": number, "contact_id": number // 3 + 1, "role": "owner", "since": NOW, "why": ""}
            for number in numbers
        ]
        applied = [
            {"project_id": row["id"], "applied_on": row["registration_date"] + timedelta(days=400)}
            for row in rows
            if row["registration_date"] and row["id"] % 3 == 0
        ]
        with database.begin() as connection:
            connection.execute(insert(project), rows)
            connection.execute(insert(duty), duties)
            if applied:
                connection.execute(insert(certification), applied)


def _contact(number: int) -> dict[str, object]:
    empty = {"lang": "ja", "zone": "Asia/Tokyo", "ways": [], "person": "", "slack": "", "muted": False}
    mail = f"p{number}@example.jp"
    return empty | {
        "id": number,
        "key": f"mail:{mail}",
        "name": f"担当{number}",
        "mail": mail,
        "created_at": NOW,
    }


def _project(number: int, dice: random.Random) -> dict[str, Any]:
    code = dice.choice(METHODOLOGIES)
    registered = date(2019, 1, 1) + timedelta(days=dice.randrange(2900))
    draft = dice.random() < 0.1
    return {
        "id": number,
        "project_id": f"P-{number:06}",
        "title": f"案件{number}",
        "organisation": f"会社{number // 3}",
        "organisation_key": f"会社{number // 3}",
        "prefecture": "茨城県",
        "methodology": code,
        "scheme": "programme" if dice.random() < 0.2 else "normal",
        "is_forest": code.startswith("FO"),
        "implementation_date": registered - timedelta(days=300),
        "registration_application_date": None if draft else registered - timedelta(days=60),
        "registration_date": None if draft else registered,
        "cp_start": None if draft else registered,
        "state": "active",
        "target_round": dice.choice((None, None, 61, 62)),
        "unverified": [],
        "version": 1,
        "created_at": NOW,
        "changed_at": NOW,
    }


def measure(url: str, count: int) -> dict[str, float]:
    """Seconds of the first planning and of the next, the rows that it made, and the peak of memory in megabytes."""
    database = Database(url)
    migrate(database)
    fill(database, count)
    with books(database, NOW, "staff:bench") as opened:
        for number in (61, 62, 63):
            opened.calendars.put_round(
                Round(number, None, date(2027, 1, 29) + timedelta(days=70 * (number - 61)))
            )
    setting = setting_of(read(small_edition()).edition)
    pen = Pen(load_notices(), load_wording())

    def plan_all(now: datetime) -> float:
        began = time.perf_counter()
        for _ in range(-(-count // planning.LOOKED_AT)):
            do_due(database, lambda: now, pen, [lambda opened: planning.subjects(setting, opened)])
        return time.perf_counter() - began

    first, again = plan_all(NOW), plan_all(NOW + timedelta(hours=1))
    with database.look() as connection:
        rows = connection.scalar(select(func.count()).select_from(obligation)) or 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"first": first, "again": again, "obligations": rows, "memory": memory}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
