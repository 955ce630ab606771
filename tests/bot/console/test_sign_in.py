"""Signing in, the session that it opens, and how it ends."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.console.guard import COOKIE
from bot.wiring import House
from intents.desk import staff
from intents.desk.staff_books import Role
from storage import audit
from storage.books import books
from tests.bot.console.conftest import Browser
from tests.bot.console.office import OURS, STAFF, hidden, link_for, new_case, post, sign_in


def test_opening_a_link_uses_nothing_up(house: House, signed_in: Browser) -> None:
    """Scanners of mail follow links; only the button signs in."""
    browser, link = signed_in(""), link_for(house, STAFF["desk"])
    for _ in range(3):
        page = browser.get(f"/console/login/{link}")
        assert page.status_code == 200
        assert page.text.count("<button") == 1
    assert browser.post(f"/console/login/{link}").headers["location"] == "/console"
    assert browser.get("/console").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(house: House, signed_in: Browser) -> None:
    """HttpOnly, strict, for the console only; nothing but https where that is demanded."""
    answer = signed_in("").post(f"/console/login/{link_for(house, STAFF['desk'])}")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith(COOKIE))
    kept = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/console"} <= kept
    # 256 random bits.
    assert len(cookie.partition("=")[2].partition(";")[0]) >= 43


@pytest.mark.parametrize("how", ["used", "expired", "wrong"])
def test_a_link_that_does_not_work_says_how_to_get_another(
    house: House, signed_in: Browser, how: str
) -> None:
    """403, the advice, and a line in the audit."""
    link = link_for(house, STAFF["desk"]) if how == "used" else "nonsense"
    if how == "used":
        signed_in("").post(f"/console/login/{link}")
    if how == "expired":
        early = house.clock() - timedelta(minutes=16)
        with books(house.database, early, "staff:terminal") as opened:
            link = staff.login(opened, STAFF["desk"])
    answer = signed_in("").post(f"/console/login/{link}")
    assert answer.status_code == 403
    assert "/jdesk login" in answer.text
    assert "login-link" in answer.text
    # Anybody can make links up, so of those the record has one line a minute and not one each.
    kept = "refused" if how == "wrong" else "login_refused"
    assert kept in {line.action for line in audit.lines(house.database)}


def test_without_a_session_the_page_says_how_to_get_one(signed_in: Browser) -> None:
    """And one that followed a link from elsewhere is asked again by our own page, which brings the strict cookie."""
    answer = signed_in("").get("/console", headers={"sec-fetch-site": "none"})
    assert (answer.status_code, "/jdesk login" in answer.text) == (401, True)
    assert 'http-equiv="refresh"' not in answer.text
    again = signed_in("").get("/console", headers={"sec-fetch-site": "cross-site"})
    assert 'http-equiv="refresh"' in again.text


def test_signing_out_ends_the_session_for_good(signed_in: Browser, app: Starlette) -> None:
    """Also for a copy of the cookie."""
    browser = signed_in(STAFF["desk"])
    copy = TestClient(app, headers=OURS, cookies={COOKIE: browser.cookies[COOKIE]})
    assert copy.get("/console").status_code == 200
    assert post(browser, "/console/logout").status_code == 200
    assert browser.get("/console").status_code == 401
    assert copy.get("/console").status_code == 401


def test_a_changed_role_ends_the_session(house: House, signed_in: Browser) -> None:
    """Nobody goes on with rights that they no longer have."""
    browser = signed_in(STAFF["editor"])
    with books(house.database, house.clock(), "staff:terminal") as opened:
        staff.change(opened, STAFF["editor"], role=Role.READER)
    assert browser.get("/console/gaps").status_code == 401


def test_the_session_of_somebody_else_gives_their_rights_and_no_more(
    house: House, signed_in: Browser
) -> None:
    """The word of one session is worth nothing in another."""
    case = new_case(house)
    admin, desk = signed_in(STAFF["admin"]), signed_in(STAFF["desk"])
    word = hidden(admin.get("/console").text, "csrf")
    answer = desk.post(f"/console/cases/{case.number}/take", data={"csrf": word})
    assert answer.status_code == 403
    assert desk.get("/console/people").status_code == 403


ELSEWHERE: tuple[dict[str, str], ...] = (
    {"origin": "https://evil.example"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {},
)


def test_what_another_site_sends_is_refused(house: House, app: Starlette) -> None:
    """Even with the cookie and the word of the session; a browser that says nothing at all is not believed."""
    case = new_case(house)
    ours = TestClient(app, headers=OURS, follow_redirects=False)
    sign_in(ours, house, STAFF["desk"])
    word = hidden(ours.get("/console").text, "csrf")
    for headers in ELSEWHERE:
        theirs = TestClient(app, headers=headers, cookies={COOKIE: ours.cookies[COOKIE]})
        answer = theirs.post(f"/console/cases/{case.number}/take", data={"csrf": word})
        assert answer.status_code == 403, headers
    with books(house.database, house.clock(), "staff:terminal") as opened:
        found = opened.cases.find(case.number)
    assert found is not None
    assert found.owner == ""


def test_a_post_without_the_word_is_refused(house: House, desk: TestClient) -> None:
    """And so is one with a wrong one."""
    number = new_case(house).number
    for fields in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "水"}):
        assert desk.post(f"/console/cases/{number}/take", data=fields).status_code == 403


def test_too_much_is_refused_before_it_is_read(house: House, desk: TestClient) -> None:
    """And what is no form gets a sentence, not a fault."""
    number = new_case(house).number
    assert desk.post(f"/console/cases/{number}/note", content=b"x" * (3 * 1024 * 1024)).status_code == 413
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert desk.post(f"/console/cases/{number}/note", content=b"nonsense", headers=kind).status_code == 400


def test_every_page_carries_the_safety_headers(desk: TestClient) -> None:
    """No inline script or style is needed, and none would run."""
    for path in ("/console", "/console/slots", "/console/nothing", "/console/people"):
        answer = desk.get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert answer.headers["cache-control"] == "no-store"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text


def test_the_language_is_kept(desk: TestClient) -> None:
    """One link changes it, and the next page speaks it, too."""
    assert '<html lang="en">' in desk.get("/console?lang=en").text
    assert '<html lang="en">' in desk.get("/console/slots").text
