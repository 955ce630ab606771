"""The product before the Slack emulator in trouble: limits, faults, a frozen desk, the same event again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_slack import ALONE, EMULATOR, ROOT

pytestmark = pytest.mark.e2e


def test_trouble_with_slack_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Whatever Slack or the desk does, a question has one answer."""
    command = [*ALONE, sys.executable, "-m", "tests.e2e.slack_faults", str(EMULATOR), str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150)
    assert run.returncode == 0, run.stderr
    done = json.loads(run.stdout.splitlines()[-1])
    assert all(done.values()), done
