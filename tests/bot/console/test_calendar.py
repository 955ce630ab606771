"""The dates that staff enter, in the console: rounds, windows and rules; who may what, wrong, stale and twice."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from bot.wiring import House
from intents.desk.projects.records import Round, Window, WindowKind
from intents.desk.projects.rounds import put_round
from storage import audit
from storage.books import books
from tests.bot.console.conftest import Browser
from tests.bot.console.office import STAFF, standing

PATH = "/console/calendar"
WINDOW = {
    "kind": "support",
    "name": "登録支援",
    "year": "",
    "opens_on": "2026-04-20",
    "closes_at": "2026-10-30 14:00",
    "levels": "50、80",
    "source": "窓口",
}


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> House:
    """A house in which it is noon on the day of the first edition, whenever this runs."""
    return standing(tmp_path, migrated_file)


def _forms(page: str, action: str) -> list[dict[str, str]]:
    """The hidden fields of each form that is sent there."""
    found = [one.partition("</form>")[0] for one in page.split(f'action="{PATH}/{action}"')[1:]]
    return [dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', one)) for one in found]


def _send(browser: TestClient, action: str, fields: dict[str, str], place: int = 0) -> Response:
    form = _forms(browser.get(PATH).text, action)[place]
    answer: Response = browser.post(f"{PATH}/{action}", data=form | fields)
    return answer


def _rounds(house: House) -> tuple[Round, ...]:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        return opened.calendars.rounds()


def _windows(house: House) -> tuple[Window, ...]:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        return opened.calendars.windows()


def test_rounds_are_entered_and_changed(house: House, desk: TestClient) -> None:
    """Any way of writing a date; twice is once; an empty date is not known; a taken number is named."""
    assert "回はまだ登録されていません" in desk.get(PATH).text
    for _ in range(2):
        answer = _send(desk, "round", {"number": "第60回", "cutoff": "R8.12.18", "held_on": "2027/2/10"})
        assert answer.status_code == 303
    assert _rounds(house) == (Round(60, date(2027, 2, 10), date(2026, 12, 18)),)
    assert _send(desk, "round", {"cutoff": "", "held_on": "2027-02-11"}, place=1).status_code == 303
    assert _rounds(house) == (Round(60, date(2027, 2, 11)),)
    taken = _send(desk, "round", {"number": "60", "cutoff": "2026-12-01"})
    assert taken.status_code == 409
    assert 'id="round-number-error"' in taken.text
    lines = audit.lines(house.database, "round:60")
    assert [line.action for line in lines] == ["entered", "entered"]
    assert lines[1].before == {"number": 60, "held_on": "2027-02-10", "cutoff": "2026-12-18"}


WRONG = (
    ({"number": ""}, "number"),
    ({"number": "x"}, "number"),
    ({"number": "60", "cutoff": "soon"}, "cutoff"),
    ({"number": "60", "cutoff": "2026-12-18", "held_on": "2026-12-01"}, "held_on"),
)


@pytest.mark.parametrize(("fields", "at"), WRONG)
def test_what_is_wrong_with_a_round_stands_at_its_field(
    house: House, desk: TestClient, fields: dict[str, str], at: str
) -> None:
    """Nothing is entered, and what was typed is still there."""
    answer = _send(desk, "round", fields)
    assert answer.status_code == 409
    assert f'id="round-{at}-error"' in answer.text
    assert f'value="{fields.get("held_on", "")}"' in answer.text
    assert _rounds(house) == ()


def test_a_round_that_was_changed_meanwhile_is_shown(house: House, desk: TestClient) -> None:
    """What stands there now beside what was typed; pressed again it is written."""
    _send(desk, "round", {"number": "60", "cutoff": "2026-12-18"})
    form = _forms(desk.get(PATH).text, "round")[1] | {"cutoff": "2026-12-20", "held_on": ""}
    with books(house.database, house.clock(), "staff:other") as opened:
        put_round(opened, Round(60, None, date(2026, 12, 25)))
    stale = desk.post(f"{PATH}/round", data=form)
    assert stale.status_code == 409
    assert "いま保存されている内容: 2026-12-25" in stale.text
    again = _forms(stale.text, "round")[1] | {"cutoff": "2026-12-20", "held_on": ""}
    assert desk.post(f"{PATH}/round", data=again).status_code == 303
    assert _rounds(house) == (Round(60, None, date(2026, 12, 20)),)


def test_a_window_from_its_form_to_its_end(house: House, desk: TestClient) -> None:
    """The running year by itself; the share as of a day; all gone closes it; nothing is asked of it then."""
    for _ in range(2):
        assert _send(desk, "window", WINDOW).status_code == 303
    (window,) = _windows(house)
    assert (window.kind, window.year, window.levels) == (WindowKind.SUPPORT, 2026, (50, 80))
    assert window.closes_at == datetime(2026, 10, 30, 5, tzinfo=UTC)
    assert _send(desk, "window", WINDOW | {"opens_on": ""}).status_code == 409
    used = _send(desk, "used", {"used": "70", "used_as_of": "2026-11-01"})
    assert used.status_code == 303, used.text
    page = desk.get(PATH).text
    assert "執行率 70%（2026-11-01 時点）" in page
    assert '<meter min="0" max="100" value="70"' in page
    assert _send(desk, "used", {"used": "101"}).status_code == 409
    assert _send(desk, "used", {"used": "80", "used_as_of": "2027-01-01"}).status_code == 409
    assert _send(desk, "used", {"used": "100"}).status_code == 303
    (over,) = _windows(house)
    assert (over.used, over.used_as_of, over.closed_at) == (100, date(2026, 11, 24), house.clock())
    assert _forms(desk.get(PATH).text, "close") == []


def test_a_window_is_closed_by_hand(house: House, desk: TestClient) -> None:
    """Pressed twice it is closed once."""
    _send(desk, "window", WINDOW)
    form = _forms(desk.get(PATH).text, "close")[0]
    assert [desk.post(f"{PATH}/close", data=form).status_code for _ in range(2)] == [303, 303]
    assert [line.action for line in audit.lines(house.database, "window:1")] == ["added", "closed"]


def test_editors_set_rules_and_the_desk_does_not(house: House, signed_in: Browser) -> None:
    """Switch and settings, each once however often it is pressed; wrong values stand at their field."""
    assert _forms(signed_in(STAFF["desk"]).get(PATH).text, "rules/DL-10") == []
    editor = signed_in(STAFF["editor"])
    switch = _forms(editor.get(PATH).text, "rules/DL-10")[0] | {"switch": "on"}
    assert [editor.post(f"{PATH}/rules/DL-10", data=switch).status_code for _ in range(2)] == [303, 303]
    month = _forms(editor.get(PATH).text, "rules/DL-05")[1]
    wrong = editor.post(f"{PATH}/rules/DL-05", data=month | {"submission_month": "13"})
    assert wrong.status_code == 409
    assert 'id="rule-DL-05-submission_month-error"' in wrong.text
    assert 'value="13"' in wrong.text
    for _ in range(2):
        answer = editor.post(f"{PATH}/rules/DL-05", data=month | {"submission_month": "5月"})
        assert answer.status_code == 303
    stale = editor.post(f"{PATH}/rules/DL-05", data=month | {"submission_month": "6"})
    assert stale.status_code == 409
    assert "いま保存されている内容: 5" in stale.text
    with books(house.database, house.clock(), "staff:terminal") as opened:
        assert opened.calendars.settings() == {
            "DL-05": {"submission_month": "5"},
            "DL-10": {"enabled": "yes"},
        }
    assert editor.post(f"{PATH}/rules/DL-99", data=switch).status_code == 404
    assert [line.action for line in audit.lines(house.database, "rule:DL-10")] == ["switched"]


def test_readers_look(house: House, signed_in: Browser) -> None:
    """All rules with how firm they are, and no form."""
    page = signed_in(STAFF["reader"]).get(PATH).text
    for said in ("DL-01", "DL-28", "規則", "推奨", "要確認"):
        assert said in page
    assert f'action="{PATH}' not in page
