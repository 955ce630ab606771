"""The product before the Slack emulator: direct message, mention, button, slash command, Home, on both roads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EMULATOR = ROOT / "build/node_modules/local-slack-linux-x64/bin/local-slack"
# The emulator listens on every interface: it gets a network that has loopback only.
ALONE = ["unshare", "-rn", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("mode", ["events", "socket"])
def test_slack_visitor_s_day(mode: str, tmp_path: Path) -> None:
    """Everything that a visitor does on Slack is answered, once."""
    command = [*ALONE, sys.executable, "-m", "tests.e2e.slack_office", str(EMULATOR), mode, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stderr
    done = json.loads(run.stdout.splitlines()[-1])
    assert all(done.values()), done
