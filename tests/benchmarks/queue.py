"""The staff's queue over ten thousand cases, seven in ten of them closed: rows and numbers from the tables, and its page."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from pydantic import SecretStr
from sqlalchemy import insert
from starlette.testclient import TestClient

from bot.server import application
from bot.settings import Settings
from bot.wiring import build
from intents.desk import staff
from intents.desk.books import Recipient
from intents.desk.case_records import CaseKind, CaseState, NewCase
from intents.desk.staff_books import Role, StaffMember
from intents.readers.area import AREA
from knowledge.model import Lang
from storage import knowledge_files
from storage.books import books
from storage.case_queue import NOBODYS, PAGE, Filter, counts, queue
from storage.case_rows import row_of
from storage.cases import FAR
from storage.database import Database
from storage.migrate import migrate
from storage.tables import case
from tests.benchmarks.engines import fresh
from tests.benchmarks.figures import share
from tests.kit import NOON, small_edition

CASES, CLOSED, ROUNDS, FULL_ROUNDS = 10_000, 0.7, 30, 200
GOAL = "goal: p95 <= 50 ms"
OWNERS = ("sato", "mori", "kato", "endo", "ota", "")
KINDS = tuple(CaseKind)
OPEN_STATES = (CaseState.NEW, CaseState.TAKEN, CaseState.TAKEN, CaseState.WAITING, CaseState.APPOINTMENT)
WORDS = (
    "ボイラー", "更新", "費用", "申請書", "モニタリング", "植林", "間伐", "太陽光", "照明", "LED", "空調", "補助金",
    "クレジット", "価格", "締切", "審査", "計画書", "ヒートポンプ", "バイオマス", "農地", "水田", "中干し",
)  # fmt: skip
NAMES = ("グリーン", "みどり", "青空", "日の出", "関東", "山川", "大地", "北里", "富士見", "白樺")
FORMS = ("株式会社{}", "{}工業株式会社", "有限会社{}", "{}森林組合", "{}農業協同組合", "{}市役所")
# What staff look for: by name of the figure, the fields of the page's form, the filter that it makes.
LOOKS: tuple[tuple[str, dict[str, str], Filter], ...] = (
    ("all", {}, Filter()),
    ("nobody's", {"owner": NOBODYS}, Filter(owner=NOBODYS)),
    ("one owner's, late", {"owner": "sato", "late": "1"}, Filter(owner="sato", late_at=NOON)),
    ("kind and prefecture", {"kind": "consultation", "prefecture": "茨城県"},
     Filter(kind=CaseKind.CONSULTATION, prefecture="茨城県")),
    ("forest desk, waiting", {"desk": "forest", "state": "waiting"},
     Filter(desk="forest", state=CaseState.WAITING)),
    ("closed", {"closed": "1"}, Filter(closed=True)),
    ("search: two words", {"q": "ボイラー 費用"}, Filter(text="ボイラー 費用")),
    ("search: closed", {"q": "ﾎﾞｲﾗｰ", "closed": "1"}, Filter(text="ﾎﾞｲﾗｰ", closed=True)),
    ("search: nothing there", {"q": "どこにもない"}, Filter(text="どこにもない")),
    ("search: a number", {"q": "K-04321"}, Filter(text="K-04321")),
)  # fmt: skip


def report(name: str, server_url: str, *, full: bool) -> None:
    """Fills the tables of one engine and prints the figures."""
    rounds = FULL_ROUNDS if full else ROUNDS
    with fresh(server_url) as url:
        database = Database(url)
        migrate(database)
        _fill(database)
        with _looking(database) as look:
            for title, _, which in LOOKS:
                _show(f"{name}: {PAGE} rows and numbers, {title}", look, which, rounds)
            _show(
                f"{name}: {PAGE} rows and numbers, page 20",
                lambda one: look(one, 19 * PAGE),
                Filter(),
                rounds,
            )
        with _browser(database, url) as get:
            for title, fields, _ in LOOKS:
                _show(f"{name}: the whole page, {title}", get, fields, rounds)
        database.close()


def _show(title: str, do: Callable[..., object], what: object, rounds: int) -> None:
    times = []
    for _ in range(rounds + 3):
        start = time.perf_counter()
        do(what)
        times.append((time.perf_counter() - start) * 1000)
    # The first ones fill caches of statements and templates.
    ordered = sorted(times[3:])
    p50, p95 = share(ordered, 0.5), share(ordered, 0.95)
    print(f"{title} ({GOAL}): p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {ordered[-1]:.1f} ms", flush=True)


@contextmanager
def _looking(database: Database) -> Iterator[Callable[..., None]]:
    """What a page of the queue reads, in one transaction."""

    def look(which: Filter, skip: int = 0) -> None:
        with database.look() as connection:
            queue(connection, which, skip)
            counts(connection, "sato", NOON)

    yield look


@contextmanager
def _browser(database: Database, url: str) -> Iterator[Callable[[dict[str, str]], None]]:
    """A signed-in browser before the whole application."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=url, data_dir=Path(folder), secret=SecretStr("s" * 40), secure_cookies=False
        )
        knowledge_files.replace(database, small_edition(), NOON)
        house = build(settings)
        with books(database, house.clock(), "staff:terminal") as opened:
            for one in filter(None, OWNERS):
                staff.add(opened, StaffMember(one, one, Role.DESK, desks=("general",)))
            token = staff.login(opened, "sato")
        headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin", "accept-language": "ja"}
        with TestClient(application(house, worker=False), headers=headers) as browser:
            browser.post(f"/console/login/{token}")

            def get(fields: dict[str, str]) -> None:
                answer = browser.get(f"/console?{urlencode(fields)}")
                assert answer.status_code == 200

            yield get


# ------------------------------------------------ ten thousand cases


def _fill(database: Database) -> None:
    dice = random.Random(1)
    rows = [_row(dice, number) for number in range(CASES)]
    with database.begin() as connection:
        for start in range(0, CASES, 500):
            connection.execute(insert(case), rows[start : start + 500])


def _row(dice: random.Random, number: int) -> dict[str, object]:
    opened_at = NOON - timedelta(minutes=40 * (CASES - number))
    closed = dice.random() < CLOSED if number < CASES * 0.9 else dice.random() < CLOSED / 3
    state = dice.choice((CaseState.DONE, CaseState.NOT_FOR_US)) if closed else dice.choice(OPEN_STATES)
    owner = "" if state is CaseState.NEW else dice.choice(OWNERS)
    # One in five of the open ones is late, one in five owes nothing.
    due = None if closed or dice.random() < 0.2 else NOON + timedelta(hours=dice.uniform(-20, 80))
    stands = {
        "state": state.value,
        "owner": owner,
        "desk": "forest" if dice.random() < 0.2 else "general",
        "promised_by": due,
        "due_at": due or FAR,
        "open": not closed,
        "outcome": "answered" if closed else None,
        "closed_at": opened_at + timedelta(hours=dice.uniform(1, 90)) if closed else None,
        "opened_at": opened_at,
        "changed_at": opened_at,
        "version": 2,
        "shown_version": 2,
    }
    return row_of(_new(dice, number)) | stands


def _new(dice: random.Random, number: int) -> NewCase:
    organisation = dice.choice(FORMS).format("".join(dice.sample(NAMES, 2)))
    return NewCase(
        kind=dice.choices(KINDS, (30, 25, 30, 8, 4, 3))[0],
        summary=" ".join(dice.choices(WORDS, k=dice.randint(4, 40))),
        to=Recipient(0, f"web:p{number}", f"p{number}@example.jp", Lang.JA),
        name="山田",
        organisation=organisation if dice.random() < 0.8 else "",
        prefecture=dice.choice(tuple(AREA)),
        methodology=dice.choice(("", "", "EN-S-001", "FO-001", "AG-005")),
    )
