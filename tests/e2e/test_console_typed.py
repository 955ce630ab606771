"""What staff type in a real browser: nothing of it is lost without a question."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from sqlalchemy import delete

from storage.tables import staff_session
from tests.e2e.axe import findings
from tests.e2e.demo_office import DemoOffice, demo_office
from tests.e2e.test_console import signed_in

PORT = 8193

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """The demo with its cases."""
    with demo_office(tmp_path_factory.mktemp("typed"), PORT) as running:
        yield running


def _asked(page: Page) -> list[str]:
    """Stays whenever the browser asks whether to leave; gives what it asked so far."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def test_what_is_typed_is_not_left_without_a_question(visitor: BrowserContext, office: DemoOffice) -> None:
    """By another form, a key, the menu, the language; the form itself leaves at once."""
    page = signed_in(visitor, office)
    page.goto(f"{office.url}console/cases/K-00004")
    page.wait_for_load_state()
    asked = _asked(page)
    page.locator("#reply-text").fill("書きかけの返事")
    page.keyboard.press("Escape")
    links, take = page.locator(".menu a, .langs a"), page.locator("form[action$='/take'] button")
    ways: tuple[Callable[[], None], ...] = (
        lambda: page.keyboard.press("g"),
        lambda: page.keyboard.press("t"),
        lambda: links.nth(1).click(no_wait_after=True),
        lambda: links.last.click(no_wait_after=True),
        lambda: take.click(no_wait_after=True),
    )
    for count, leave in enumerate(ways, 1):
        leave()
        page.wait_for_timeout(150)
        assert asked == ["beforeunload"] * count
        expect(page.locator("#reply-text")).to_have_value("書きかけの返事")
    assert page.url.endswith("/console/cases/K-00004")
    page.get_by_role("button", name="依頼者に返事を送る").click()
    expect(page.locator("p.done")).to_contain_text("返事を送りました")
    assert len(asked) == len(ways)
    # What is looked for is no text that anybody would miss.
    page.goto(f"{office.url}console")
    page.locator("#q").fill("水素")
    page.locator(".menu a").nth(1).click()
    expect(page.locator("h1")).to_have_text(re.compile("案件"))
    assert len(asked) == len(ways)


def test_what_was_refused_is_not_left_without_a_question(browser: Browser, office: DemoOffice) -> None:
    """Shown again it is still unsent; a box of one line is a text, too, and the other language leads to a page."""
    context = browser.new_context(locale="ja-JP")
    page = signed_in(context, office)
    page.goto(f"{office.url}console/slots")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator("#slot-days").fill("あした")
    page.locator("#slot-way").select_option("phone")
    page.locator("#slot-adviser").fill("佐藤")
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_role("alert")).to_contain_text("日付として読めません")
    asked = _asked(page)
    page.locator("h1").click()
    page.locator(".menu a").nth(1).click(no_wait_after=True)
    page.wait_for_timeout(150)
    assert asked == ["beforeunload"]
    expect(page.locator("#slot-adviser")).to_have_value("佐藤")
    assert page.locator(".langs a").nth(1).get_attribute("href") == "/console/slots?lang=en"
    context.close()


def test_a_session_that_ends_while_somebody_types(browser: Browser, office: DemoOffice) -> None:
    """Signed in again in another tab, the text is sent from the page on which it stands."""
    context = browser.new_context(locale="ja-JP")
    page = signed_in(context, office)
    page.goto(f"{office.url}console/cases/K-00003")
    page.locator(".way.note > summary").click()
    page.locator("#note-text").fill("長いメモ")
    with office.database.begin() as connection:
        connection.execute(delete(staff_session))
    page.get_by_role("button", name="内部メモを残す").click()
    expect(page.locator("h1")).to_have_text("サインインの期限が切れました")
    assert findings(page) == []
    other = signed_in(context, office)
    other.close()
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.locator("h1")).to_have_text("もう一度押してください")
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.locator(".story .note .text").last).to_have_text("長いメモ")
    context.close()
