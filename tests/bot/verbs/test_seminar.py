"""`jdesk seminar`: the words that staff type, what they read, and the exit codes."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.clock import TOKYO, now
from bot.harmless import harmless
from bot.seminar_csv import names_at, names_in
from bot.verbs import app
from intents.desk import seminars
from intents.desk.books import Recipient
from intents.desk.refused import Refused
from intents.desk.seminar_letters import SeminarLetters
from intents.desk.seminar_records import SignUp
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import books
from storage.database import Database
from storage.migrate import migrate

Run = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The database that the verbs find."""
    made = Database(f"sqlite:///{tmp_path}/jdesk.sqlite3")
    migrate(made)
    return made


@pytest.fixture
def run(tmp_path: Path, database: Database) -> Run:
    """Runs `jdesk seminar` with these words."""

    def run(*words: str, stdin: str = "") -> Result:
        environment = {"JDESK_DATA_DIR": str(tmp_path), "JDESK_SECRET": "s" * 40, "JDESK_DATABASE_URL": ""}
        return CliRunner().invoke(app("seminar"), ["seminar", *words], input=stdin, env=environment)

    return run


def _at(days: int, hour: int) -> str:
    return f"{now().astimezone(TOKYO) + timedelta(days=days):%Y-%m-%d} {hour:02}:30"


def _create(run: Run, *more: str) -> Result:
    return run("create", "--title", "説明会", "--starts", _at(30, 13), "--ends", _at(30, 15), *more)


def _sign_up(database: Database, *people: tuple[str, int], at: datetime | None = None) -> None:
    letters = SeminarLetters(load_notices(), load_wording())
    with books(database, at or now(), "person:web:p") as opened:
        for name, party in people:
            to = Recipient(0, f"web:{name}", f"{name}@example.jp", Lang.JA)
            wanted = SignUp(to=to, name=f"={name}", organisation="試験工業", party=party)
            seminars.sign_up(opened, letters, "S-0001", wanted)


def test_from_nothing_to_a_raised_seminar(run: Run, database: Database) -> None:
    """Create, look, see the preview and say no, then yes."""
    assert _create(run, "--capacity", "3").stdout.endswith("S-0001\n")
    _sign_up(database, ("a", 3), ("b", 2), ("c", 1))
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["starts"], row["confirmed"], row["waiting"]) == (_at(30, 13), 3, 3)
    refused = run("raise", "S-0001", "--to", "5", stdin="n\n")
    assert refused.exit_code == 1
    assert "3席 → 5席。席をご案内: 1組、引き続き空席待ち: 1組、送る通知: 1通" in refused.stdout
    assert run("raise", "S-0001", "--to", "5", "--dry-run").exit_code == 0
    assert json.loads(run("show", "S-0001", "--json").stdout)["history"] == []
    assert run("raise", "S-0001", "--to", "5", "--yes").exit_code == 0
    shown = json.loads(run("show", "S-0001", "--json").stdout)
    assert (shown["capacity"], shown["offered"], shown["history"][0]["to"]) == (5, 2, 5)
    lowered = run("lower", "S-0001", "--to", "4")
    assert (lowered.exit_code, "1席多すぎ" in lowered.stderr) == (1, True)


def test_waitlist_explain_prints_the_rule(run: Run, database: Database) -> None:
    """One command: position, why, rule; who does not wait is refused."""
    _create(run, "--capacity", "3")
    _sign_up(database, ("a", 3), ("b", 2))
    assert "順番は1番目" in run("waiting", "R-00002").stdout
    found = json.loads(run("waiting", "R-00002", "--json", "--lang", "en").stdout)
    assert (found["position"], found["free"], found["needed"], found["rule"]) == (1, 0, 2, "rule_full")
    assert run("waiting", "R-00001").exit_code == 1
    assert run("waiting", "R-00009").exit_code == 1


@pytest.mark.parametrize(
    ("line", "field", "fix"),
    [
        ('starts = "soon"', "starts", "2026-12-05 13:30"),
        ('ends = "2020-01-01 10:00"', "ends", "starts"),
        ("capacity = 0", "capacity", "1"),
        ('ways = "train"', "ways", "online, venue, both"),
        ('ways = "venue"', "venue", "必要"),
        ('link = "http://x.example"', "link", "https://"),
        ('questions = ["a", "b", "c", "d"]', "questions", "3"),
        ('deadline = "2199-01-01 10:00"', "deadline", "starts"),
        ("titel = 1", "titel", "template"),
        ("title = 1", "title", "引用符"),
        ("title = ", "TOML", "template"),
    ],
)
def test_a_wrong_field_is_named_with_the_fix(
    run: Run, tmp_path: Path, line: str, field: str, fix: str
) -> None:
    """Exit 1, nothing is created."""
    fields = {"title": '"説明会"', "starts": f'"{_at(30, 13)}"', "ends": f'"{_at(30, 15)}"', "capacity": "20"}
    name, _, value = line.partition(" = ")
    file = tmp_path / "new TOML.toml"
    file.write_text("\n".join(f"{key} = {text}" for key, text in (fields | {name: value}).items()), "utf-8")
    result = run("create", "--file", str(file))
    assert result.exit_code == 1
    assert field in result.stderr
    assert fix in result.stderr
    assert run("list").stdout == "No seminars.\n"


def test_the_template_can_be_used_as_it_is(run: Run, tmp_path: Path) -> None:
    """An option wins over the file; a dry run writes nothing."""
    file = tmp_path / "seminar.toml"
    file.write_text(run("template").stdout, "utf-8")
    times = ("--starts", _at(9, 10), "--ends", _at(9, 12))
    assert run("create", "--file", str(file), *times, "--dry-run").exit_code == 0
    assert run("list").stdout == "No seminars.\n"
    assert run("create", "--file", str(file), *times).exit_code == 0
    assert json.loads(run("show", "S-1", "--json").stdout)["link"] == "https://example.com/join"


def test_what_is_exported_opens_safely(run: Run, database: Database, tmp_path: Path) -> None:
    """UTF-8 with BOM; a name that looks like a formula is text; the export leaves a line in the audit."""
    _create(run, "--capacity", "3")
    _sign_up(database, ("a", 3))
    out = tmp_path / "out.csv"
    assert run("export", "S-0001", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(out.read_text("utf-8-sig")))
    assert (head[0], row[0], row[2]) == ("受付番号", "R-00001", "'=a")


@pytest.mark.parametrize("cell", ["=1", "+81", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """Whatever begins like one gets an apostrophe."""
    assert harmless(cell) == f"'{cell}"
    assert harmless("a=1") == "a=1"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp932"])
def test_a_list_of_who_came_in_any_shape(code: str) -> None:
    """Lines without a number or a mail address are passed over; a number wins."""
    text = "出席者レポート\r\n名前,メール,番号\r\n山田,a@example.jp,\r\n佐藤,b@example.jp,R-00002\r\n"
    assert names_in(text.encode(code)) == ("a@example.jp", "R-00002")
    assert names_in("名前\tメール\n山田\ta@example.jp\n".encode(code)) == ("a@example.jp",)


def test_attendance_is_shown_before_it_is_kept(run: Run, database: Database, tmp_path: Path) -> None:
    """Who is matched, who is not; before the start nothing is kept."""
    _create(run, "--capacity", "3")
    _sign_up(database, ("a", 2), ("b", 1))
    file = tmp_path / "came.csv"
    file.write_text("a@example.jp\nx@example.jp\n", "utf-8")
    seen = run("attendance", "S-0001", str(file), "--dry-run")
    assert seen.exit_code == 0
    assert "出席: 1件、欠席: 1件" in seen.stdout
    assert "x@example.jp" in seen.stdout
    assert json.loads(run("attendance", "S-0001", str(file), "--json").stdout)["came"] == ["R-00001"]
    early = run("attendance", "S-0001", str(file), "--yes")
    assert (early.exit_code, "まだ始まっていない" in early.stderr) == (1, True)
    assert run("attendance", "S-0001", str(tmp_path / "none.csv")).exit_code == 1


def test_moving_and_cancelling_ask_first(run: Run, database: Database) -> None:
    """They say how many are told; a new start without an end keeps the length."""
    _create(run, "--capacity", "3")
    _sign_up(database, ("a", 2))
    asked = run("moved", "S-0001", "--starts", _at(31, 10), stdin="n\n")
    assert (asked.exit_code, "1件のお申込みに知らせます" in asked.stdout) == (1, True)
    assert run("moved", "S-0001", "--starts", _at(31, 10), "--yes").exit_code == 0
    assert json.loads(run("show", "S-0001", "--json").stdout)["ends"] == _at(31, 12)
    assert run("moved", "S-0001", "--ends", _at(1, 10), "--yes").exit_code == 1
    assert run("close", "S-0001").exit_code == run("open", "S-0001").exit_code == 0
    assert run("cancel", "S-0001", "--yes").exit_code == 0
    assert run("cancel", "S-0001", "--yes").exit_code == 1
    assert run("raise", "S-0001").exit_code == 2


def test_an_attendance_list_without_names_is_refused(tmp_path: Path) -> None:
    """It would say that nobody came."""
    file = tmp_path / "came.csv"
    file.write_text("name,mail\nA,b\n", "utf-8")
    with pytest.raises(Refused, match="file_without_names"):
        names_at(file)
