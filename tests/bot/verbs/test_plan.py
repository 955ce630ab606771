"""`jdesk plan` and `jdesk readings`: what they show, as text, JSON and CSV, and what they refuse."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.clock import now, tokyo_day
from bot.verbs import app
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.months import following, last_full
from intents.desk.projects.records import NewProject, ProjectState, Round
from storage.audit import lines
from storage.books import books
from storage.database import Database
from storage.migrate import migrate

Run = Callable[..., Result]
ON = ("--on", "2026-11-24")
LAST = last_full(tokyo_day(now()))
BEFORE = following(LAST, -1)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """A database with two rounds and three projects, one of which measures something."""
    made = Database(f"sqlite:///{tmp_path}/jdesk.sqlite3")
    migrate(made)
    with books(made, now(), "staff:t") as opened:
        opened.calendars.put_round(Round(60, None, date(2027, 2, 22)))
        opened.calendars.put_round(Round(61, None, date(2027, 9, 1)))
        one = opened.projects.add(
            NewProject(project_id="P-1", title="案件", organisation="会社", target_round=60)
        )
        opened.projects.add(NewProject(project_id="P-2", title="案件", organisation="会社"))
        rests = NewProject(
            project_id="P-3", title="案件", organisation="会社", state=ProjectState.PAUSED, target_round=61
        )
        opened.projects.add(rests)
        items = (
            MonitoringItem("電力量", ItemKind.FIGURE, "kWh", BEFORE),
            MonitoringItem("検針票", ItemKind.DOCUMENT, "", LAST),
        )
        opened.projects.put_items(one.id, items)
    return made


@pytest.fixture
def run(tmp_path: Path, database: Database) -> Run:
    """Runs `jdesk` with these words."""

    def run(*words: str) -> Result:
        environment = {"JDESK_DATA_DIR": str(tmp_path), "JDESK_SECRET": "s" * 40, "JDESK_DATABASE_URL": ""}
        return CliRunner().invoke(app(words[0]), list(words), env=environment)

    return run


# ------------------------------------------------ jdesk plan


def test_a_plan_as_json(run: Run) -> None:
    """Every step with its day, what is left, and how it was counted; the first round that there is time for."""
    result = run("plan", "P-1", "--json", *ON)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {
        name: found[name] for name in ("project", "round", "cutoff", "aimed", "reachable", "instead")
    } == {
        "project": "P-1",
        "round": 60,
        "cutoff": "2027-02-22",
        "aimed": True,
        "reachable": False,
        "instead": 61,
    }
    assert [(one["rule"], one["day"], one["left"], one["state"]) for one in found["stages"]] == [
        ("BP-01", "2026-09-03", -52, "past"),
        ("BP-02", "2026-10-06", -32, "past"),
        ("DL-07", "2026-10-25", -20, "past"),
        ("BP-03", "2027-01-29", 43, "ahead"),
        ("DL-08", "2027-02-22", 58, "ahead"),
    ]
    assert "110営業日前" in found["stages"][0]["why"]


def test_a_plan_as_text(run: Run) -> None:
    """In both languages; another round, and the one proposed where none was chosen."""
    assert "第61回（申請締切 2027年9月1日）" in run("plan", "P-1", *ON).stdout
    english = run("plan", "P-1", "--round", "61", "--lang", "en", *ON).stdout
    assert "110 working days before the cut-off of round 61" in english
    assert "This is not the round aimed at, which is round 60." in english
    proposed = run("plan", "P-2", *ON)
    assert "目指す回が決まっていないため" in proposed.stdout
    assert "第61回に向けた段取り" in proposed.stdout


def test_a_plan_of_another_database(run: Run, tmp_path: Path) -> None:
    """By its file; one that is not there is not made."""
    file = tmp_path / "jdesk.sqlite3"
    assert run("plan", "P-1", "--db", str(file), *ON).exit_code == 0
    missing = run("plan", "P-1", "--db", str(tmp_path / "none.sqlite3"))
    assert (missing.exit_code, (tmp_path / "none.sqlite3").exists()) == (1, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("P-9",), "P-9"),
        (("P-1", "--round", "77"), "60, 61"),
        (("P-3",), "進行中の案件ではない"),
        (("P-2", "--on", "2028-01-01"), "申請締切がこれから"),
    ],
)
def test_no_plan(run: Run, words: tuple[str, ...], said: str) -> None:
    """Exit code 1 and the reason."""
    result = run("plan", *words)
    assert (result.exit_code, said in result.stderr) == (1, True), result.output


# ------------------------------------------------ jdesk readings


def test_what_is_missing_is_marked(run: Run) -> None:
    """A row a month, a column an item, from the first month asked for; nothing where an item was not asked for."""
    result = run("readings", "P-1", "--csv")
    rows = list(csv.reader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    assert rows == [
        ["月", "検針票", "電力量 (kWh)"],
        [BEFORE, "", "未記録"],
        [LAST, "未記録", "未記録"],
    ]
    found = json.loads(run("readings", "P-1", "--json").stdout)
    assert found["missing"] == {BEFORE: ["電力量"], LAST: ["検針票", "電力量"]}
    assert f"Months still not recorded: {BEFORE} – {LAST}" in run("readings", "P-1", "--lang", "en").stdout


def test_staff_enter_values(run: Run, database: Database) -> None:
    """An odd one and a correction need a word more; a paper's name is no formula in a spreadsheet."""
    assert run("readings", "P-1", "--put", "電力量", BEFORE, "1,200 kWh").exit_code == 0
    assert run("readings", "P-1", "--put", "電力量", LAST, "9,999").exit_code == 1
    assert "要確認" in run("readings", "P-1", "--put", "電力量", LAST, "9,999", "--sure").stdout
    assert run("readings", "P-1", "--put", "電力量", LAST, "1,300").exit_code == 1
    assert run("readings", "P-1", "--put", "電力量", LAST, "1,300", "--correct").exit_code == 0
    written = run("readings", "P-1", "--put", "検針票", LAST, "=1+1", "--csv").stdout
    assert f"{LAST},'=1+1,1300" in written
    assert "記録のない月はありません" in run("readings", "P-1").stdout
    actions = [one.action for one in lines(database, "project:P-1")]
    assert (actions.count("reading_recorded"), actions.count("reading_corrected")) == (3, 1)
    assert "read" in actions


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("P-9",), "P-9"),
        (("P-2",), "毎月そろえるものは、まだ登録されていません"),
        (("P-1", "--put", "電力", LAST, "1"), "検針票, 電力量"),
        (("P-1", "--put", "電力量", "いつか", "1"), "いつか"),
        (("P-1", "--put", "電力量", LAST, "8 MWh"), "kWh"),
        (("P-1", "--put", "電力量", "2020-01", "1"), BEFORE),
        (("P-1", "--put", "電力量", following(LAST), "1"), following(LAST)),
    ],
)
def test_a_value_that_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    """Exit code 1 and the reason; nothing is written."""
    result = run("readings", *words)
    assert (result.exit_code, said in result.stderr) == (1, True), result.output
