"""The clock's signs of life: heard by readiness inside, missed by a watcher outside when they stop."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copyfile

import pytest
from pydantic import SecretStr
from sqlalchemy import update
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from bot.clock import now
from bot.doctor import findings
from bot.health import Health
from bot.heartbeat import SCHEDULER, SILENT, Heart, Watcher
from bot.schedule import Pace, do_due, ticking
from bot.server import application
from bot.settings import Settings
from bot.wiring import House, build
from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import heartbeats, knowledge_files
from storage.books import books
from storage.database import Database
from storage.tables import seminar_registration
from tests.bot.channels.mail.post_office import free_port
from tests.kit import CACHE, NOON, clock, small_edition

SECOND = timedelta(seconds=1)
# Seconds: a minute and its grace, made short.
PERIOD, GRACE = 0.1, 0.7
QUICK = Pace(beat=PERIOD, due=PERIOD / 2, call=PERIOD)
PEN = Pen(load_notices(), load_wording())


@dataclass
class Outside:
    """A watcher on the network: notes each call, answers as told, and alarms after a period and its grace."""

    status: int = 200
    hangs: bool = False
    paths: list[str] = field(default_factory=list)
    heard: float = 0.0
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def alarms(self) -> bool:
        """Whether nobody has called for too long."""
        return time.monotonic() - self.heard > PERIOD + GRACE

    def called(self, path: str) -> int:
        """Notes a call; gives the answer to it."""
        self.paths.append(path)
        self.heard = time.monotonic()
        if self.hangs:
            self.released.wait(10)
        return self.status


@pytest.fixture
def outside() -> Iterator[Outside]:
    """A watcher that listens."""
    watcher = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(watcher.called(self.path))
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Into no output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=partial(server.serve_forever, 0.05))
    thread.start()
    watcher.url = f"http://127.0.0.1:{server.server_port}/ping/secret-name"
    yield watcher
    watcher.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path, outside: Outside) -> Iterator[House]:
    """A house that calls that watcher."""
    copyfile(migrated_file, tmp_path / "jdesk.sqlite3")
    settings = Settings(data_dir=tmp_path, cache_dir=CACHE, heartbeat_url=SecretStr(outside.url))
    house = build(settings)
    knowledge_files.replace(house.database, small_edition(), clock())
    house.live.current()
    yield house
    house.database.close()


async def _until(found: Callable[[], object], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not found():
            await asyncio.sleep(0.01)


def _beats_since(database: Database, before: datetime | None) -> bool:
    return heartbeats.last(database).get(SCHEDULER) != before


# ------------------------------------------------ the watcher outside


def test_dead_man_alarms_when_only_the_scheduler_stops(house: House, outside: Outside) -> None:
    """While it ticks, all is quiet; after it stopped, the rest of the process goes on and the alarm comes in time."""

    async def run() -> None:
        async with ticking(house, QUICK):
            await _until(lambda: len(outside.paths) >= 2)
            end = time.monotonic() + PERIOD + GRACE
            while time.monotonic() < end:
                assert not outside.alarms
                await asyncio.sleep(0.02)
        assert set(outside.paths) == {"/ping/secret-name"}
        await asyncio.sleep(PERIOD + GRACE + 0.05)
        assert outside.alarms

    asyncio.run(run())
    assert Health(house.database, house.clock).problems() == []


def test_dead_man_is_not_called_without_an_address(house: House, outside: Outside) -> None:
    """The twin: nobody outside hears of a clock that was told of nobody."""
    deaf = build(Settings(data_dir=house.settings.data_dir, cache_dir=CACHE))
    deaf.live.current()

    async def run() -> None:
        async with ticking(deaf, QUICK):
            await _until(lambda: heartbeats.last(deaf.database))
            await asyncio.sleep(3 * PERIOD)

    asyncio.run(run())
    deaf.database.close()
    assert outside.paths == []


def _break(database: Database) -> None:
    """A seminar soon, with somebody to remind of it whose language nobody knows."""
    soon = now() + timedelta(days=1)
    with books(database, now(), "staff:t") as opened:
        found = opened.seminars.add(NewSeminar(title="会", starts_at=soon, ends_at=soon, capacity=1))
        wanted = SignUp(to=Recipient(0, "web:p1", "", Lang.JA), name="山田", organisation="個人")
        opened.seminars.register(found.id, wanted, SeatState.CONFIRMED)
    with database.begin() as connection:
        long_ago = soon - timedelta(days=30)
        connection.execute(update(seminar_registration).values(lang="xx", confirmed_at=long_ago))


def test_dead_man_hears_nothing_of_rounds_that_break(house: House, outside: Outside) -> None:
    """A clock that beats and does not get through its work counts as stopped."""
    _break(house.database)

    async def run() -> None:
        async with ticking(house, QUICK):
            await _until(lambda: heartbeats.last(house.database))
            await asyncio.sleep(3 * PERIOD)

    with capture_logs():
        asyncio.run(run())
    assert outside.paths == []


def test_a_watcher_that_hangs_holds_nothing_up(house: House, outside: Outside) -> None:
    """The loop turns and the clock beats while the call waits for its answer."""
    outside.hangs = True

    async def run() -> None:
        async with ticking(house, QUICK):
            await _until(lambda: outside.paths)
            for _ in range(3):
                before = heartbeats.last(house.database).get(SCHEDULER)
                await _until(partial(_beats_since, house.database, before), 5)
            assert len(outside.paths) == 1
            outside.released.set()

    asyncio.run(run())


def test_a_call_follows_a_round_that_ran_through(outside: Outside) -> None:
    """None before the first round, and one for however many rounds."""
    watcher = Watcher(outside.url)
    watcher.call()
    assert outside.paths == []
    watcher.well()
    watcher.well()
    watcher.call()
    watcher.call()
    assert len(outside.paths) == 1


@pytest.mark.parametrize(("status", "noted"), [(500, 500), (404, 404), (0, None)])
def test_a_failed_call_is_noted_without_the_address(outside: Outside, status: int, noted: int | None) -> None:
    """Refused or not there: a line in the log, and the next round calls again."""
    outside.status = status
    watcher = Watcher(outside.url if status else f"http://127.0.0.1:{free_port()}/secret-name")
    with capture_logs() as logs:
        for _ in range(2):
            watcher.well()
            watcher.call()
    assert [(line["event"], line["status"]) for line in logs] == [("watcher_not_reached", noted)] * 2
    assert "secret" not in str(logs)


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "ftp://x", "127.0.0.1/x", "http://[x", "http://x:y/"]
)
def test_what_is_no_address_is_never_called(url: str) -> None:
    """Nor does it break the clock."""
    watcher = Watcher(url)
    watcher.well()
    watcher.call()


@contextmanager
def _held(database: Database) -> Iterator[None]:
    """Somebody writes and does not come to an end."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.begin():
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        yield
    finally:
        done.set()
        holder.join()


def test_a_round_without_the_database_did_not_run_through(house: House) -> None:
    """It raises nothing, and yet nothing was done."""

    def wants_to_write(_: object) -> Iterator[Callable[[object], Iterator[Callable[[object, Pen], None]]]]:
        yield lambda _: iter([lambda *_: None])

    with _held(house.database), capture_logs():
        assert not do_due(house.database, clock, PEN, [wants_to_write])
    assert do_due(house.database, clock, PEN, [wants_to_write])


# ------------------------------------------------ readiness


def _problems(heart: Heart, database: Database, after: timedelta) -> list[str]:
    return Health(database, lambda: NOON + after, stopped=heart.stopped).problems()


def test_health_ready_fails_within_half_a_minute_of_the_last_beat(database: Database) -> None:
    """After the start there is as long for the first one; what another process beats does not count."""
    knowledge_files.replace(database, small_edition(), NOON)
    after = [timedelta()]
    heart, other = (Heart(database, lambda: NOON + after[0]) for _ in range(2))

    def look(seconds: int) -> list[str]:
        after[0] = seconds * SECOND
        return _problems(heart, database, after[0])

    assert look(100) == []
    heart.start()
    other.start()
    assert look(130) == []
    other.beat()
    assert look(131) == ["scheduler"]
    heart.beat()
    assert (look(161), look(162)) == ([], ["scheduler"])
    assert heartbeats.last(database) == {SCHEDULER: NOON + 131 * SECOND}


def test_health_ready_of_a_process_that_does_not_tick(database: Database) -> None:
    """The twin: where no clock was started, none is missed, however late it is."""
    knowledge_files.replace(database, small_edition(), NOON)
    assert _problems(Heart(database, clock), database, timedelta(days=1)) == []


def test_health_ready_of_the_whole_process(house: House) -> None:
    """The page that a load balancer asks: ready from the start, and not when half a minute has gone by unheard."""
    ahead = [timedelta()]
    late = build(house.settings, lambda: now() + ahead[0])
    with TestClient(application(late, worker=False)) as client:
        assert client.get("/readyz").status_code == 200
        ahead[0] = SILENT + 5 * SECOND
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["problems"]) == (503, ["scheduler"])
        late.heart.beat()
        assert client.get("/readyz").status_code == 200
        assert client.get("/healthz").status_code == 200
    late.database.close()


# ------------------------------------------------ doctor


def _told(settings: Settings, name: str) -> set[str]:
    return {found.problem for found in findings(settings, now) if found.name == name} - {""}


@pytest.mark.parametrize(
    ("url", "problem"),
    [("", "no_watcher"), ("https://watch.example/x", ""), ("watch.example/x", "not_a_web_address")],
)
def test_doctor_looks_at_the_watchers_address(tmp_path: Path, url: str, problem: str) -> None:
    """None is a note, one that cannot be called is a fault."""
    settings = Settings(data_dir=tmp_path, heartbeat_url=SecretStr(url))
    assert _told(settings, "JDESK_HEARTBEAT_URL") == ({problem} if problem else set())
    serious = {found.problem for found in findings(settings, now) if found.serious}
    assert ("not_a_web_address" in serious) == (problem == "not_a_web_address")


def test_doctor_says_whether_any_clock_runs(house: House) -> None:
    """By the newest beat of any process."""
    assert _told(house.settings, "scheduler") == {"nobody_ticks"}
    heartbeats.beat(house.database, SCHEDULER, now() - SILENT * 2)
    assert _told(house.settings, "scheduler") == {"nobody_ticks"}
    heartbeats.beat(house.database, SCHEDULER, now())
    assert _told(house.settings, "scheduler") == set()
