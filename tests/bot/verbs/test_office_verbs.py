"""`jdesk survey`, `meeting`, `offset`, `outreach`, `slots`: the words that staff type, what they read, exit codes."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from bot.clock import TOKYO, now
from bot.verbs import app
from intents.desk import surveys
from intents.desk.books import Recipient
from intents.desk.case_records import CaseKind
from intents.desk.offset_records import ASK_STAFF, NewApplication
from intents.desk.offsets import Item
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SeminarKind, SignUp
from intents.desk.survey_records import NewAnswer
from knowledge.model import Lang
from storage import inbox
from storage.books import books
from storage.database import Database
from storage.migrate import migrate
from storage.tables import outbox
from storage.tokens import mint
from storage.unit_of_work import turn
from tests.kit import opened_case, said

Run = Callable[..., Result]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The database that the verbs find."""
    made = Database(f"sqlite:///{tmp_path}/jdesk.sqlite3")
    migrate(made)
    return made


@pytest.fixture
def run(tmp_path: Path, database: Database) -> Run:
    """Runs `jdesk` with these words."""

    def run(*words: str, stdin: str = "") -> Result:
        environment = {"JDESK_DATA_DIR": str(tmp_path), "JDESK_SECRET": "s" * 40, "JDESK_DATABASE_URL": ""}
        return CliRunner().invoke(app(words[0]), list(words), input=stdin, env=environment)

    return run


def _event(database: Database, starts: datetime, kind: SeminarKind = SeminarKind.SEMINAR) -> None:
    with books(database, now(), "staff:t") as opened:
        new = NewSeminar(title="会", kind=kind, starts_at=starts, ends_at=starts + HOUR, capacity=9)
        seminar = opened.seminars.add(new)
        to = Recipient(0, "web:p1", "a@example.jp", Lang.JA)
        opened.seminars.register(
            seminar.id, SignUp(to=to, name="=山田", organisation="個人"), SeatState.CONFIRMED
        )


def _day(days: int) -> str:
    return f"{now().astimezone(TOKYO) + timedelta(days=days):%Y-%m-%d}"


# ------------------------------------------------ surveys


def _survey_file(folder: Path, text: str) -> str:
    file = folder / "survey TOML.toml"
    file.write_text(text, "utf-8")
    return str(file)


def test_a_survey_from_the_template_to_its_results(run: Run, database: Database, tmp_path: Path) -> None:
    """Created from the file as it is printed, answered, read as text, JSON and CSV, closed and opened."""
    _event(database, now() - 3 * HOUR)
    template = run("survey", "template").stdout.replace("2027-02-05", _day(9))
    file = _survey_file(tmp_path, template)
    assert run("survey", "create", "--file", file, "--dry-run").exit_code == 0
    assert run("survey", "list").stdout == "No surveys.\n"
    assert run("survey", "create", "--file", file).stdout.endswith("Q-0001\n")
    with books(database, now(), "person:web:p1") as opened:
        answers = {"1": ("4",), "2": ("Consultation",), "3": ("=1+1",)}
        new = NewAnswer(respondent="R-00001", person="web:p1", answers=answers, comment="よい会")
        surveys.answer(opened, "Q-0001", new)
    text = run("survey", "results", "Q-0001").stdout
    assert "回答 1件 / お願い 1件（回答率 100.0%）" in text
    assert "[improvement]\n   - =1+1" in text
    found = json.loads(run("survey", "results", "Q-0001", "--json").stdout)
    assert (found["rate_per_mille"], found["questions"][0]["mean"]) == (1000, 4.0)
    out = tmp_path / "answers.csv"
    run("survey", "results", "Q-0001", "--csv", "--out", str(out))
    head, row = csv.reader(io.StringIO(out.read_text("utf-8-sig")))
    assert (head[2], row[2:]) == ("How useful was it?", ["4", "Consultation", "'=1+1", "よい会"])
    assert json.loads(run("survey", "show", "Q-0001", "--json").stdout)["questions"][0]["kind"] == "scale"
    assert run("survey", "close", "Q-0001").exit_code == run("survey", "open", "Q-0001").exit_code == 0
    assert json.loads(run("survey", "list", "--json").stdout)[0]["state"] == "open"
    missing = run("survey", "show", "Q-0009")
    assert (missing.exit_code, "見つかりません" in missing.stderr) == (1, True)


QUESTION = '[[questions]]\ntext = "a"\nkind = "text"\n'
HEAD = 'title = "t"\nsubject = "S-0001"\ncloses = "CLOSES"\n'


# A survey's file, and what its first complaint names.
WRONG = (
    (HEAD, "questions"),
    (HEAD + QUESTION * 9, "questions"),
    (HEAD + QUESTION.replace("text", "txet", 1), "questions[1].txet"),
    (HEAD + QUESTION.replace('"text"', '"stars"'), "questions[1].kind"),
    (HEAD + QUESTION.replace('"text"', '"one"'), "questions[1].options"),
    (HEAD + QUESTION + 'options = ["a", "b"]\n', "questions[1].options"),
    (HEAD.replace("CLOSES", "2020-01-01 10:00") + QUESTION, "closes"),
    (HEAD + 'moment = "during"\n' + QUESTION, "moment"),
    (HEAD + 'moment = "before"\n' + QUESTION, "subject"),
    (HEAD.replace("S-0001", "S-0009") + QUESTION, "S-0009"),
    (HEAD + "titel = 1\n" + QUESTION, "titel"),
    ("title =", "TOML"),
)


def test_a_wrong_field_is_named(run: Run, database: Database, tmp_path: Path) -> None:
    """Exit 1, nothing is created."""
    _event(database, now() - 3 * HOUR)
    for text, field in WRONG:
        file = _survey_file(tmp_path, text.replace("CLOSES", f"{_day(9)} 17:00"))
        result = run("survey", "create", "--file", file)
        assert (result.exit_code, field in result.stderr) == (1, True), result.stderr
    assert run("survey", "list").stdout == "No surveys.\n"


# ------------------------------------------------ meetings


def test_an_invitation_list_is_shown_before_it_is_sent(run: Run, database: Database, tmp_path: Path) -> None:
    """Japanese headings in a spreadsheet's code page; bad rows are named and set aside; twice invites once."""
    _event(database, now() + 9 * DAY, SeminarKind.MEETING)
    file = tmp_path / "list.csv"
    rows = ["都県,部署,氏名,メール", "群馬,林政課,山田,y@example.jp", "大阪府,環境課,佐藤,s@example.jp"]
    rows += ["国,林野庁,鈴木,suzuki", "国,林野庁,鈴木,z@example.jp", "国,林野庁,鈴木,Ｚ@example.jp"]
    file.write_bytes("\r\n".join(rows).encode("cp932"))
    seen = run("meeting", "invite", "S-0001", "--file", str(file), "--dry-run")
    assert (seen.exit_code, "新しく招待 2件" in seen.stdout) == (0, True)
    assert "3行目 都県:" in seen.stderr
    assert "4行目 メール:" in seen.stderr
    assert "6行目 メール:" in seen.stderr
    assert run("meeting", "invite", "S-0001", "--file", str(file), stdin="n\n").exit_code == 1
    assert run("meeting", "list", "S-0001").stdout == "No invitations.\n"
    assert "2件の招待" in run("meeting", "invite", "S-0001", "--file", str(file), "--yes").stdout
    assert "0件の招待" in run("meeting", "invite", "S-0001", "--file", str(file), "--yes").stdout
    with database.look() as connection:
        assert connection.scalar(select(func.count()).select_from(outbox)) == 2
    found = json.loads(run("meeting", "list", "S-0001", "--json").stdout)
    assert [one["prefecture"] for one in found] == ["群馬県", "国"]
    rows = json.loads(run("meeting", "attendance", "S-0001", "--json").stdout)
    assert (rows[-1]["invited"], rows[-1]["answered"]) == (2, 0)
    assert "全体: 招待 2" in run("meeting", "attendance", "S-0001").stdout


def test_who_came_to_a_meeting(run: Run, database: Database, tmp_path: Path) -> None:
    """Not before it has begun; unknown names are said; a seminar is no meeting."""
    _event(database, now() + 9 * DAY, SeminarKind.MEETING)
    _event(database, now() + 9 * DAY)
    came = tmp_path / "came.csv"
    came.write_text("番号,メール\nI-00001,\n,x@example.jp\n", "utf-8")
    early = run("meeting", "attendance", "S-0001", "--came", str(came))
    assert (early.exit_code, "まだ始まっていない" in early.stderr) == (1, True)
    with books(database, now(), "staff:t") as opened:
        meeting = opened.seminars.find("S-0001")
        assert meeting
        opened.seminars.save(replace(meeting, starts_at=now() - HOUR, ends_at=now()))
    taken = run("meeting", "attendance", "S-0001", "--came", str(came))
    assert (taken.exit_code, "x@example.jp" in taken.stderr) == (0, True)
    assert run("meeting", "attendance", "S-0002").exit_code == 1
    assert run("meeting", "attendance", "S-0001", "--came", str(tmp_path / "none")).exit_code == 1
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", "utf-8")
    headless = run("meeting", "invite", "S-0001", "--file", str(bad))
    assert (headless.exit_code, "メール" in headless.stderr) == (1, True)


# ------------------------------------------------ offsets


def _apply(database: Database) -> None:
    new = NewApplication(
        supplier="山崎醸造",
        prefecture="新潟県",
        portals="ふるぽ",
        items=(Item("味噌", 600, Decimal("2.9")), Item("醤油", 350)),
        credit=ASK_STAFF,
        leaflet=True,
        name="山田",
        mail="a@example.jp",
        phone="",
        person="web:p1",
        lang=Lang.JA,
    )
    event = inbox.add(database, [said("x")], "t")[0].event
    with turn(database, event, now()) as work:
        assert work
        work.recall(Lang.JA, "e", mint)
        claimed, _ = work.offsets.claim(new, "f")
        work.offsets.attach(claimed.id, opened_case(work, CaseKind.OFFSET, "x"))


def test_an_application_is_settled_step_by_step(run: Run, database: Database) -> None:
    """What is missing is named; then the arithmetic, the drafts, and the retirement that ends it."""
    _apply(database)
    found = json.loads(run("offset", "show", "K-00001", "--json").stdout)
    assert (found["tonnes"], "醤油" in found["drafts"]["draft_certificate"]) == (None, True)
    for words, problem in (
        (("--retired", "2027-02-01"), "醤油"),
        (("--item", "2"), "--kg"),
        (("--item", "3", "--kg", "1"), "1から2"),
        (("--item", "2", "--kg", "-1"), "0以上"),
        (("--credit", "moon"), "sado-toki"),
        (("--retired", "soon"), "2027-02-01"),
        ((), "--retired"),
    ):
        refused = run("offset", "set", "K-00001", *words)
        assert (refused.exit_code, problem in refused.stderr) == (1, True), refused.stderr
    settled = run("offset", "set", "K-00001", "--item", "2", "--kg", "2.9")
    assert "3t-CO2" in settled.stdout
    assert "使うクレジットが決まっていません" in run("offset", "show", "K-00001").stdout
    assert run("offset", "set", "K-00001", "--credit", "sado-toki").exit_code == 0
    assert "無効化する予定です" in run("offset", "show", "K-00001").stdout
    assert run("offset", "set", "K-00001", "--retired", "2027-02-01").exit_code == 0
    assert "2027/2/1に無効化しました" in run("offset", "show", "K-00001").stdout
    assert run("offset", "set", "K-00001", "--credit", "sado-toki").exit_code == 1
    assert json.loads(run("offset", "list", "--json").stdout)["whole"]["tonnes"] == 3
    assert "950 units, 3 t-CO2" in run("offset", "list").stdout
    assert run("offset", "show", "K-00009").exit_code == 1


def test_outreach_out_and_in_again(run: Run, tmp_path: Path) -> None:
    """What is exported opens safely and comes back the same; bad rows are named."""
    assert (
        run("outreach", "add", "=桐建材(株)", "--prefecture", "新潟県", "--asked-on", "2026-06-01").exit_code
        == 0
    )
    assert run("outreach", "add", "（株）三宝", "--asked-on", "2026-06-02").exit_code == 0
    assert run("outreach", "add", "株式会社三宝").exit_code == 1
    assert run("outreach", "set", "三宝", "--state", "agreed", "--on", "2026-07-01").exit_code == 0
    assert run("outreach", "set", "三宝", "--state", "maybe").exit_code == 1
    assert run("outreach", "set", "だれか", "--state", "agreed").exit_code == 1
    found = json.loads(run("outreach", "list", "--json").stdout)
    assert (found["asked"], found["agreed"]) == (2, 1)
    assert "打診 2者、参加 1者、辞退 0者" in run("outreach", "list").stdout
    out = tmp_path / "out.csv"
    assert run("outreach", "export", "--out", str(out)).exit_code == 0
    assert "'=桐建材(株)" in out.read_text("utf-8-sig")
    assert "新しく 0者、変更 0者、読めない行 0件" in run("outreach", "import", str(out)).stdout
    assert json.loads(run("outreach", "list", "--json").stdout) == found
    rows = (
        "organisation,state,asked on\n山崎醸造,declined,2026/06/03\n,asked,\nx,maybe,\ny,,soon\n三宝,辞退,\n"
    )
    out.write_text(rows, "utf-8")
    read = run("outreach", "import", str(out))
    assert "新しく 1者、変更 1者、読めない行 3件" in read.stdout
    assert [
        f"{row}行目 {column}:" in read.stderr for row, column in ((3, "名前"), (4, "状況"), (5, "打診日"))
    ] == [True] * 3


# ------------------------------------------------ slots

NEXT_YEAR = now().year + 1


def _publish(run: Run, on: str, *more: str) -> Result:
    place = ("--place", "https://meeting.example/1", "--adviser", "佐藤")
    return run("slots", "publish", "--day", on, "--from", "10:00", "--to", "16:30", *place, *more)


def _book(database: Database, slot: int) -> None:
    event = inbox.add(database, [said("x")], "t")[0].event
    with turn(database, event, now()) as work:
        assert work
        work.recall(Lang.JA, "e", mint)
        held = work.consultations.lock(slot)
        assert held
        work.consultations.book(
            held, opened_case(work, CaseKind.CONSULTATION, "x"), work.recipient("", Lang.JA), "山田"
        )


def test_slots_are_published_listed_and_withdrawn(run: Run, database: Database) -> None:
    """Whole slots only; the same command twice is once; a booked one stays."""
    on = _day(30)
    assert run("slots", "list").stdout == "No slots.\n"
    assert _publish(run, on, "--dry-run").stdout.count(on) == 6
    assert "6枠を公開しました" in _publish(run, on).stdout
    assert "0枠を公開しました（すでにある枠: 6）" in _publish(run, on).stdout
    clash = _publish(run, on, "--minutes", "90", "--dry-run")
    assert "重なります" in clash.stderr
    _book(database, 2)
    refused = run("slots", "withdraw", "2")
    assert (refused.exit_code, "予約されている" in refused.stderr) == (1, True)
    assert run("slots", "withdraw", "3").exit_code == run("slots", "withdraw", "3").exit_code == 0
    assert run("slots", "withdraw", "99").exit_code == 1
    states = [row["state"] for row in json.loads(run("slots", "list", "--json").stdout)]
    assert states == ["open", "booked", "withdrawn", "open", "open", "open"]


def test_days_off_are_warned_about(run: Run) -> None:
    """A weekend, a holiday, the office's own days, and days that the table of holidays does not reach."""
    saturday = date(NEXT_YEAR, 1, 1)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7)
    for on, word in (
        (saturday, "土日"),
        (date(NEXT_YEAR, 5, 3), "祝日です"),
        (date(NEXT_YEAR, 12, 30), "窓口が休み"),
        (date(2099, 6, 1), "外です"),
    ):
        assert word in _publish(run, on.isoformat(), "--dry-run").stderr
    assert run("slots", "list").stdout == "No slots.\n"


NO_SLOT = (
    (("--day", "soon", "--from", "10:00", "--to", "12:00", "--place", "a"), "日付"),
    (("--day", "2099-06-01", "--from", "x", "--to", "12:00", "--place", "a"), "時刻"),
    (("--day", "2099-06-01", "--from", "12:00", "--to", "10:00", "--place", "a"), "1枠も"),
    (("--day", "2020-06-01", "--from", "10:00", "--to", "12:00", "--place", "a"), "過ぎています"),
    (("--day", "2099-06-01", "--from", "10:00", "--to", "12:00"), "--place"),
)


def test_a_wrong_slot_is_refused(run: Run) -> None:
    """With the fix; nothing is published."""
    for words, problem in NO_SLOT:
        result = run("slots", "publish", *words)
        assert (result.exit_code, problem in result.stderr) == (1, True), result.stderr
    assert run("slots", "list").stdout == "No slots.\n"
