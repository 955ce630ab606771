"""`jdesk knowledge gaps`, as a shell would run it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.clock import now
from bot.verbs import app
from intents.ports import Outcome
from knowledge.model import Lang
from storage import inbox, knowledge_files
from storage.database import Database
from storage.migrate import migrate
from storage.tokens import mint
from storage.unit_of_work import turn
from tests.kit import CACHE, said, small_edition

ASKED = ("水素ボイラーは\n対象ですか", "水素ボイラーは対象でしょうか。", "[bold]宇宙の冷凍庫")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The database that the verb finds, with the small edition."""
    made = Database(f"sqlite:///{tmp_path}/jdesk.sqlite3")
    migrate(made)
    knowledge_files.replace(made, small_edition(), now())
    return made


def _run(folder: Path, *words: str) -> Result:
    environment = {"JDESK_DATA_DIR": str(folder), "JDESK_DATABASE_URL": "", "JDESK_CACHE_DIR": str(CACHE)}
    done = CliRunner().invoke(app("knowledge"), ["knowledge", "gaps", *words], env=environment)
    assert done.exit_code == 0, done.output
    return done


def _ask(database: Database, text: str) -> None:
    event = inbox.add(database, [said(text)], "t")[0].event
    with turn(database, event, now()) as work:
        assert work
        work.recall(Lang.JA, "e", mint)
        work.answers.record(asked=text, outcome=Outcome.UNKNOWN, entry="", confidence=0.1)


def test_gaps_are_listed_by_demand(tmp_path: Path, database: Database) -> None:
    """One line a meaning, whatever was typed; JSON for scripts."""
    assert "答えられなかった質問はありません" in _run(tmp_path).output
    for text in ASKED:
        _ask(database, text)
    head, first, second = _run(tmp_path, "--lang", "en").output.splitlines()
    assert head.startswith("questions, organisations")
    assert first.split()[:3] == ["2", "0", "1"]
    assert first.endswith("水素ボイラーは 対象ですか")
    assert second.endswith("[bold]宇宙の冷凍庫")
    rows = json.loads(_run(tmp_path, "--json").output)
    assert [(row["count"], row["persons"], row["question"]) for row in rows] == [
        (2, 1, ASKED[0]),
        (1, 1, ASKED[2]),
    ]
    assert all(row["nearest"] for row in rows)
