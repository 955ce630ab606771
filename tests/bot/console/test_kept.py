"""What was typed is never lost: a session that ended meanwhile, a page of an older session, a fault of ours."""

import pytest
from sqlalchemy import Update, delete, update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.wiring import House
from storage.books import books
from storage.tables import case, staff, staff_session
from tests.bot.console.conftest import Browser
from tests.bot.console.office import OURS, STAFF, hidden, new_case, sign_in

TEXT = "お問い合わせありがとうございます"


def _sent(browser: TestClient, number: str, **more: str) -> dict[str, str]:
    page = browser.get(f"/console/cases/{number}").text
    return {name: hidden(page, name) for name in ("csrf", "version", "reference")} | {"text": TEXT} | more


def _end_sessions(house: House) -> None:
    with house.database.begin() as connection:
        connection.execute(delete(staff_session))


def _notes(house: House, number: str) -> list[str]:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        found = opened.cases.find(number)
        assert found is not None
        return [note.text for note in opened.cases.notes(found)]


def _kept(page: str) -> dict[str, str]:
    assert f"{TEXT}</textarea>" in page
    return {name: hidden(page, name) for name in ("csrf", "version", "reference")} | {"text": TEXT}


def test_a_session_that_ended_keeps_the_text(house: House, desk: TestClient) -> None:
    """401 with the text; after signing in elsewhere one press asks once more, and the next one sends."""
    number = new_case(house).number
    path, fields = f"/console/cases/{number}/reply", _sent(desk, number)
    _end_sessions(house)
    ended = desk.post(path, data=fields)
    assert ended.status_code == 401
    assert "別のタブ" in ended.text
    assert f'action="{path}"' in ended.text
    assert desk.post(path, data=_kept(ended.text)).status_code == 401, "still nobody"
    sign_in(desk, house, STAFF["desk"])
    again = desk.post(path, data=_kept(ended.text))
    assert again.status_code == 403
    assert _notes(house, number) == []
    assert desk.post(path, data=_kept(again.text)).status_code == 303
    assert _notes(house, number) == [TEXT]


def test_what_another_site_sends_is_not_shown_to_be_sent_again(house: House, desk: TestClient) -> None:
    """Neither with a session nor without: nobody must be led into confirming what they did not write."""
    number = new_case(house).number
    fields = _sent(desk, number)
    for evil in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = desk.post(f"/console/cases/{number}/reply", data=fields | {"csrf": ""}, headers=evil)
        assert answer.status_code == 403
        assert TEXT not in answer.text
    _end_sessions(house)
    answer = desk.post(
        f"/console/cases/{number}/reply", data=fields, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 401
    assert TEXT not in answer.text


def test_a_choice_goes_along_and_is_no_text(house: House, desk: TestClient) -> None:
    """Of several values each one; a file cannot be kept, and the page says so."""
    fields = {"csrf": "old", "way": "phone", "slot": ["1", "2"], "reason": "x"}
    page = desk.post(
        "/console/slots/withdraw", data=fields, files={"list": ("a.csv", b"R-00001", "text/csv")}
    ).text
    assert page.count('type="hidden" name="slot"') == 2
    assert 'type="hidden" name="way" value="phone"' in page
    assert page.count("<textarea") == 1
    assert "選び直して" in page


@pytest.mark.parametrize("broken", [update(case).values(state="x"), update(staff).values(role="x")])
def test_a_fault_that_nobody_foresaw_has_a_page(house: House, app: Starlette, broken: Update) -> None:
    """500 with the text and the trace that the log has; here a row holds what none can hold."""
    number = new_case(house).number
    browser = TestClient(app, headers=OURS, follow_redirects=False, raise_server_exceptions=False)
    browser.portal = app.state.portal
    sign_in(browser, house, STAFF["desk"])
    fields = _sent(browser, number)
    with house.database.begin() as connection:
        connection.execute(broken)
    answer = browser.post(f"/console/cases/{number}/reply", data=fields)
    assert answer.status_code == 500
    assert answer.headers["x-trace"] in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert _kept(answer.text) == fields


PAGES = {
    "/console/slots/withdraw": "/console/slots",
    "/console/audit/verify": "/console/audit",
    "/console/exports/cases": "/console/exports",
    "/console/cases/{number}/appoint": "/console/cases/{number}",
    "/console/seminars/new": "/console/seminars/new",
    "/console/people/dai": "/console/people",
    "/console/people/dai/link": "/console/people",
    "/console/gaps/1/publish": "/console/gaps",
    "/console/logout": "/console",
}


def test_the_other_language_leads_to_a_page(house: House, signed_in: Browser) -> None:
    """What was refused stands under the address of its form, which nobody can open: the link leads to where the form is."""
    number, admin = new_case(house).number, signed_in(STAFF["admin"])
    for sent, shown in PAGES.items():
        answer = admin.post(sent.format(number=number), data={"csrf": "old"})
        link = f'href="{shown.format(number=number)}?lang=en"'
        assert link in answer.text, sent
        assert admin.get(f"{shown.format(number=number)}?lang=en").status_code == 200
        admin.get("/console?lang=ja")
