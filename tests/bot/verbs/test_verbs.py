"""The contract of DESIGN's table of verbs: what goes in, what comes out, and with which exit code."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.verbs import app
from knowledge.reader import files_in
from tests.kit import small_edition

Run = Callable[..., Result]
KEYS = ["query", "kind", "entry", "confidence", "candidates", "intent", "text"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a verb with its data in a folder of the test's own."""

    def run(*words: str, stdin: str = "", settings: Mapping[str, str] | None = None) -> Result:
        environment = {"JDESK_DATA_DIR": str(tmp_path / "data"), "JDESK_SECRET": "s" * 40, **(settings or {})}
        return CliRunner().invoke(app(words[0]), [*words], input=stdin, env=environment)

    return run


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """The small edition as a folder."""
    for path, text in small_edition().items():
        file = tmp_path / "edition" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "edition"


def _lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_ask_answers_one_question(run: Run, edition: Path) -> None:
    """Words by default, the agreed keys with --json."""
    said = run("ask", "認証までの手順は？", "--knowledge", str(edition))
    assert said.exit_code == 0
    assert "認証委員会" in said.stdout
    answer = json.loads(run("ask", "認証までの手順は？", "--json", "--knowledge", str(edition)).stdout)
    assert list(answer) == KEYS
    assert (answer["kind"], answer["entry"]) == ("answer", "certification-steps")
    assert answer["candidates"][0]["id"] == "certification-steps"


def test_ask_jsonl_keeps_the_order(run: Run, edition: Path) -> None:
    """One line out for each line in, whatever it is about."""
    queries = ["認証までの手順は？", "明日の天気は", "説明会に申し込みたい", "こんにちは"]
    stdin = "".join(json.dumps({"query": query}) + "\n" for query in queries)
    found = _lines(run("ask", "--jsonl", "--knowledge", str(edition), stdin=stdin))
    assert [line["query"] for line in found] == queries
    assert [line["kind"] for line in found] == ["answer", "unknown", "command", "smalltalk"]
    assert found[2]["intent"] == "seminar.register"


def test_ask_refuses_a_line_that_is_no_question(run: Run, edition: Path) -> None:
    """Exit 1, the line is named."""
    result = run("ask", "--jsonl", "--knowledge", str(edition), stdin='{"query": "a"}\n{"question": "b"}\n')
    assert result.exit_code == 1
    assert "line 2" in result.stderr


def test_ask_without_a_question_is_wrong_usage(run: Run) -> None:
    """Exit 2, as for every wrong call."""
    assert run("ask").exit_code == 2
    assert run("no-such-verb").exit_code == 2


def test_ask_answers_from_a_foreign_edition(run: Run, tmp_path: Path) -> None:
    """A JSONL file of questions and answers is an edition; braces in it are text."""
    rows = [
        {
            "id": "rubbish",
            "question": "ごみの出し方は",
            "phrasings": ["粗大ごみ"],
            "answer": "市の {{ 窓口 }} へ",
        },
        {"id": "park", "question": "公園の予約", "answer": "電話で"},
    ]
    file = tmp_path / "city.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    answer = json.loads(run("ask", "粗大ごみはどう出しますか", "--json", "--knowledge", str(file)).stdout)
    assert answer["candidates"][0]["id"] == "rubbish"


@pytest.mark.parametrize(
    ("line", "named"),
    [("{", "line 1"), ('{"id": "a"}', "question"), ('{"id":"a","question":"b","answr":"c"}', "answr")],
)
def test_a_broken_foreign_edition_is_refused_by_name(run: Run, tmp_path: Path, line: str, named: str) -> None:
    """The line and the field are named, exit 1."""
    file = tmp_path / "city.jsonl"
    file.write_text(line, "utf-8")
    result = run("ask", "a", "--knowledge", str(file))
    assert result.exit_code == 1
    assert named in result.stderr


def test_ask_as_of_a_day(run: Run, edition: Path) -> None:
    """An entry that is not valid on the day is not given."""
    question = "認証までの手順は？"
    before = json.loads(
        run("ask", question, "--json", "--on", "2020-01-01", "--knowledge", str(edition)).stdout
    )
    assert before["entry"] is None
    assert run("ask", question, "--on", "soon", "--knowledge", str(edition)).exit_code == 2


def test_what_is_imported_is_exported_byte_for_byte(run: Run, edition: Path, tmp_path: Path) -> None:
    """The live edition goes in and comes out the same; a dry run changes nothing."""
    assert run("migrate").exit_code == 0
    dry = run("knowledge", "import", str(edition), "--dry-run")
    assert "removed" in dry.stdout
    run("knowledge", "export", str(tmp_path / "before"))
    assert files_in(tmp_path / "before") == files_in()
    assert run("knowledge", "import", str(edition)).exit_code == 0
    run("knowledge", "export", str(tmp_path / "after"))
    for path in small_edition():
        assert (tmp_path / "after" / path).read_bytes() == (edition / path).read_bytes()


def test_a_spoilt_edition_is_not_imported(run: Run, edition: Path) -> None:
    """`check` and `import` name the defect and leave the live edition alone."""
    run("migrate")
    entry = edition / "entries/certification/certification-steps.md"
    entry.write_text(entry.read_text("utf-8").replace("[^jmacc]", "[^jmac]"), "utf-8")
    checked = run("check", "--knowledge", str(edition), "--lang", "en")
    assert checked.exit_code == 1
    assert "jmacc" in checked.stdout
    imported = run("knowledge", "import", str(edition))
    assert imported.exit_code == 1
    assert "jmacc" in imported.stderr


def test_expired_answer_appears_in_the_list_for_staff(run: Run, edition: Path) -> None:
    """What is withheld and what is due for review is listed, as of any day."""
    entry = edition / "entries/certification/certification-steps.md"
    entry.write_text(
        entry.read_text("utf-8").replace("review_by", "valid_to = 2099-10-31\nreview_by", 1), "utf-8"
    )
    run("migrate")
    run("knowledge", "import", str(edition))
    rows = json.loads(run("knowledge", "due", "--on", "2099-11-01", "--json").stdout)
    assert [row for row in rows if row["why"] == "expired"] == [
        {"entry": "certification-steps", "owner": "desk", "why": "expired", "since": "2099-10-31"}
    ]
    assert len(rows) == len(json.loads(run("knowledge", "due", "--on", "2099-10-31", "--json").stdout)) == 6
    assert "certification-steps" in run("knowledge", "due", "--on", "2099-11-01").stdout
    assert run("knowledge", "due", "--on", "2027-03-31").stdout.strip() == "Nothing is due."


def test_a_phrasing_that_means_another_entry_is_advice(run: Run, edition: Path) -> None:
    """It is named with where it leads; with --strict it is a defect."""
    entry = edition / "entries/seminar/seminar-how-to-register.md"
    stray = "モニタリングの報告書、提出の締切日"
    entry.write_text(
        entry.read_text("utf-8").replace('"ウェビナーの', f'"{stray}", "ウェビナーの', 1), "utf-8"
    )
    said = run("check", "--knowledge", str(edition), "--lang", "en")
    assert said.exit_code == 0
    assert any(stray in line and "monitoring-report-deadline" in line for line in said.stdout.splitlines())
    assert run("check", "--knowledge", str(edition), "--strict").exit_code == 1
    assert stray not in run("check", "--knowledge", str(edition), "--quick").stdout


def test_what_has_ended_is_not_read_out_for_an_order(run: Run, edition: Path) -> None:
    """The answer that stands in for an order is withheld like any other, and no day breaks the verb."""
    for text in ("相談を予約したい", "個別相談を申し込む", "認証までの手順は"):
        early = run("ask", text, "--on", "2020-01-01", "--knowledge", str(edition))
        assert early.exit_code == 0
        assert "出典" not in early.stdout


FOREIGN = {
    "long answer": json.dumps({"id": "a", "question": "長い答え", "answer": "手続について。" * 9000}),
    "line separator": json.dumps(
        {"id": "a", "question": "区切り", "answer": "x\u2028y\u0085z"}, ensure_ascii=False
    ),
    "byte order mark": "\ufeff" + json.dumps({"id": "a", "question": "印"}),
    "number as id": json.dumps({"id": 7, "question": "番号"}),
    "no words": json.dumps({"id": "a", "question": "🍣"}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_ordinary_foreign_data_is_read(run: Run, tmp_path: Path, name: str) -> None:
    """What other people's sets hold is no reason to fail, and neither is a very long question."""
    file = tmp_path / "city.jsonl"
    file.write_text(FOREIGN[name], "utf-8")
    stdin = "".join(json.dumps({"query": query}) + "\n" for query in ("区切り", "あ" * 100_000, "?", "🍣"))
    found = _lines(run("ask", "--jsonl", "--knowledge", str(file), stdin=stdin))
    assert len(found) == 4


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_edition_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    """Exit 1 with the file's name, no traceback."""
    file = tmp_path / "city.jsonl"
    file.write_bytes(content)
    result = run("ask", "a", "--knowledge", str(file))
    assert result.exit_code == 1
    assert "city.jsonl" in result.stderr


def test_doctor_names_what_is_missing(run: Run) -> None:
    """Before the first migration it says so; afterwards nothing serious is left."""
    first = run("doctor", "--lang", "en", settings={"JDESK_SECRET": "short", "JDESK_SLACK_BOT_TOKEN": "x"})
    assert first.exit_code == 1
    for name in ("JDESK_SECRET", "JDESK_SLACK_BOT_TOKEN", "JDESK_SLACK_SIGNING_SECRET", "JDESK_DATABASE_URL"):
        assert f"!! {name}" in first.stdout
    run("migrate")
    assert run("doctor").exit_code == 0


def test_cases_are_listed(run: Run) -> None:
    """An empty list says so in words, and is an empty array for scripts."""
    run("migrate")
    assert run("case", "list").stdout.strip() == "0 / 0"
    assert json.loads(run("case", "list", "--json").stdout) == []
