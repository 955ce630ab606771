"""A burst of 200 signed Teams activities against a real server, each stored before it is acknowledged."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import jwt
import uvicorn
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import inbox
from tests.benchmarks.figures import show
from tests.teams_connector import APP_ID, TeamsConnector, teams_connector

PORT, BURST, SINGLE, STRANGERS, SLOW = 8174, 200, 300, 20, 2.0
# As many as are through before the keys come.
MEANWHILE = 40
HEALTH = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nConnection: close\r\n\r\n".encode()
Answered = tuple[float, int]


def report(name: str, database_url: str) -> None:
    """Runs the server on one engine and prints the figures in milliseconds."""
    with teams_connector() as connector, _server(connector, database_url) as stored_at:
        for run in range(3):
            requests = [_request(connector, f"b{run}.{n}") for n in range(BURST)]
            _show(f"{name}: Teams, burst of {BURST}, run {run + 1}", asyncio.run(_burst(requests)))
        _show_stored(name, stored_at, 3 * BURST)
        time.sleep(12)  # what the bursts left to answer is not part of the other figures
        singles = [_request(connector, f"single.{n}") for n in range(SINGLE)]
        before = asyncio.run(_beside(singles, [HEALTH] * SINGLE))
        _show_both(name, "", before)
        time.sleep(30)  # the gate looks for an unknown key again
        connector.keys_delay, fetched = SLOW, connector.fetched
        strangers = [_request(connector, f"x.{n}", f"stranger{n}") for n in range(STRANGERS)]
        singles = [_request(connector, f"meanwhile.{n}") for n in range(MEANWHILE)]
        meanwhile = asyncio.run(_among(strangers, singles, [HEALTH] * MEANWHILE))
        _show_both(name, f", while keys take {SLOW:.0f} s", meanwhile)
        print(f"{name}: Teams, {STRANGERS} unknown keys were looked for {connector.fetched - fetched} times")


@contextmanager
def _server(connector: TeamsConnector, database_url: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "JDESK_DATABASE_URL": database_url,
            "JDESK_DATA_DIR": folder,
            "JDESK_SECRET": "s" * 40,
            "JDESK_TEAMS_APP_ID": APP_ID,
            "JDESK_TEAMS_SERVICE_HOSTS": "127.0.0.1",
            "JDESK_TEAMS_SERVICE_URL": connector.base,
            "JDESK_TEAMS_METADATA_URL": connector.metadata_url,
        }
        subprocess.run(
            [sys.executable, "-m", "bot", "migrate"], env=environment, check=True, capture_output=True
        )
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.teams"], env=environment, stdout=-3, stderr=-3
        )
        try:
            _wait_until_ready()
            yield database_url or f"sqlite:///{folder}/jdesk.sqlite3"
        finally:
            server.terminate()
            server.wait(10)


def _wait_until_ready() -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not get ready")


def _request(connector: TeamsConnector, key: str, kid: str = "k1") -> bytes:
    place = {"id": f"a:{key}", "conversationType": "personal", "tenantId": "t"}
    body = json.dumps(connector.activity("認証までの手順は", id=key, conversation=place)).encode()
    head = [
        "POST /api/messages HTTP/1.1",
        f"Host: 127.0.0.1:{PORT}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Authorization: Bearer {connector.token(kid=kid)}",
        "Connection: close",
    ]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


async def _send(request: bytes) -> Answered:
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(request)
    status = int((await reader.readline()).split()[1])
    took = (time.perf_counter() - start) * 1000
    writer.close()
    return took, status


async def _burst(requests: list[bytes]) -> list[Answered]:
    return list(await asyncio.gather(*(_send(request) for request in requests)))


async def _one_by_one(requests: list[bytes]) -> list[Answered]:
    found = []
    for request in requests:
        found.append(await _send(request))
        await asyncio.sleep(0.03)
    return found


async def _beside(requests: list[bytes], others: list[bytes]) -> tuple[list[Answered], list[Answered]]:
    return await asyncio.gather(_one_by_one(requests), _one_by_one(others))


async def _among(
    strangers: list[bytes], requests: list[bytes], others: list[bytes]
) -> tuple[list[Answered], list[Answered]]:
    """One by one, while those whom nobody knows wait for the keys."""
    waiting = asyncio.create_task(_burst(strangers))
    await asyncio.sleep(0.2)
    found = await _beside(requests, others)
    assert not waiting.done(), "the keys came before the requests were through"
    assert {status for _, status in await waiting} == {401}
    return found


def _show(title: str, found: list[Answered]) -> None:
    bad = sum(status // 100 != 2 for _, status in found)
    show(f"{title}, non-2xx {bad}", [took for took, _ in found])


def _show_both(name: str, when: str, found: tuple[list[Answered], list[Answered]]) -> None:
    _show(f"{name}: Teams, one activity at a time{when}", found[0])
    _show(f"{name}: /healthz beside them{when}", found[1])


def _show_stored(name: str, url: str, sent: int) -> None:
    """How many of the acknowledged activities are kept; each had a key of its own."""
    database = Database(url)
    bursts = inbox.c.event_key.like("message:a:b%")
    with database.look() as connection:
        kept = connection.scalar(select(func.count()).select_from(inbox).where(bursts))
    database.close()
    print(f"{name}: Teams, {kept} of {sent} activities are stored")
    if kept != sent:
        raise SystemExit("activities were lost")


def _serve() -> None:
    """A house whose token comes from here: nothing may ask the real Entra."""
    from bot.channels.teams.build import build as build_teams
    from bot.connect import Chats
    from bot.server import application
    from bot.settings import Settings
    from bot.wiring import build

    claims = {"exp": int(time.time()) + 24 * 3600}
    token = jwt.encode(claims, "x" * 32, algorithm="HS256")
    house = build(Settings())
    teams = build_teams(house.settings, house.office, house.wording, house.clock, frozenset(), lambda: token)
    served = application(house, worker=house.database.embedded, chats=Chats(teams=teams))
    uvicorn.run(served, host="127.0.0.1", port=PORT, log_level="warning")


if __name__ == "__main__":
    _serve()
