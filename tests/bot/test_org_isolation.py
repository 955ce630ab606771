"""A thousand reads as one organisation never show anything of another one, whatever is guessed or tampered with."""

import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.channels.web.session import COOKIE
from bot.server import application
from bot.settings import Settings
from bot.wiring import House, build
from intents.desk import seminars, seminars_staff
from intents.desk.books import Recipient
from intents.desk.consultation_books import Meeting, NewSlot
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.notices import load_notices
from knowledge.model import Lang
from storage import knowledge_files
from storage.books import books
from storage.tables import action_token, case, message
from tests.kit import clock, small_edition

READS = 1000
ORDERS = ("申し込みを確認したい", "自分の相談を見たい")
# What only that organisation ever wrote or was told.
SECRET = {"a": "甲野蓄熱工業", "b": "乙川畜産加工"}
Read = Callable[[TestClient], str]


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> House:
    """A house with a web chat alone."""
    copyfile(migrated_file, tmp_path / "jdesk.sqlite3")
    house = build(Settings(data_dir=tmp_path, secret=SecretStr("s" * 40), secure_cookies=False))
    knowledge_files.replace(house.database, small_edition(), clock())
    return house


@pytest.fixture
def visitors(house: House) -> Iterator[dict[str, TestClient]]:
    """Two organisations, each with a question, a case, a seat and a booked time."""
    app = application(house, worker=True)
    with TestClient(app) as running:
        both = {name: TestClient(app) for name in SECRET}
        for name, browser in both.items():
            # In one loop with the office, whose answers would else wait for its next look.
            browser.portal = running.portal
            _fill(house, name, browser)
        yield both


def _fill(house: House, name: str, browser: TestClient) -> None:
    secret = SECRET[name]
    asked = browser.post("/api/chat", json={"text": f"蓄熱レンガの劣化はどう扱いますか {secret}"}).json()
    number = re.findall(r"K-\d{5}", asked["reply"]["text"])[0]
    starts = house.clock().replace(year=house.clock().year + 1)
    new = NewSeminar(title=f"会 {name}", starts_at=starts, ends_at=starts.replace(minute=59), capacity=5)
    with books(house.database, house.clock(), "clock") as opened:
        found = opened.cases.find(number)
        assert found is not None
        to = Recipient(found.to.conversation, found.to.person, "", Lang.JA)
        letters = letters_with_buttons(opened.links, load_notices(), house.wording)
        seminar = seminars_staff.create(opened, new)
        seminars.sign_up(opened, letters, seminar.number, SignUp(to=to, name=secret, organisation=secret))
        slot = opened.consultations.publish(NewSlot(starts, starts.replace(minute=59), Meeting.PHONE, secret))
        opened.consultations.book(slot, number, to, secret)
    for _ in range(100):
        if "/calendar/" in browser.get("/").text:
            return
        time.sleep(0.05)
    raise AssertionError("the letter about the seat did not arrive")


def _reads(house: House, chance: random.Random) -> Iterator[Read]:
    """One read after the other: own pages, guessed numbers, the buttons and letters of others, forged sessions."""
    with house.database.look() as connection:
        tokens = list(connection.scalars(select(action_token.c.token)))
        letters = list(connection.scalars(select(message.c.id)))
        numbers = [f"K-{id_:05d}" for id_ in connection.scalars(select(case.c.id))]

    def press(browser: TestClient) -> str:
        return str(browser.post("/api/chat", json={"action": chance.choice(tokens)}).text)

    def order(browser: TestClient) -> str:
        text = chance.choice((*ORDERS, *numbers, "R-00002", "B-00002 を取り消す"))
        return str(browser.post("/api/chat", json={"text": text}).text)

    def calendar(browser: TestClient) -> str:
        return str(browser.get(f"/calendar/{chance.choice((*letters, chance.randrange(99)))}.ics").text)

    def letter(browser: TestClient) -> str:
        return str(browser.get(f"/press/{chance.choice(tokens)}").text)

    def forged(browser: TestClient) -> str:
        session = browser.cookies[COOKIE][:-3] + "".join(chance.choices("abcdefgh", k=3))
        return str(browser.get("/api/chat/stream", params={"session": session}).text)

    def staff(browser: TestClient) -> str:
        page = chance.choice((f"cases/{chance.choice(numbers)}", "organisations", "exports", ""))
        return str(browser.get(f"/console/{page}".rstrip("/")).text)

    def page(browser: TestClient) -> str:
        return str(browser.get("/", params={"lang": chance.choice(("ja", "en"))}).text)

    kinds = (press, order, page, calendar, letter, forged, staff)
    yield from chance.choices(kinds, weights=(3, 5, 4, 38, 20, 15, 15), k=READS)


def test_nothing_of_another_organisation_is_ever_read(house: House, visitors: dict[str, TestClient]) -> None:
    """And what is looked for would be found: to its own organisation each of these shows it."""
    chance = random.Random(20261124)
    browser, other = visitors["a"], visitors["b"]
    leaks = [read.__name__ for read in _reads(house, chance) if SECRET["b"] in read(browser)]
    assert leaks == []
    own = other.post("/api/chat", json={"text": ORDERS[1]}).text
    assert SECRET["b"] in other.get("/").text
    assert SECRET["b"] in own
