"""A burst of 200 signed Slack events against a real server, each stored before it is acknowledged."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from slack_sdk.signature import SignatureVerifier

SECRET, PORT, SLACK, BURST = "bench-signing-secret", 8177, 8176, 200


def report(name: str, database_url: str) -> None:
    """Runs the server on one engine and prints the figures in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "JDESK_DATABASE_URL": database_url,
            "JDESK_DATA_DIR": folder,
            "JDESK_PORT": str(PORT),
            "JDESK_SECRET": "s" * 40,
            "JDESK_SLACK_BOT_TOKEN": "xoxb-bench",
            "JDESK_SLACK_SIGNING_SECRET": SECRET,
            "JDESK_SLACK_API_URL": f"http://127.0.0.1:{SLACK}/api/",
        }
        subprocess.run(
            [sys.executable, "-m", "bot", "migrate"], env=environment, check=True, capture_output=True
        )
        slack = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.slack_api", str(SLACK)])
        server = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=environment, stdout=-3, stderr=-3
        )
        try:
            _wait_until_ready()
            for run in range(3):
                _show(f"{name}: burst of {BURST}, run {run + 1}", asyncio.run(_burst(f"b{run}")))
            _show(f"{name}: one event at a time", asyncio.run(_one_by_one()))
        finally:
            for process in (server, slack):
                process.terminate()
                process.wait(10)


def _wait_until_ready() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not get ready")


def _request(key: str) -> bytes:
    event = {
        "type": "message",
        "channel_type": "im",
        "user": "U1",
        "text": "認証までの手順は",
        "ts": key,
        "channel": f"D{key}",
    }
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": key, "event": event})
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    head = [
        "POST /slack/events HTTP/1.1",
        f"Host: 127.0.0.1:{PORT}",
        "Content-Type: application/json",
        f"Content-Length: {len(body.encode())}",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: {signature}",
        "Connection: close",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


async def _send(request: bytes) -> tuple[float, int]:
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(request)
    status = int((await reader.readline()).split()[1])
    took = time.perf_counter() - start
    writer.close()
    return took, status


async def _burst(name: str) -> list[tuple[float, int]]:
    requests = [_request(f"{name}.{n}") for n in range(BURST)]
    return list(await asyncio.gather(*(_send(request) for request in requests)))


async def _one_by_one() -> list[tuple[float, int]]:
    await asyncio.sleep(12)  # what the bursts left to answer is not part of this figure
    found = []
    for n in range(500):
        found.append(await _send(_request(f"single.{n}")))
        await asyncio.sleep(0.03)
    return found


def _show(title: str, found: list[tuple[float, int]]) -> None:
    times = sorted(took * 1000 for took, _ in found)
    bad = sum(status // 100 != 2 for _, status in found)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(
        f"{title}: p50 {statistics.median(times):.0f} ms, p99 {p99:.0f} ms, max {times[-1]:.0f} ms, non-2xx {bad}"
    )
