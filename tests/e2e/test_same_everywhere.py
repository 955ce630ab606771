"""One conversation on the web, on Slack and in Teams: a person sees the same words on each."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.e2e.same_books import REPLY
from tests.e2e.same_story import ASIDE, QUESTION
from tests.e2e.test_slack import ALONE, EMULATOR, ROOT
from tests.e2e.test_teams import PLAYGROUND

RUNS = {"web": (), "slack": (EMULATOR,), "teams": (PLAYGROUND,)}
# Each part of the story, by words that only it says.
CHAPTERS = (
    QUESTION,
    ASIDE,
    "個別相談の申込みを受け付けました",
    "席をお取りしました",
    "完了として記録しました",
    REPLY,
)

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the three keep their books."""
    return tmp_path_factory.mktemp("same")


@cache
def told(channel: str, folder: Path) -> dict[str, list[str]]:
    """What was seen on one channel, and what should have been."""
    (here := folder / channel).mkdir()
    command = [sys.executable, "-m", f"tests.e2e.same_{channel}", *map(str, RUNS[channel]), str(here)]
    run = subprocess.run([*ALONE, *command], cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert run.returncode == 0, run.stderr
    found: dict[str, list[str]] = json.loads(run.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("channel", RUNS)
def test_the_story_is_whole_and_shown(channel: str, folder: Path) -> None:
    """Each part of it happened, and the channel showed the words that the record holds."""
    found = told(channel, folder)
    whole = "\n".join(found["lines"])
    assert [words for words in CHAPTERS if words not in whole] == []
    assert found["unseen"] == []


@pytest.mark.parametrize("channel", [one for one in RUNS if one != "web"])
def test_the_story_is_the_same(channel: str, folder: Path) -> None:
    """Line by line, without numbers and addresses."""
    assert told(channel, folder)["lines"] == told("web", folder)["lines"]
