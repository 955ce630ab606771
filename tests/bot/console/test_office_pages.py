"""Seminars, times, organisations, people, gaps, the record and exports: what the office does there, through its forms."""

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from bot.wiring import House
from intents.desk.seats import SeatState
from storage import audit, knowledge_files
from storage.books import books
from storage.tables import detail
from storage.tables import seminar as seminar_table
from tests.bot.console.conftest import Browser
from tests.bot.console.office import STAFF, hidden, new_case, new_seminar, post, sign_up

SEMINAR = {
    "title": "はじめての J-クレジット",
    "starts": "2030-01-20T13:30",
    "ends": "2030-01-20T15:30",
    "capacity": "30",
    "kind": "seminar",
    "ways": "both",
    "venue": "さいたま新都心",
    "link": "https://example.com/join",
    "deadline": "2030-01-18T17:00",
    "questions": "何を聞きたいですか\n\n人数は",
    "offer_hours": "48",
    "state": "draft",
}


def _page(browser: TestClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


# ------------------------------------------------ seminars


def test_a_seminar_from_its_form_to_open_sign_up(house: House, desk: TestClient) -> None:
    """Every field that the terminal has; then sign-up begins and ends."""
    answer = post(desk, "/console/seminars/new", **SEMINAR)
    assert answer.status_code == 303, answer.text
    with books(house.database, house.clock(), "staff:terminal") as opened:
        made = opened.seminars.listing()[0]
    assert (made.questions, made.offer_hours, made.venue) == (
        ("何を聞きたいですか", "人数は"),
        48,
        "さいたま新都心",
    )
    for act, state in (("open", "open"), ("close", "closed")):
        assert post(desk, f"/console/seminars/{made.number}/{act}").status_code == 303
        with books(house.database, house.clock(), "staff:terminal") as opened:
            assert opened.seminars.listing()[0].state == state


WRONG_SEMINARS = (
    ("title", ""),
    ("starts", "あした"),
    ("capacity", "0"),
    ("capacity", "９９"),
    ("ways", "train"),
    ("link", "http://x"),
    ("ends", "2030-01-20T13:00"),
    ("deadline", "2031-01-01T00:00"),
    ("venue", ""),
    ("offer_hours", "1"),
    ("questions", "1\n2\n3\n4"),
)


def test_what_is_wrong_with_a_seminar_stands_at_its_field(desk: TestClient) -> None:
    """The others keep what was typed, and nothing is made."""
    for field, value in WRONG_SEMINARS:
        answer = post(desk, "/console/seminars/new", **(SEMINAR | {field: value}))
        assert answer.status_code == 422
        assert f'id="seminar-{field}-error"' in answer.text, field
        kept = "ends" if field == "title" else "title"
        assert f'value="{SEMINAR[kept]}"' in answer.text
    assert "まだありません" in _page(desk, "/console/seminars")


def test_more_seats_are_previewed_before_anybody_is_written_to(house: House, desk: TestClient) -> None:
    """Who would be offered a seat, and how many letters; pressing on does exactly that."""
    seminar = new_seminar(house, capacity=1)
    sign_up(house, seminar, "first@example.jp")
    waiting = sign_up(house, seminar, "second@example.jp", "やまと林業")
    path = f"/console/seminars/{seminar.number}/raise"
    preview = post(desk, path, to="2", reason="会場が広い")
    assert preview.status_code == 200
    for told in ("1席 → 2席", waiting, "やまと林業", "送る通知: 1通"):
        assert told in preview.text
    assert _state(house, waiting) is SeatState.WAITING
    seen = hidden(preview.text, "confirm")
    third = sign_up(house, seminar, "third@example.jp")
    assert post(desk, path, to="3", confirm=seen).status_code == 200, "somebody else would get in as well"
    assert _state(house, third) is SeatState.WAITING
    assert post(desk, path, to="2", confirm=seen, reason="会場が広い").status_code == 303
    assert _state(house, waiting) is SeatState.OFFERED
    assert post(desk, path.replace("raise", "lower"), to="1").status_code == 409
    assert post(desk, path, to="たくさん").status_code == 409


def _state(house: House, number: str) -> SeatState:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        found = opened.seminars.registration(number)
    assert found is not None
    return found.state


def test_attendance_is_previewed_from_a_box_or_a_file(house: House, desk: TestClient) -> None:
    """Matched and unknown are shown first; kept when pressed on; an empty list says so."""
    seminar = new_seminar(house, days=1)
    came, absent = sign_up(house, seminar, "came@example.jp"), sign_up(house, seminar, "absent@example.jp")
    with house.database.begin() as connection:
        began = house.clock() - timedelta(hours=3)
        connection.execute(seminar_table.update().values(starts_at=began, ends_at=began + timedelta(hours=2)))
    path = f"/console/seminars/{seminar.number}/attendance"
    assert post(desk, path, names="だれか").status_code == 409
    word = hidden(_page(desk, "/console"), "csrf")
    files = {"list": ("came.csv", f"番号,名前\r\n{came},だれか\r\n".encode("cp932"), "text/csv")}
    preview = desk.post(path, data={"csrf": word, "names": "nobody@example.jp"}, files=files)
    assert preview.status_code == 200
    assert "出席: 1件、欠席: 1件" in preview.text
    assert "nobody@example.jp" in preview.text
    names = re.findall(r'name="names" value="([^"]*)"', preview.text)[0]
    assert post(desk, path, names=names, confirm="yes").status_code == 303
    with books(house.database, house.clock(), "staff:terminal") as opened:
        found = [opened.seminars.registration(number) for number in (came, absent)]
    assert [one and one.attended for one in found] == [True, False]


# ------------------------------------------------ times for consultations


def test_times_are_published_for_several_days_and_withdrawn(house: House, desk: TestClient) -> None:
    """The same days twice are once; a day off is asked about first."""
    fields = {
        "days": "2030-01-21 2030-01-22",
        "from": "10:00",
        "to": "12:00",
        "minutes": "60",
        "way": "phone",
    }
    warned = post(desk, "/console/slots", **fields)
    assert (warned.status_code, "まだ公開していません" in warned.text) == (200, True)
    for _ in (1, 2):
        assert post(desk, "/console/slots", **fields, confirm="yes").status_code == 303
    assert _page(desk, "/console/slots").count('name="slot"') == 4
    assert post(desk, "/console/slots/withdraw", slot="1").status_code == 303
    assert _page(desk, "/console/slots").count('name="slot"') == 3
    with books(house.database, house.clock(), "staff:terminal") as opened:
        assert len(opened.consultations.free()) == 3


WRONG_SLOTS = ("days=", "days=あした", "from=25:00", "to=09:00", "minutes=0", "way=online", "way=")


def test_wrong_times_are_explained(desk: TestClient) -> None:
    """In the words of the form, not of the terminal; what was typed stands there again."""
    right = {"days": "2030-01-21", "from": "10:00", "to": "12:00", "minutes": "60", "way": "phone"}
    for wrong in WRONG_SLOTS:
        name, _, value = wrong.partition("=")
        answer = post(desk, "/console/slots", **(right | {name: value, "adviser": "佐藤"}))
        assert answer.status_code == 409, wrong
        assert "--" not in answer.text
        assert 'value="佐藤"' in answer.text


# ------------------------------------------------ organisations


def test_an_organisation_is_one_page_however_it_is_written(house: House, desk: TestClient) -> None:
    """Cases, promises, registrations and people of both ways of writing it; those of others are not there."""
    new_case(house, "一つ目")
    new_case(house, "二つ目", "みどり(株)", name="若葉")
    new_case(house, "よその件", "やまと林業", name="大和")
    sign_up(house, new_seminar(house), "hana@example.jp", "㈱みどり")
    listed = _page(desk, "/console/organisations?q=みどり")
    link = re.findall(r'href="(/console/organisations/[^"?]+)"', listed)
    assert len(link) == 1
    page = _page(desk, link[0])
    for told in ("一つ目", "二つ目", "緑川", "若葉", "hana", "S-0001", "約束した返事の期限"):
        assert told in page
    assert "よその件" not in page
    assert "大和" not in page
    assert "該当する団体はありません" in _page(desk, "/console/organisations?q=ないない")


def test_questions_of_its_people_stand_on_its_page(
    house: House, desk: TestClient, visitor: TestClient
) -> None:
    """Whoever wrote for it in the chat: what they asked there is theirs."""
    visitor.post("/api/chat", json={"text": "蓄熱レンガの劣化はどう扱いますか"})
    person = _person(house)
    with house.database.begin() as connection:
        row = {"person": person, "name": "organisation", "text": "株式会社みどり", "at": house.clock()}
        connection.execute(detail.insert().values(row))
    assert "蓄熱レンガの劣化" in _page(desk, "/console/organisations/みどり")


def _person(house: House) -> str:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        found = opened.cases.find("K-00001")
    assert found is not None
    return found.to.person


# ------------------------------------------------ people and the record


def test_somebody_new_gets_a_link_that_is_shown_once(house: House, signed_in: Browser) -> None:
    """Added, given a link, changed and shut out; each with its line in the record."""
    admin = signed_in(STAFF["admin"])
    new = {"name": "ueda", "display": "上田", "role": "desk", "prefectures": "茨城県"}
    assert post(admin, "/console/people", **new).status_code == 303
    shown = post(admin, "/console/people/ueda/link")
    link = re.findall(r"http://testserver(/console/login/[^<]+)<", shown.text)[0]
    assert link not in _page(admin, "/console/people")
    stranger = signed_in("")
    assert stranger.post(link).status_code == 303
    assert stranger.get("/console").status_code == 200
    assert post(admin, "/console/people/ueda", display="上田", role="desk").status_code == 303
    assert stranger.get("/console").status_code == 401
    assert post(admin, "/console/people/ueda/link").status_code == 409
    actions = [line.action for line in audit.lines(house.database, "staff:ueda")]
    assert actions == ["added", "login_issued", "signed_in", "removed"]


def test_wrong_people_are_explained_and_nobody_locks_themselves_out(signed_in: Browser) -> None:
    """What was typed stands there again; the last administrator stays one."""
    admin = signed_in(STAFF["admin"])
    bad = post(admin, "/console/people", name="Ueda!", display="上田", role="desk")
    assert (bad.status_code, 'value="Ueda!"' in bad.text) == (409, True)
    assert post(admin, "/console/people", name="dai", display="大", role="desk").status_code == 409
    for fields in ({"role": "desk", "active": "1"}, {"role": "admin"}):
        assert post(admin, "/console/people/aki", display="亜紀", **fields).status_code == 409
    assert post(admin, "/console/people/nobody", display="x", role="desk").status_code == 404


def test_the_record_is_shown_and_verified(house: House, signed_in: Browser) -> None:
    """By subject, newest first, and whether it holds."""
    admin, number = signed_in(STAFF["admin"]), new_case(house).number
    page = _page(admin, f"/console/audit?subject=case:{number}")
    assert "opened" in page
    assert "signed_in" not in page
    verified = post(admin, "/console/audit/verify")
    assert "すべて書かれたときのまま" in verified.text
    wrong = post(admin, "/console/audit/verify", noted="f" * 64)
    assert "控えの値は" in wrong.text


# ------------------------------------------------ gaps


def test_two_people_turn_a_gap_into_a_phrasing(house: House, signed_in: Browser, visitor: TestClient) -> None:
    """One proposes, the other publishes; the edition has it, and the gap is gone."""
    editor, admin = signed_in(STAFF["editor"]), signed_in(STAFF["admin"])
    visitor.post("/api/chat", json={"text": "蓄熱レンガの劣化はどう扱いますか"})
    assert "蓄熱レンガ" in _page(editor, "/console/gaps")
    event = re.findall(r'name="events" value="([\d,]+)"', _page(editor, "/console/gaps"))[0]
    entry = next(iter(house.live.current().edition.entries))
    fields = {"decision": "phrasing", "events": event, "text": "蓄熱レンガの劣化", "entry": entry}
    assert post(editor, "/console/gaps/new", **(fields | {"entry": "nothing-like-it"})).status_code == 422
    assert post(editor, "/console/gaps/new", **(fields | {"text": ""})).status_code == 422
    assert post(editor, "/console/gaps/new", **fields).status_code == 303
    assert post(editor, "/console/gaps/1/publish").status_code == 409
    before = knowledge_files.live_name(house.database)
    assert post(admin, "/console/gaps/1/publish").status_code == 303
    assert knowledge_files.live_name(house.database) != before
    assert any("蓄熱レンガの劣化" in text for text in knowledge_files.load(house.database).values())
    assert "蓄熱レンガ" not in _page(editor, "/console/gaps")
    assert post(admin, "/console/gaps/1/refuse", reason="やめる").status_code == 409


def test_a_refused_proposal_opens_the_gap_again(signed_in: Browser, visitor: TestClient) -> None:
    """With a reason, which nobody may leave out."""
    editor = signed_in(STAFF["editor"])
    visitor.post("/api/chat", json={"text": "蓄熱レンガの劣化はどう扱いますか"})
    event = re.findall(r'name="events" value="([\d,]+)"', _page(editor, "/console/gaps"))[0]
    form = _page(editor, f"/console/gaps/new?decision=new_entry&events={event}&text=蓄熱レンガ")
    assert 'value="蓄熱レンガ"' in form
    fields = {"decision": "out_of_scope", "events": event, "text": "蓄熱レンガの劣化について"}
    assert post(editor, "/console/gaps/new", **fields).status_code == 303
    assert "言い回しを足す" not in _page(editor, "/console/gaps")
    assert post(editor, "/console/gaps/1/refuse", reason=" ").status_code == 409
    assert post(editor, "/console/gaps/1/refuse", reason="範囲内です").status_code == 303
    assert "言い回しを足す" in _page(editor, "/console/gaps")


# ------------------------------------------------ exports


@pytest.mark.parametrize("table", ["cases", "registrations", "organisations", "offsets"])
def test_every_table_as_csv_and_as_excel(house: House, desk: TestClient, table: str) -> None:
    """The same rows in both; a formula that somebody typed is text; the record keeps who took how many."""
    new_case(house, "=1+1")
    sign_up(house, new_seminar(house), "hana@example.jp", "＝SUM(A1)")
    text = post(desk, f"/console/exports/{table}", kind="csv")
    rows = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(post(desk, f"/console/exports/{table}", kind="xlsx").content)).active
    assert sheet is not None
    cells = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    # Numbers of nothing are 0 in both; an empty cell is empty in both.
    plain = [[cell.removeprefix("'") if cell != "0" else "" for cell in row] for row in rows]
    assert [[cell if cell != "0" else "" for cell in row] for row in cells] == plain
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "＝", "+", "-", "@"))]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "n"}
    line = audit.lines(house.database, f"export:{table}")[-1]
    assert (line.actor, line.action) == ("staff:dai", "exported")
    assert line.after == {"rows": len(rows) - 1, "format": "xlsx"}


def test_registrations_of_one_seminar(house: House, desk: TestClient) -> None:
    """Only those; the file's name says what it is."""
    first, second = new_seminar(house), new_seminar(house, "ほか")
    sign_up(house, first, "hana@example.jp")
    sign_up(house, second, "taro@example.jp")
    answer = post(desk, "/console/exports/registrations", kind="csv", seminar=second.number)
    assert "taro@example.jp" in answer.text
    assert "hana@example.jp" not in answer.text
    assert "registrations-" in answer.headers["content-disposition"]
    assert post(desk, "/console/exports/registrations", kind="csv", seminar="S-9999").status_code == 404
    assert post(desk, "/console/exports/secrets", kind="csv").status_code == 404
