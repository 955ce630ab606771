"""`jdesk deadlines`: the worked examples as JSON, text for people, which database, and what is refused."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.clock import now
from bot.verbs import app
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    ProjectState,
    Round,
    WindowKind,
)
from knowledge.reader import files_in
from storage.books import StoredBooks, books
from storage.database import Database
from tests.intents.desk.deadlines.world import day, days, window

Run = Callable[..., Result]
ON = ("--on", "2026-11-23")


@pytest.fixture
def file(tmp_path: Path, migrated_file: Path) -> Path:
    """A database's file with the three examples and a project that rests."""
    copyfile(migrated_file, tmp_path / "projects.sqlite3")
    with _opened(tmp_path / "projects.sqlite3") as opened:
        house = opened.projects.add(_new("EN-S-039", registered="2021-12-01", cp_start=day("2021-12-01")))
        opened.projects.put_certifications(house.id, [Certification(day("2022-10-03"), 52)])
        machines = opened.projects.add(_new("EN-S-022", registered="2019-11-27", cp_start=day("2019-11-27")))
        opened.projects.put_certifications(machines.id, [Certification(day("2022-11-25"), 53)])
        opened.projects.put_instruments(machines.id, [Instrument("電力計", day("2027-03-31"))])
        doubt = frozenset({"registration_date"})
        opened.projects.add(_new("EN-R-002", registered="2022-11-24", unverified=doubt))
        opened.projects.add(_new("EN-S-001", registered="2022-11-24", state=ProjectState.PAUSED))
    return tmp_path / "projects.sqlite3"


@contextmanager
def _opened(file: Path) -> Iterator[StoredBooks]:
    with closing(Database(f"sqlite:///{file}")) as database, books(database, now(), "staff:t") as opened:
        yield opened


def _new(code: str, registered: str, **fields: Any) -> NewProject:
    return NewProject(
        project_id=code,
        title=f"案件 {code}",
        organisation="会社",
        methodology=code,
        registration_date=day(registered),
        **fields,
    )


@pytest.fixture
def run(tmp_path: Path, file: Path) -> Run:
    """Runs `jdesk deadlines` on that file, and on no other."""

    def run(*words: str, db: str = str(file)) -> Result:
        environment = {"JDESK_DATA_DIR": str(tmp_path / "none"), "JDESK_DATABASE_URL": ""}
        chosen = ("--db", db) if db else ()
        return CliRunner().invoke(app("deadlines"), ["deadlines", *words, *chosen], env=environment)

    return run


def _rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def _of(result: Result, rule: str) -> list[dict[str, Any]]:
    return [row for row in _rows(result) if row["rule"] == rule]


# ------------------------------------------------ the worked examples


@pytest.mark.parametrize(
    ("project", "due", "steps"),
    [
        (
            "EN-S-039",
            "2029-11-30",
            ["2027-11-30", "2028-11-30", "2029-05-30", "2029-08-30", "2029-10-30"],
        ),
        (
            "EN-S-022",
            "2027-11-26",
            ["2025-11-26", "2026-11-26", "2027-05-26", "2027-08-26", "2027-10-26"],
        ),
    ],
)
def test_the_end_of_the_period(run: Run, project: str, due: str, steps: list[str]) -> None:
    """With everything that a reader of the JSON may rely on."""
    (row,) = _of(run("--project", project, "--json", *ON), "DL-03")
    assert (row["project"], row["kind"], row["due_on"], row["estimated"]) == (project, "hard", due, True)
    assert [step["on"] for step in row["steps"]] == steps
    assert all(step["what"] and "planned" not in step for step in row["steps"])
    assert (row["source"], row["as_of"], row["state"]) == (
        ["smart-energy", "cc-40th"],
        "2026-11-23",
        "open",
    )
    assert "8年" in row["why"]


def test_who_was_asked_and_who_was_not(run: Run) -> None:
    """All four of one project left, one of them on the working day before; none of the other's."""
    machines = _of(run("--project", "EN-S-022", "--json", *ON), "DL-11")
    assert [row["due_on"] for row in machines] == ["2020-11-27", "2021-05-27", "2021-11-27", "2022-05-27"]
    assert [row["steps"][0]["on"] for row in machines] == [
        "2020-11-27",
        "2021-05-27",
        "2021-11-26",
        "2022-05-27",
    ]
    moved = machines[2]["steps"][0]
    assert (moved["planned"], "週末" in moved["why"]) == ("2021-11-27", True)
    house = _of(run("--project", "EN-S-039", "--json", *ON), "DL-11")
    assert [(row["state"], row["steps"]) for row in house] == [("stopped", [])] * 4
    assert house[0]["stopped"]["on"] == "2022-10-03"


def test_what_is_in_doubt_is_told_on_request(run: Run) -> None:
    """Left out by default; with --all it stands there with what is missing, and so does what is switched off."""
    assert _of(run("--project", "EN-R-002", "--json", *ON), "DL-11") == []
    (row,) = _of(run("--project", "EN-R-002", "--json", "--all", *ON), "DL-11")
    assert (row["state"], row["due_on"], row["missing"]) == ("not computable", None, ["registration_date"])
    assert any("要確認" in text for text in row["warnings"])
    assert _of(run("--project", "EN-S-022", "--json", *ON), "DL-14") == []
    (off,) = _of(run("--project", "EN-S-022", "--json", "--all", *ON), "DL-14")
    assert (off["state"], off["about"], off["due_on"], off["steps"]) == ("off", "電力計", "2027-03-31", [])


# ------------------------------------------------ which dates


def test_without_a_project_everything_is_shown(run: Run) -> None:
    """Each project by its own name, then the office; a project that rests has none."""
    rows = _rows(run("--json", *ON))
    assert {row["project"] for row in rows} == {"EN-S-039", "EN-S-022", "EN-R-002", "office"}
    assert {row["rule"] for row in rows if row["project"] == "office"} == {"DL-20", "DL-28"}
    assert {row["project"] for row in _rows(run("--rule", "DL-03", "--json", *ON))} == {
        "EN-S-039",
        "EN-S-022",
    }
    assert _rows(run("--rule", "DL-22", "--json", *ON)) == []


def test_what_staff_entered_is_counted(run: Run, file: Path) -> None:
    """Rounds, windows, settings and switches of the database."""
    with _opened(file) as opened:
        opened.calendars.put_round(Round(82, None, day("2027-01-08")))
        opened.calendars.add_window(window(WindowKind.SUPPORT, 2026, "2026-04-15", "2027-01-15 14:00"))
        opened.calendars.put_setting("DL-21", "report_ends", "2027-07-30")
        opened.calendars.put_setting("DL-14", "enabled", "yes")
        opened.calendars.put_setting("DL-28", "enabled", "no")
    rows = _rows(run("--json", *ON))
    found = {(row["project"], row["rule"]): row for row in rows}
    assert found["EN-S-039", "DL-08"]["due_on"] == "2027-01-08"
    assert found["EN-R-002", "DL-12"]["due_on"] == "2027-01-15"
    assert found["office", "DL-21"]["due_on"] == "2027-07-30"
    assert found["EN-S-022", "DL-14"]["steps"]
    assert ("office", "DL-28") not in found
    no_days = _of(run("--json", "--all", *ON), "DL-28")
    assert {row["state"] for row in no_days} == {"off"}


def test_text_for_people(run: Run) -> None:
    """What, when, how firm, from what, how, why a notice moved, what next, and the sources; in either language."""
    text = run("--project", "EN-S-022", *ON).stdout
    for words in (
        "■ EN-S-022",
        "DL-03　認証対象期間の終了　2027年11月26日（金） 推定　［規則］",
        "もと: 認証対象期間の開始日 2019年11月27日（水）",
        "計算: 開始日",
        "知らせ: 2026-11-26",
        "直前の営業日の2021年11月26日（金）",
        "状態: 2022年11月25日（金）に認証を申請した",
        "出典: 「J-クレジット制度における審査」",
        "［推奨］",
    ):
        assert words in text, words
    english = run("--project", "EN-S-022", "--lang", "en", *ON).stdout
    assert "DL-03  End of the certification period  Friday, 2027-11-26 estimate  [rule]" in english
    assert "休止" in run("--project", "EN-S-001", *ON).stdout
    assert "--all" in run("--project", "EN-R-002", "--rule", "DL-11", *ON).stdout
    assert "要確認" in run("--project", "EN-R-002", "--rule", "DL-11", "--all", *ON).stdout
    assert "切ってある" in run("--rule", "DL-22", "--all", *ON).stdout


def test_dates_that_contradict_each_other_are_told(run: Run, file: Path) -> None:
    """With the fields, above the project's dates."""
    with _opened(file) as opened:
        opened.projects.add(_new("EN-S-002", "2021-09-01", registration_application_date=date(2021, 9, 30)))
    text = run("--project", "EN-S-002", *ON).stdout
    assert "登録日が登録申請日より前です: 登録申請日、登録日" in text


# ------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--project", "EN-S-39"), "「EN-S-039」のことでしょうか"),
        (("--project", "zzz"), "案件「zzz」はありません"),
        (("--rule", "dl-3"), "「DL-03」のことでしょうか"),
        (("--rule", "DL-99", "--lang", "en"), "There is no rule “DL-99”."),
        (("--on", "2028-01-01"), "horizon（2027-12-31）"),
        (("--on", "2028-01-01", "--json"), "horizon（2027-12-31）"),
    ],
)
def test_what_is_not_there_is_named(run: Run, words: tuple[str, ...], said: str) -> None:
    """Exit 1 with the nearest thing that is, and nothing on standard output."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


def test_a_database_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    """And no file of that name is made; one without our tables says what to do; other engines are refused."""
    missing = tmp_path / "missing.sqlite3"
    assert str(missing) in run(db=str(missing)).stderr
    assert "none" in run(db="").stderr
    assert not missing.exists()
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    assert "jdesk migrate" in run(db=str(empty)).stderr
    assert "mysql" in run(db="mysql://localhost/x").stderr
    assert run(db="mysql://localhost/x").exit_code == 1


def test_an_edition_without_a_calendar_counts_nothing(run: Run, file: Path) -> None:
    """The live edition's calendar is the one that counts."""
    files = {name: text for name, text in files_in().items() if name != "calendar.toml"}
    with _opened(file) as opened:
        opened.publish_edition(files)
    result = run("--json", *ON)
    assert (result.exit_code, "calendar.toml がない" in result.stderr) == (1, True)
    longer = {**files_in(), "calendar.toml": files_in()["calendar.toml"].replace("2027-12-31", "2028-12-31")}
    with _opened(file) as opened:
        opened.publish_edition(longer)
    assert run("--json", "--on", "2028-01-04").exit_code == 0


def test_a_server_works_as_a_file_does(run: Run, postgres_database: Database) -> None:
    """By its URL."""
    with books(postgres_database, now(), "staff:t") as opened:
        opened.projects.add(_new("EN-S-022", "2019-11-27", cp_start=day("2019-11-27")))
    url = postgres_database.engine.url.render_as_string(hide_password=False)
    (row,) = _of(run("--project", "EN-S-022", "--json", *ON, db=url), "DL-03")
    assert row["due_on"] == days("2027-11-26")[0].isoformat()
