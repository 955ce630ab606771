"""Numbers as they are typed, what readers must not see, when a look counts, and how quickly the gaps are there."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from bot.console.masking import masked
from bot.console.nearest import Nearest
from bot.console.numbers import whole_number
from bot.wiring import House
from storage import audit
from storage.staff import SEEN_STEP
from storage.tables import staff_session
from tests.bot.console.conftest import Browser
from tests.bot.console.office import STAFF, new_case, new_seminar, post
from tests.kit import NOON

MASKED = {
    "連絡先は taro.yamada@example.jp です": "連絡先は t…@example.jp です",
    "メールはtaro@example.jpです": "メールはt…@example.jpです",
    "ｙａｍａｄａ＠ｅｘａｍｐｌｅ．ｊｐ": "ｙ…＠ｅｘａｍｐｌｅ．ｊｐ",
    "yamada@ｅxample.jp": "y…@ｅxample.jp",
    "山田@日本.jp": "山…@日本.jp",
    "a@b.jp、c@d.jp": "a…@b.jp、c…@d.jp",
    "電話は090-1234-5678です": "電話は090…です",
    "０９０ー１２３４ー５６７８": "０９０…",
    "09012345678": "090…",
    "03（1234）5678まで": "03（…まで",
    "+81 90-1234-5678": "+81…",
    "048-600-0432": "048…",
}
UNTOUCHED = (
    "2026-12-08 から 2026-12-09",
    "K-00012 と R-00001",
    "0.5t-CO2、1,000,000円",
    "09:00-10:00",
    "@sato さん",
    "ＪＣＭ㍿ ㌔",
    "",
)


def test_neither_addresses_nor_telephone_numbers_are_left() -> None:
    """In narrow and in wide letters; the first letter and the domain say enough to those who only look."""
    assert {text: masked(text) for text in MASKED} == MASKED
    assert [masked(text) for text in UNTOUCHED] == list(UNTOUCHED)


@pytest.mark.parametrize("text", ["a" * 20_000, "あ" * 20_000, "0-" * 10_000, "@" * 20_000])
def test_masking_is_quick_whatever_was_typed(text: str) -> None:
    """No text makes a page wait."""
    began = time.perf_counter()
    masked(text)
    assert time.perf_counter() - began < 1


def test_a_reader_sees_no_number_of_a_telephone(house: House, signed_in: Browser) -> None:
    """Neither in the queue nor on the page; the desk does."""
    number = new_case(house, "電話０９０ー１２３４ー５６７８か ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ へ").number
    for path in ("/console", f"/console/cases/{number}", "/console/organisations/みどり"):
        page = signed_in(STAFF["reader"]).get(path).text
        assert "１２３４" not in page
        assert "ａｒｏ" not in page
    assert "１２３４" in signed_in(STAFF["desk"]).get("/console").text


NUMBERS = {
    "1": 1,
    " 20 ": 20,
    "0010": 10,
    "0": None,
    "101": None,
    "000000100999": None,
    "0000001009999999999999999999": None,
    "9" * 5000: None,
    "９": None,
    "-1": None,
    "1.0": None,
    "": None,
    " ": None,
}


def test_whole_numbers_are_read_once_and_as_a_whole() -> None:
    """What was checked is what is used."""
    assert {text: whole_number(text, 1, 100) for text in NUMBERS} == NUMBERS
    assert whole_number("000", 0, 1) == 0


def test_no_number_makes_a_fault(house: House, desk: TestClient) -> None:
    """Refused where it stands: seats, minutes, slots, hours with a zone of their own."""
    seminar, long = new_seminar(house).number, "0000001009999999999999999999"
    for act in ("raise", "lower"):
        assert post(desk, f"/console/seminars/{seminar}/{act}", to=long).status_code == 409
    assert post(desk, f"/console/seminars/{seminar}/raise", to="000000100999").status_code == 409
    slot = {"days": "2030-01-21", "from": "10:00", "to": "12:00", "minutes": "60", "way": "phone"}
    for wrong in ({"minutes": long}, {"from": "10:00+09:00"}, {"from": "24:00"}, {"to": "12:00:00"}):
        assert post(desk, "/console/slots", **(slot | wrong)).status_code == 409, wrong
    assert post(desk, "/console/slots", **(slot | {"from": "9:00", "confirm": "yes"})).status_code == 303
    assert post(desk, "/console/slots/withdraw", slot=long).status_code == 409
    made = post(desk, "/console/seminars/new", title="会", capacity=long)
    assert 'id="seminar-capacity-error"' in made.text


def test_the_last_page_comes_after_the_last_page(house: House, desk: TestClient) -> None:
    """A page that is no more shows what there is; so does a slash too many."""
    new_case(house)
    for path in ("/console?page=999", "/console/", "/console/?lang=ja"):
        answer = desk.get(path)
        assert answer.status_code == 200
        assert "K-00001" in answer.text, path
        assert "1件のうち 1〜1件目" in answer.text


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(house: House, desk: TestClient) -> None:
    """Eight hours without a hand on the keys end a session, though its queue stays open; a page that is opened counts."""

    def seen() -> object:
        with house.database.look() as connection:
            return connection.scalar(staff_session.select().with_only_columns(staff_session.c.seen_at))

    with house.database.begin() as connection:
        connection.execute(update(staff_session).values(seen_at=house.clock() - 2 * SEEN_STEP))
    before = seen()
    assert desk.get("/console/queue.json?after=0").status_code == 200
    assert seen() == before
    assert desk.get("/console/help").status_code == 200
    assert seen() != before
    with house.database.begin() as connection:
        connection.execute(update(staff_session).values(seen_at=house.clock() - timedelta(hours=8)))
    assert desk.get("/console/queue.json?after=0").status_code == 401


def test_lists_of_what_people_wrote_leave_one_line(house: House, signed_in: Browser) -> None:
    """For each person and ten minutes; asking for news leaves none."""
    editor = signed_in(STAFF["editor"])
    assert editor.get("/console/queue.json?after=0").status_code == 200
    assert not audit.lines(house.database, "queue")
    for path in ("/console", "/console?q=x", "/console/gaps", "/console/gaps"):
        assert editor.get(path).status_code == 200
    for subject in ("queue", "gaps"):
        lines = audit.lines(house.database, subject)
        assert [(one.actor, one.action, one.reason) for one in lines] == [("staff:eri", "read", "console")]


def test_the_nearest_entry_is_looked_up_once(house: House) -> None:
    """A thousand questions cost their time once a day and edition."""
    mind, nearest = house.live.current(), Nearest()
    texts = [f"質問{place}の手数料はいくら" for place in range(200)]
    began = time.perf_counter()
    first = [nearest.by(mind, NOON.date())(text) for text in texts]
    middle = time.perf_counter()
    assert [nearest.by(mind, NOON.date())(text) for text in texts] == first
    assert time.perf_counter() - middle < (middle - began) / 5
