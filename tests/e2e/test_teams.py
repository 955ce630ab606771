"""The product before Microsoft's playground: asked, filled in, nudged, and answered by staff, the gate being on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_slack import ALONE, ROOT

PLAYGROUND = ROOT / "build/node_modules/@microsoft/m365agentsplayground/cli.js"

pytestmark = pytest.mark.e2e


def test_teams_day(tmp_path: Path) -> None:
    """Everything that a person and the desk do in Teams goes as it should."""
    command = [*ALONE, sys.executable, "-m", "tests.e2e.teams_office", str(PLAYGROUND), str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150)
    assert run.returncode == 0, run.stderr
    done = json.loads(run.stdout.splitlines()[-1])
    assert all(done.values()), done
