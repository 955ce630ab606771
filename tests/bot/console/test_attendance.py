"""Lists of who came, as spreadsheets save them and people type them: nobody on one may be kept as absent in silence."""

import time
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.seminar_csv import Listed, listed, names_at
from bot.wiring import House
from intents.desk.refused import Refused
from storage.tables import seminar as seminar_table
from tests.bot.console.office import hidden, new_seminar, sign_up

ONE = ("R-00001",)
LISTS = {
    "R-00001": ONE,
    "R-00001 佐藤": ONE,
    "佐藤(R-00001)": ONE,
    "佐藤R-00001様": ONE,
    "Ｒ－００００１": ONE,
    "R−00001": ONE,
    "Rー００００１": ONE,
    "r00001": ONE,
    "R-1": ONE,
    "R-00001;佐藤": ONE,
    "佐藤；R-00001": ONE,
    "出席者\nR-00001\t佐藤": ONE,
    '"佐藤\n花子",R-00001': ONE,
    "'R-00001": ONE,
    "R-00001,R-00002": ("R-00001", "R-00002"),
    "R-00001\rR-00002\r": ("R-00001", "R-00002"),
    "山田,hana＠ｅｘａｍｐｌｅ．ｊｐ": ("hana@example.jp",),
    "花 <hana@example.jp>": ("hana@example.jp",),
    # Neither a year of Reiwa nor the end of another word.
    "R7年12月5日の説明会": (),
    "TR-00001": (),
    "R-00001a": (),
    "": (),
}
CODES = ("utf-8", "utf-8-sig", "utf-16", "cp932")


@pytest.mark.parametrize("code", CODES)
def test_every_way_of_writing_a_number(code: str) -> None:
    """In any width, with any separator, in every code page that spreadsheets use."""
    for text, names in LISTS.items():
        if code != "cp932" or text.encode("cp932", "ignore").decode("cp932") == text:
            assert listed(text.encode(code)).names == names, text


def test_lines_that_name_nobody_are_told() -> None:
    """Title, heading and a person without a number; empty lines are no lines."""
    text = "出席者一覧\r\n番号,名前\r\n\r\nR-00001,佐藤\r\n,鈴木\r\n"
    assert listed(text.encode("cp932")) == Listed(ONE, ("出席者一覧", "番号 名前", "鈴木"))


BROKEN = {
    '"佐藤,R-00001\nR-00002\n': "list_broken",
    '"' + "あ" * 140_000: "list_broken",
    "PK\x03\x04…": "list_book",
}


def test_what_cannot_be_read_to_its_end_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With a sentence, also in the terminal; half a list would keep the other half as absent."""
    for text, problem in BROKEN.items():
        with pytest.raises(Refused, match=problem):
            listed(text.encode())
        file = tmp_path_factory.mktemp("list") / "came.csv"
        file.write_text(text, "utf-8")
        with pytest.raises(Refused, match="file_broken"):
            names_at(file)


def test_the_page_tells_which_lines_it_passed_over(house: House, desk: TestClient) -> None:
    """Before anything is kept; what cannot be read is refused with a sentence, not with a fault."""
    seminar = new_seminar(house, days=1)
    came = sign_up(house, seminar, "came@example.jp")
    with house.database.begin() as connection:
        began = house.clock() - timedelta(hours=3)
        connection.execute(seminar_table.update().values(starts_at=began, ends_at=began + timedelta(hours=2)))
    word, path = hidden(desk.get("/console").text, "csrf"), f"/console/seminars/{seminar.number}/attendance"

    def send(content: bytes) -> tuple[int, str]:
        answer = desk.post(path, data={"csrf": word}, files={"list": ("came.csv", content, "text/csv")})
        return answer.status_code, answer.text

    status, page = send(f"題名\r\n{came}\t佐藤\r\n\t鈴木 花\r\n".encode("utf-16"))
    assert status == 200
    assert "2行を読み飛ばしました" in page
    assert "<li>鈴木 花</li>" in page
    assert "出席: 1件、欠席: 0件" in page
    assert send(f"{came}\r".encode())[0] == 200
    for broken, sentence in (('"' + "x" * 140_000, "引用符"), ("PK\x03\x04", ".xlsx")):
        status, page = send(broken.encode())
        assert (status, sentence in page) == (409, True)


@pytest.mark.parametrize("text", ["x" * 130_000, "@" * 130_000, "R-" * 60_000, '"",' * 40_000])
def test_reading_is_quick_whatever_is_in_it(text: str) -> None:
    """No file makes the office wait."""
    began = time.perf_counter()
    listed(text.encode())
    assert time.perf_counter() - began < 1
