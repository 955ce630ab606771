"""The register in the console: list, filters, pages, a new project, template, export, and import with a preview."""

import io
import re
from datetime import date

import pytest
from httpx import Response
from openpyxl import load_workbook
from starlette.testclient import TestClient

from bot.wiring import House
from intents.desk.projects import register
from intents.desk.projects.records import Certification, NewProject, Project
from storage import audit
from storage.books import books
from tests.bot.console.conftest import Browser
from tests.bot.console.office import STAFF, hidden, new_project, post

HEAD = "案件番号,プロジェクト名,実施者,登録申請日,登録日,担当者名,担当者メール\n"


def _find(house: House, project_id: str) -> Project | None:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        return opened.projects.find(project_id)


def _ids(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/console/projects/([^"]+)"', page)


def test_the_list_is_searched_filtered_and_narrowed(house: House, desk: TestClient) -> None:
    """Words in any width and whoever is in charge; each filter by itself; an empty page says how to go on."""
    assert "まだ登録されていません" in desk.get("/console/projects").text
    new_project(house, "P-1", title="ＬＥＤ照明", prefecture="茨城県", methodology="EN-S-006")
    new_project(house, "P-2", unverified=frozenset({"cp_end"}), organisation="やまと林業")
    with books(house.database, house.clock(), "staff:terminal") as opened:
        register.certify(opened, "P-1", Certification(date(2022, 10, 3)))
    found = {
        query: _ids(desk.get(f"/console/projects?{query}").text)
        for query in (
            "",
            "q=led",
            "q=青井 p-2",
            "q=（株）みどり",
            "prefecture=茨城県",
            "methodology=EN-S-006",
            "never_certified=1",
            "unverified=1",
            "without_contact=1",
            "q=100%25",
        )
    }
    assert found == {
        "": ["P-1", "P-2"],
        "q=led": ["P-1"],
        "q=青井 p-2": ["P-2"],
        "q=（株）みどり": ["P-1"],
        "prefecture=茨城県": ["P-1"],
        "methodology=EN-S-006": ["P-1"],
        "never_certified=1": ["P-2"],
        "unverified=1": ["P-2"],
        "without_contact=1": [],
        "q=100%25": [],
    }
    assert "条件に合う案件はありません" in desk.get("/console/projects?q=nothing").text


def test_pages_lead_on_and_back(house: House, desk: TestClient) -> None:
    """Fifty a page by id, the filter goes along, and the page before the first is the first."""
    with books(house.database, house.clock(), "staff:terminal") as opened:
        for number in range(120):
            opened.projects.add(_new(f"P-{number:03}"))
    seen: list[list[str]] = []
    page = ""
    url = "/console/projects?q=P"
    while url:
        page = desk.get(url).text
        seen.append(_ids(page))
        link = re.search(r'rel="next" href="([^"]+)"', page)
        url = link[1].replace("&amp;", "&") if link else ""
    assert [len(ids) for ids in seen] == [50, 50, 20]
    assert seen[0][0] == "P-000"
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back is not None
    assert "q=P" in back[1]
    assert _ids(desk.get(back[1].replace("&amp;", "&")).text) == seen[1]
    assert 'rel="prev"' not in desk.get("/console/projects?before=P-050").text


def _new(project_id: str) -> NewProject:
    return NewProject(project_id=project_id, title="t", organisation="o")


def test_looking_at_the_list_leaves_a_line(house: House, desk: TestClient) -> None:
    """People stand there by name."""
    desk.get("/console/projects")
    assert [line.action for line in audit.lines(house.database, "project:all")] == ["read"]


# ------------------------------------------------ a new one

WRONG = (
    ("title", ""),
    ("project_id", "a b"),
    ("project_id", "import"),
    ("organisation", "-"),
    ("registration_date", "2021-13-01"),
    ("expected_t", "many"),
    ("cp_end", "tomorrow"),
)


def test_what_is_wrong_with_a_new_one_stands_at_its_field(house: House, desk: TestClient) -> None:
    """What was typed elsewhere stays, and nothing is written."""
    good = {"project_id": "P-9", "title": "ボイラー", "organisation": "みどり", "cp_start": "令和3年12月1日"}
    for field, value in WRONG:
        answer = post(desk, "/console/projects/new", **(good | {field: value}))
        assert answer.status_code == 422, field
        assert f'id="project-{field}-error"' in answer.text, field
        assert 'value="令和3年12月1日"' in answer.text
    assert _find(house, "P-9") is None
    for _ in range(2):
        assert (
            post(desk, "/console/projects/new", **good)
            .headers["location"]
            .startswith("/console/projects/P-9?")
        )
    found = _find(house, "P-9")
    assert found is not None
    assert (found.cp_start, found.version) == (date(2021, 12, 1), 1)
    assert post(desk, "/console/projects/new", **(good | {"title": "別"})).status_code == 422


# ------------------------------------------------ files


def test_template_and_export_are_read_again(house: House, desk: TestClient) -> None:
    """The template has a sheet for each table; what is exported changes nothing when it is imported."""
    new_project(house, title="=1+1", registration_date=date(2021, 12, 1))
    book = load_workbook(io.BytesIO(desk.get("/console/projects/template/xlsx").content))
    assert book.sheetnames == ["projects", "certifications", "periods", "instruments", "items", "columns"]
    word = hidden(desk.get("/console/projects").text, "csrf")
    for kind in ("xlsx", "csv"):
        content = desk.post("/console/projects/export", data={"csrf": word, "kind": kind}).content
        assert "変更なし 1件" in _import(desk, content).text
    lines = audit.lines(house.database, "export:projects")
    assert next(line.after for line in lines if line.after) == {
        "rows": {"projects": 1, "certifications": 0, "periods": 0, "instruments": 0, "items": 0},
        "format": "xlsx",
    }
    assert desk.get("/console/projects/template/exe").status_code == 404


def _import(desk: TestClient, content: bytes, **more: str) -> Response:
    word = hidden(desk.get("/console/projects/import").text, "csrf")
    files = {"file": ("list.csv", content)}
    answer: Response = desk.post("/console/projects/import", data={"csrf": word, **more}, files=files)
    return answer


def _again(desk: TestClient, page: str, *names: str) -> Response:
    fields = {name: hidden(page, name) for name in ("csrf", "content", *names)}
    answer: Response = desk.post("/console/projects/import", data=fields)
    return answer


def test_an_import_is_previewed_taken_and_its_bad_rows_given_back(house: House, desk: TestClient) -> None:
    """Nothing is written before that; contradictions are said and marked; the rest comes as a file with reasons."""
    text = HEAD + "P-1,更新,みどり,2022-12-01,2022-11-24,青井,aoi@example.jp\nP-2,,みどり,,あした,,\n"
    preview = _import(desk, text.encode("cp932"))
    assert preview.status_code == 200
    for said in ("新規 1件", "取り込まない行 1件", "登録日が登録申請日より前です", "2021-12-01、2021/12/1"):
        assert said in preview.text
    assert _find(house, "P-1") is None
    taken = _again(desk, preview.text, "confirm")
    assert "取り込みました。新規 1件" in taken.text
    found = _find(house, "P-1")
    assert found is not None
    assert found.unverified == {"registration_application_date", "registration_date"}
    aside = desk.post(
        "/console/projects/import",
        data={name: hidden(taken.text, name) for name in ("csrf", "content")} | {"aside": "1"},
    )
    assert aside.headers["content-type"].startswith("text/csv")
    rows = aside.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("row,reason,案件番号")
    assert rows[1].startswith("3,")
    assert len(rows) == 2


def test_what_changed_after_the_preview_is_shown_anew(house: House, desk: TestClient) -> None:
    """Nobody agrees to what they have not seen."""
    new_project(house, "P-1", title="前")
    preview = _import(desk, (HEAD + "P-1,後,みどり,,,,\n").encode())
    with books(house.database, house.clock(), "staff:other") as opened:
        register.change(opened, "P-1", title="間")
    again = _again(desk, preview.text, "confirm")
    assert "間 → 後" in again.text
    assert _again(desk, again.text, "confirm").status_code == 200
    found = _find(house, "P-1")
    assert found is not None
    assert found.title == "後"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが選ばれていません"),
        (b"\xd0\xcf\x11\xe0xx", ".xls"),
        (b"PK\x03\x04broken", "Excel ファイルとして読めません"),
        (b"a,b\n1,2\n", "見出しの行が見つかりません"),
        (HEAD.encode(), "見出しだけ"),
        (b"\x89PNG\0\0", "表のファイルではありません"),
        (b"x" * 1_500_000, "大きすぎます"),
        ((HEAD + "".join(f"P{n},t,o,,,,\n" for n in range(3001))).encode(), "3000行まで"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_a_reason(
    desk: TestClient, content: bytes, said: str
) -> None:
    """Each with what to do about it."""
    answer = _import(desk, content)
    assert answer.status_code == 409
    assert said in answer.text


def test_readers_see_the_list_and_no_buttons(house: House, signed_in: Browser) -> None:
    """They look, and that is all."""
    new_project(house)
    page = signed_in(STAFF["reader"]).get("/console/projects").text
    assert _ids(page) == ["P-1"]
    assert "/console/projects/new" not in page
    assert "/console/projects/export" not in page
