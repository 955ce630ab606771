"""The staff desk before the Slack emulator: from a question that is not known to a closed case, on both roads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_slack import ALONE, EMULATOR, ROOT

pytestmark = pytest.mark.e2e
SOON = 2.0
# Of these the channel was idle before, so nothing but the change itself had to be shown.
IDLE = ("a card appears", "the card shows the owner")


@pytest.mark.parametrize("mode", ["events", "socket"])
def test_a_case_s_day(mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked on the web, taken by a button, answered from the thread, closed by a form; each seen where it belongs."""
    command = [*ALONE, sys.executable, "-m", "tests.e2e.slack_desk", str(EMULATOR), mode, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    with capsys.disabled():
        print(f"\n{mode}: {found['seconds']}")
    assert all(found["done"].values()), found["done"]
    assert all(found["seconds"][name] < SOON for name in IDLE)
