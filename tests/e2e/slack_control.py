"""The Slack emulator and the product beside it, for the scripts that play a day with both."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SLACK, DESK = 3000, 4000


def call(path: str, body: dict[str, Any] | None = None) -> Any:
    """One request to the emulator's own controls."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        f"http://127.0.0.1:{SLACK}/_control/{path}", data, {"content-type": "application/json"}
    )
    return json.loads(urllib.request.urlopen(request, timeout=10).read())


def until(found: Callable[[], Any], seconds: float = 10) -> Any:
    """What is found before the time is over; nothing else."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if result := found():
                return result
        except OSError:
            pass
        time.sleep(0.02)
    return None


def _ready() -> bool:
    return bool(urllib.request.urlopen(f"http://127.0.0.1:{DESK}/readyz", timeout=5).status == 200)


def _settings(mode: str, folder: Path) -> dict[str, str]:
    settings = {
        "JDESK_DATA_DIR": str(folder),
        "JDESK_PORT": str(DESK),
        "JDESK_SECRET": "s" * 40,
        "JDESK_SLACK_BOT_TOKEN": "xoxb-test-token",
        "JDESK_SLACK_SIGNING_SECRET": "test-signing-secret",
        "JDESK_SLACK_API_URL": f"http://127.0.0.1:{SLACK}/api/",
    }
    return settings | ({"JDESK_SLACK_APP_TOKEN": "xapp-test-token"} if mode == "socket" else {})


@contextmanager
def running(
    binary: str,
    mode: str,
    folder: Path,
    config: str,
    more: Mapping[str, str] | None = None,
    verbs: tuple[tuple[str, ...], ...] = (),
) -> Iterator[int]:
    """Both, ready, until the block ends; the verbs are run on the migrated database before the product serves.

    Gives the product's process id.
    """
    (folder / "c.yaml").write_text(config, "utf-8")
    slack = [binary, "--config", str(folder / "c.yaml"), "--port", str(SLACK), "--base-host", "127.0.0.1"]
    environment = os.environ | _settings(mode, folder) | dict(more or {})
    jdesk = [sys.executable, "-m", "bot"]
    with (folder / "log").open("w") as log:
        processes = [subprocess.Popen(slack, stdout=log, stderr=log)]
        try:
            until(lambda: call("state"))
            for verb in (("migrate",), *verbs):
                subprocess.run([*jdesk, *verb], env=environment, check=True, stdout=log, stderr=log)
            processes.append(subprocess.Popen([*jdesk, "serve"], env=environment, stdout=log, stderr=log))
            until(_ready, 30)
            time.sleep(1)
            yield processes[-1].pid
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(10)
