"""The queue: what stands in it, filters, search, pages, and what has come in since."""

from starlette.testclient import TestClient

from bot.wiring import House
from tests.bot.console.conftest import Browser
from tests.bot.console.office import STAFF, new_case, post


def _numbers(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('<th scope="row"><a href="/console/cases/')[1:]]


def test_a_row_says_what_it_is_and_how_much_time_is_left(house: House, desk: TestClient) -> None:
    """Number, kind, state, about, organisation, prefecture, owner, time left and why."""
    new_case(house)
    page = desk.get("/console").text
    for text in (
        "K-00001",
        "答えられなかった質問",
        "新規",
        "水素ボイラー",
        "株式会社みどり",
        "茨城県",
        "未定",
        "約束した返事の期限",
    ):
        assert text in page


def test_taking_from_the_list(house: House, desk: TestClient, signed_in: Browser) -> None:
    """The quicker one has it; the other learns who."""
    number = new_case(house).number
    assert post(desk, f"/console/cases/{number}/take").status_code == 303
    other = signed_in(STAFF["editor"])
    answer = post(other, f"/console/cases/{number}/take")
    assert answer.status_code == 409
    assert "大" in answer.text
    assert f'action="/console/cases/{number}/take"' not in other.get("/console").text


FOUND = {
    "": ["K-00001", "K-00002"],
    "?q=水素": ["K-00001"],
    "?q=K-00002": ["K-00002"],
    "?q=やまと+森林": ["K-00002"],
    "?owner=-": ["K-00002"],
    "?owner=me": ["K-00001"],
    "?owner=dai": ["K-00001"],
    "?state=taken": ["K-00001"],
    "?kind=question&prefecture=長野県": ["K-00002"],
    "?desk=forest": [],
    "?late=1": [],
    "?closed=1": [],
    "?state=nonsense&kind=x&page=x": ["K-00001", "K-00002"],
    "?q=%00%ED%A0%80": [],
    "?page=99999999999999999999": ["K-00001", "K-00002"],
}


def test_filters_and_search(house: House, desk: TestClient) -> None:
    """What does not fit is not shown; nonsense narrows nothing."""
    first = new_case(house).number
    new_case(house, "森林のことを聞きたい", "やまと林業", prefecture="長野県")
    post(desk, f"/console/cases/{first}/take")
    for query, found in FOUND.items():
        page = desk.get(f"/console{query}")
        assert page.status_code == 200
        assert _numbers(page.text) == found, query


def test_an_empty_page_says_why(house: House, desk: TestClient) -> None:
    """No case at all is one thing, none that matches another, with the way out."""
    assert "受付中の件はありません" in desk.get("/console").text
    new_case(house)
    page = desk.get("/console?q=そんなものはない").text
    assert "条件に合う件はありません" in page
    assert 'href="/console">すべて表示する' in page


def test_fifty_a_page(house: House, desk: TestClient) -> None:
    """The filter goes along from page to page."""
    for place in range(52):
        new_case(house, f"質問{place}")
    first = desk.get("/console?q=質問").text
    assert len(_numbers(first)) == 50
    assert "page=2" in first
    second = desk.get("/console?q=質問&page=2").text
    assert len(_numbers(second)) == 2
    assert not set(_numbers(first)) & set(_numbers(second))


def test_news_count_what_came_since(house: House, desk: TestClient) -> None:
    """The page knows its newest case, and asks only for what is newer."""
    new_case(house)
    assert 'data-after="1"' in desk.get("/console").text
    assert desk.get("/console/queue.json?after=1").json() == {"count": 0, "text": ""}
    new_case(house)
    news = desk.get("/console/queue.json?after=1").json()
    assert (news["count"], news["text"]) == (1, "新しい件が1件届いています。")


def test_a_reader_takes_nothing_and_sees_no_address(house: House, signed_in: Browser) -> None:
    """No button is there to be pressed in vain; a mail address shows its domain only."""
    number = new_case(house, "連絡先は taro.yamada@example.jp です").number
    reader = signed_in(STAFF["reader"])
    for path in ("/console", f"/console/cases/{number}", "/console/organisations/みどり"):
        page = reader.get(path).text
        assert "taro.yamada" not in page
        assert "midori@" not in page
        assert 'action="/console/cases' not in page
    assert "m…@example.jp" in reader.get(f"/console/cases/{number}").text
