"""A wrong setting stops the start with its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WRONG = {
    "JDESK_SECRET": {"JDESK_SECRET": "short"},
    "JDESK_PORT": {"JDESK_PORT": "eight"},
    "JDESK_DATABASE_URL": {"JDESK_DATABASE_URL": "mysql://x/y"},
    "JDESK_SLACK_SIGNING_SECRET": {"JDESK_SLACK_BOT_TOKEN": "xoxb-1"},
}


@pytest.mark.parametrize("name", WRONG)
def test_config_refused_by_name(name: str, tmp_path: Path) -> None:
    """Exit 1, the setting's name, no traceback."""
    environment = os.environ | {"JDESK_DATA_DIR": str(tmp_path), "JDESK_SECRET": "s" * 40} | WRONG[name]
    run = subprocess.run(
        [sys.executable, "-m", "bot", "serve"], env=environment, capture_output=True, text=True, cwd=tmp_path
    )
    assert run.returncode == 1
    assert name in run.stderr
    assert "Traceback" not in run.stderr
