"""A campaign's evening: fifty sign-ups and fifty questions a minute against the real server, over HTTP."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession

from bot.clock import now
from intents.desk.seminar_records import NewSeminar
from storage.books import books
from storage.database import Database
from tests.benchmarks.engines import fresh
from tests.benchmarks.figures import show

PORT, A_MINUTE, SHORT, FULL = 8175, 50, 60, 300
URL = f"http://127.0.0.1:{PORT}/"
QUESTIONS = (
    "認証までの手順を教えてください",
    "モニタリング報告書はいつまでに出しますか",
    "説明会の定員は何人ですか",
    "クレジットはいくらで売れますか",
    "ボイラーを更新したらクレジットになりますか",
    "担当者の連絡先を教えてください",
)
Answer = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """What came of the requests: times in milliseconds by kind, what was not answered, and the receipts."""

    times: dict[str, list[float]] = field(default_factory=dict)
    bad: Counter[str] = field(default_factory=Counter)
    receipts: int = 0

    def took(self, kind: str, start: float) -> None:
        """Notes one request."""
        self.times.setdefault(kind, []).append((time.perf_counter() - start) * 1000)


def report(name: str, server_url: str, *, full: bool) -> None:
    """Runs the server on one engine under that load and prints the figures."""
    seconds = FULL if full else SHORT
    with fresh(server_url) as url, tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "JDESK_DATABASE_URL": url,
            "JDESK_DATA_DIR": folder,
            "JDESK_PORT": str(PORT),
            "JDESK_SECRET": "s" * 40,
            "JDESK_SECURE_COOKIES": "false",
        }
        migrating = [sys.executable, "-m", "bot", "migrate"]
        subprocess.run(migrating, env=environment, check=True, capture_output=True)
        _open_seminar(url)
        server = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=environment, stdout=-3, stderr=-3
        )
        try:
            _wait_until_ready()
            _show(name, seconds, asyncio.run(_load(seconds)))
        finally:
            server.terminate()
            server.wait(10)


def _open_seminar(url: str) -> None:
    starts = now() + timedelta(days=30)
    new = NewSeminar(
        title="説明会", starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=200, link=URL
    )
    database = Database(url)
    with books(database, now(), "staff:bench") as opened:
        opened.seminars.add(new)
    database.close()


def _wait_until_ready() -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{URL}readyz")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not get ready")


async def _load(seconds: int) -> Tally:
    """Sign-ups and questions in turn, each begun at its time whether or not those before it are done."""
    tally = Tally()
    count = A_MINUTE * seconds // 60
    async with ClientSession() as web:
        people = [_later(n * 60 / A_MINUTE, _sign_up(web, tally, n)) for n in range(count)]
        asked = [_later((n + 0.5) * 60 / A_MINUTE, _ask(web, tally, n)) for n in range(count)]
        await asyncio.gather(*people, *asked)
    return tally


async def _later(seconds: float, run: Any) -> None:
    await asyncio.sleep(seconds)
    await run


async def _ask(web: ClientSession, tally: Tally, number: int) -> None:
    await _post(web, tally, "question", {"text": QUESTIONS[number % len(QUESTIONS)]})


async def _sign_up(web: ClientSession, tally: Tally, number: int) -> None:
    """From the list by its button to the form, the check and the receipt: four requests of one visitor."""
    listed = await _post(web, tally, "list", {"text": "説明会の一覧"})
    session = {"session": listed["session"]}
    begun = await _post(web, tally, "begin", session | {"action": _token(listed, "offer")})
    form = next(part for part in _parts(begun) if part["kind"] == "form")
    typed = {
        "consent": "yes",
        "party": "1",
        "organisation": f"試験工業{number}",
        "name": "山田 太郎",
        "mail": f"p{number}@example.jp",
        "wants_consultation": "no",
    }
    fields = {one["name"]: typed.get(one["name"], one["value"]) for one in form["fields"]}
    check = await _post(web, tally, "form", session | {"form": {"token": form["token"], "fields": fields}})
    done = await _post(web, tally, "confirm", session | {"action": _token(check, "confirm")})
    tally.receipts += "R-" in done["reply"]["text"]


def _parts(answer: Answer) -> Iterator[Answer]:
    yield from answer["reply"]["parts"]


def _token(answer: Answer, style: str) -> str:
    choices = next(part for part in _parts(answer) if part.get("style") == style)
    return str(choices["options"][0]["token"])


async def _post(web: ClientSession, tally: Tally, kind: str, body: Answer) -> Answer:
    start = time.perf_counter()
    # A visitor brings no cookies here: the session in the body says who it is.
    web.cookie_jar.clear()
    async with web.post(f"{URL}api/chat", json={"lang": "ja"} | body) as response:
        answer: Answer = await response.json()
        tally.took(kind, start)
        if response.status != 200:
            tally.bad[f"{kind} {response.status}"] += 1
    return answer


def _show(name: str, seconds: int, tally: Tally) -> None:
    cores = len(os.sched_getaffinity(0))
    head = f"{name}: {A_MINUTE} sign-ups and {A_MINUTE} questions a minute, {seconds} s, {cores} cores"
    every = [took for times in tally.times.values() for took in times]
    show(f"{head} (goal: p95 < 1 s)", every)
    for kind, times in tally.times.items():
        show(f"  {kind:<9}", times)
    wanted = len(tally.times.get("confirm", ()))
    print(f"  receipts {tally.receipts} of {wanted}, not 200: {dict(tally.bad) or 0}", flush=True)
