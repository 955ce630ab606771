"""`jdesk projects`, `rounds`, `windows`, `rules`: words that staff type, what they read, files, exit codes, the audit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.verbs import app
from storage import audit
from storage.database import Database
from storage.migrate import migrate

Run = Callable[..., Result]
CSV = (
    "案件番号,プロジェクト名,実施者,登録日,担当者名,担当者メール,備考\n"
    "P-1,ボイラー,みどり,R3.12.1,青井,aoi@example.jp,x\n"
    "P-2,,みどり,あした,,,\n"
)


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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list with one good row and one bad one."""
    path = tmp_path / "list.csv"
    path.write_text(CSV, "cp932")
    return path


def _rows(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("projects", "list", "--json").stdout)
    return found


def test_a_dry_run_says_everything_and_does_nothing(run: Run, file: Path) -> None:
    """New rows, bad rows by number and column with the fix, columns that are not read, the counts."""
    result = run("projects", "import", str(file), "--dry-run")
    assert result.exit_code == 0, result.output
    for said in (
        "[新規] 案件 2行目 P-1",
        "登録日: 2021-12-01",
        "[取り込まない] 案件 3行目 P-2",
        "「登録日」の あした は日付として読めません",
        "「プロジェクト名」が空です",
        "「備考」という列は読みません",
        "新規 1件、変更 0件、変更なし 0件、取り込まない行 1件",
    ):
        assert said in result.output, said
    assert _rows(run) == []
    assert [one.name for one in file.parent.glob("*.csv")] == ["list.csv"]


def test_an_import_asks_takes_and_puts_the_rest_aside(run: Run, file: Path) -> None:
    """No means no; the bad row waits in a file beside, which can be mended and imported."""
    assert run("projects", "import", str(file), stdin="n\n").exit_code == 1
    assert _rows(run) == []
    assert run("projects", "import", str(file), stdin="y\n").exit_code == 0
    (one,) = _rows(run)
    assert (one["project_id"], one["registration_date"], one["owner"]) == ("P-1", "2021-12-01", "青井")
    aside = file.with_name("list-aside.csv")
    aside.write_bytes(
        aside.read_bytes().replace("P-2,,みどり,あした".encode(), "P-2,空調,みどり,2021-12-01".encode())
    )
    assert run("projects", "import", str(aside), "--yes").exit_code == 0
    assert [one["project_id"] for one in _rows(run)] == ["P-1", "P-2"]
    again = run("projects", "import", str(file), "--yes", "--lang", "en")
    assert "0 new, 0 changed, 1 same, 1 set aside" in again.output


def test_an_import_as_json(run: Run, file: Path, tmp_path: Path) -> None:
    """One object with every row; it cannot ask, so it has to be told; the rest goes where it is told."""
    assert run("projects", "import", str(file), "--json").exit_code == 2
    aside = tmp_path / "elsewhere.csv"
    result = run("projects", "import", str(file), "--json", "--yes", "--aside", str(aside))
    found = json.loads(result.stdout)
    assert (found["taken"], found["aside"]) == (True, {str(aside): 1})
    assert found["counts"] == {"new": 1, "changed": 0, "same": 0, "aside": 1}
    assert found["unread"] == [{"file": "list.csv", "heading": "備考", "nearest": ""}]
    good, bad = found["rows"]
    assert (good["verdict"], good["row"], good["project"]) == ("new", 2, "P-1")
    assert {"field": "registration_date", "old": None, "new": "2021-12-01"} in good["changes"]
    assert [one["code"] for one in bad["problems"]] == ["cell_day", "field_missing"]


def test_files_that_cannot_be_imported(run: Run, tmp_path: Path) -> None:
    """Exit 1 with the reason, as for a file in which every row is bad."""
    broken = tmp_path / "x.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    for path, said in ((broken, "Excel"), (tmp_path / "none.csv", "none.csv")):
        result = run("projects", "import", str(path), "--yes")
        assert result.exit_code == 1
        assert said in result.output
    bad = tmp_path / "bad.csv"
    bad.write_text("project_id,title\nP-1,\n", "utf-8")
    assert run("projects", "import", str(bad), "--yes").exit_code == 1


def test_a_csv_of_certifications(run: Run, file: Path, tmp_path: Path) -> None:
    """Known by its headings, or by being told."""
    run("projects", "import", str(file), "--yes")
    path = tmp_path / "c.csv"
    path.write_text("project_id,applied_on,round,tonnes\nP-1,2022-10-03,第52回,47t\n", "utf-8")
    assert run("projects", "import", str(path), "--sheet", "certifications", "--yes").exit_code == 0
    assert run("projects", "list", "--never-certified").output.strip() == "0件"
    found = json.loads(run("projects", "show", "P-1", "--json").stdout)
    assert found["certifications"][0] | {"listed_on": None} == {
        "applied_on": "2022-10-03",
        "round": 52,
        "tonnes": "47",
        "listed_on": None,
    }


def test_template_export_and_import_again(run: Run, file: Path, tmp_path: Path) -> None:
    """Both forms; another ending is wrong usage; the audit keeps who took out how much."""
    run("projects", "import", str(file), "--yes")
    assert run("projects", "template").stdout.startswith("project_id,title,organisation")
    for name in ("t.xlsx", "t.csv"):
        assert run("projects", "template", "--out", str(tmp_path / name), "--lang", "en").exit_code == 0
    for name in ("e.xlsx", "e.csv"):
        out = tmp_path / name
        assert run("projects", "export", "--out", str(out)).exit_code == 0
        assert "変更なし 1件" in run("projects", "import", str(out), "--yes").output
    assert run("projects", "export", "--out", "x.pdf").exit_code == 2


def test_who_is_in_charge(run: Run, file: Path, database: Database) -> None:
    """Another owner, a second contact, nobody; how they are reached; what cannot be said."""
    run("projects", "import", str(file), "--yes")
    result = run("projects", "contact", "P-1", "--owner", "aka@example.jp", "--name", "赤井", "--why", "異動")
    assert result.output.splitlines() == ["担当者: 赤井 aka@example.jp", "前の担当者: 青井 aoi@example.jp"]
    second = run("projects", "contact", "P-1", "--second", "aoi@example.jp", "--lang", "en")
    assert second.output.splitlines() == [
        "In charge: 赤井 aka@example.jp",
        "Second contact: 青井 aoi@example.jp",
    ]
    assert run("projects", "contact", "P-1", "--owner", "-").output.splitlines()[0].startswith("第二連絡先")
    assert run("projects", "contact", "P-1").exit_code == 1
    assert run("projects", "contact", "P-9", "--owner", "x@example.jp").exit_code == 1
    told = run(
        "projects", "person", "aoi@example.jp", "--zone", "Europe/Berlin", "--ways", "slack,mail", "--left"
    )
    assert "Europe/Berlin  slack, mail" in told.output
    assert run("projects", "person", "none@example.jp", "--left").exit_code == 1
    assert [line.action for line in audit.lines(database, "contact:1")] == ["changed", "gone"]


def test_looking_leaves_a_line(run: Run, file: Path, database: Database) -> None:
    """Names and addresses stand there."""
    run("projects", "import", str(file), "--yes")
    run("projects", "list")
    run("projects", "show", "P-1")
    run("projects", "export")
    assert [line.action for line in audit.lines(database, "project:all")] == ["read"]
    assert [line.action for line in audit.lines(database, "project:P-1")] == ["imported", "read"]
    assert [line.action for line in audit.lines(database, "export:projects")] == ["exported"]
    missing = run("projects", "show", "P-7")
    assert (missing.exit_code, "P-7" in missing.output) == (1, True)


def test_rounds(run: Run) -> None:
    """Entered in part, completed, a date taken back; what cannot be is refused."""
    assert "まだ登録されていません" in run("rounds", "list").output
    run("rounds", "put", "60", "--cutoff", "2026-12-18")
    run("rounds", "put", "60", "--held", "R9.2.10")
    assert json.loads(run("rounds", "list", "--json").stdout) == [
        {"number": 60, "held_on": "2027-02-10", "cutoff": "2026-12-18"}
    ]
    assert "申請締切 –" in run("rounds", "put", "60", "--cutoff", "-").output
    wrong = run("rounds", "put", "60", "--cutoff", "2027-03-01")
    assert (wrong.exit_code, "開催日" in wrong.output) == (1, True)
    assert run("rounds", "put", "60", "--held", "soon").exit_code == 1


def test_windows(run: Run) -> None:
    """Added, filled, closed; each command says how it stands."""
    assert "まだ登録されていません" in run("windows", "list").output
    added = run(
        "windows", "add", "登録支援", "--closes", "2026-10-30 14:00", "--year", "2026", "--levels", "50,80"
    )
    assert "登録支援" in added.output
    assert "70%" in run("windows", "used", "1", "70", "--as-of", "2026-11-01").output
    (found,) = json.loads(run("windows", "list", "--json").stdout)
    assert (found["used"], found["levels"], found["closed_at"]) == (70, [50, 80], None)
    assert "受付終了" in run("windows", "close", "1", "--reason", "予算").output
    assert run("windows", "used", "9", "70").exit_code == 1
    assert run("windows", "add", "登録支援", "--year", "2026").exit_code == 1


def test_rules(run: Run) -> None:
    """On, off, set and taken back; unknown ones name the nearest."""
    assert run("rules", "set", "dl5", "submission_month=5").output.strip() == "dl5  submission_month=5"
    run("rules", "on", "DL-10")
    run("rules", "off", "DL-01")
    found = {row["rule"]: row for row in json.loads(run("rules", "list", "--json").stdout)}
    assert (found["DL-10"]["on"], found["DL-01"]["on"]) == (True, False)
    assert found["DL-05"]["settings"] == {"submission_month": "5"}
    assert "DL-05  有効  hard" in run("rules", "list").output
    run("rules", "set", "DL-05", "submission_month=-")
    found = {row["rule"]: row for row in json.loads(run("rules", "list", "--json").stdout)}
    assert found["DL-05"]["settings"] == {"submission_month": ""}
    for words in (
        ("on", "DL-99"),
        ("set", "DL-05", "month=5"),
        ("set", "DL-05", "five"),
        ("set", "DL-05", "submission_month=13"),
    ):
        assert run("rules", *words).exit_code == 1, words
    assert "DL-" in run("rules", "on", "DL-99").output
