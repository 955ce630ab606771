"""The staff pages in a real browser: axe-core on each, keyboard alone, without script, on a phone, while others work."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.clock import now
from intents.desk import staff
from storage.books import books
from tests.e2e.axe import findings
from tests.e2e.demo_office import DemoOffice, demo_office

PORT = 8191
ADMIN = "sato"
PAGES = (
    "",
    "?q=なにもない",
    "/cases/K-00001",
    "/projects",
    "/projects?q=なにもない",
    "/projects/new",
    "/projects/import",
    "/projects/D-001",
    "/projects/R4-03",
    "/calendar",
    "/outreach",
    "/seminars",
    "/seminars/new",
    "/seminars/S-0001",
    "/slots",
    "/organisations",
    "/exports",
    "/gaps",
    "/gaps/new?decision=new_entry&events=1&text=x",
    "/people",
    "/audit",
    "/help",
    "/nothing-here",
)
Scheme = Literal["light", "dark"]

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """The demo with its cases."""
    with demo_office(tmp_path_factory.mktemp("console"), PORT) as running:
        yield running


def signed_in(context: BrowserContext, office: DemoOffice) -> Page:
    """A tab after the link was opened and its button pressed."""
    with books(office.database, now(), "staff:terminal") as opened:
        token = staff.login(opened, ADMIN)
    page = context.new_page()
    page.goto(f"{office.url}console/login/{token}")
    page.locator("main button").click()
    expect(page.locator("h1")).to_have_text("受付中の件")
    return page


def _case(office: DemoOffice, number: str = "K-00001") -> tuple[str, str]:
    with books(office.database, now(), "staff:terminal") as opened:
        found = opened.cases.find(number)
    assert found is not None
    return found.owner, found.state.value


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_is_accessible_and_fits(
    browser: Browser, office: DemoOffice, scheme: Scheme, width: int
) -> None:
    """WCAG 2.2 AA by axe-core, every form unfolded; nothing scrolls sideways; no page complains in the console."""
    context = browser.new_context(
        locale="ja-JP", color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    page = signed_in(context, office)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for below in PAGES:
        page.goto(f"{office.url}console{below}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert findings(page) == [], below
        assert page.evaluate("document.documentElement.scrollWidth") <= width, below
    # The page that is not there says so to the browser, too.
    assert [text for text in said if "404" not in text] == []
    context.close()


def test_the_queue_by_keyboard_alone(visitor: BrowserContext, office: DemoOffice) -> None:
    """Down, up, search, open, take, reply: the mouse stays where it is."""
    page = signed_in(visitor, office)
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.at")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("蓄熱レンガ")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("K-00001")
    # The keys are there once the page has loaded.
    page.wait_for_load_state()
    page.keyboard.press("t")
    expect(page.locator("p.done")).to_contain_text("引き受けました")
    page.wait_for_load_state()
    assert _case(office) == (ADMIN, "taken")
    page.keyboard.press("r")
    page.keyboard.type("お答えします。j k t r は文字です")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".story .reply .text")).to_contain_text("お答えします。j k t r は文字です")
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.locator("kbd").first).to_be_visible()


def test_every_control_is_reached_by_tab(visitor: BrowserContext, office: DemoOffice) -> None:
    """Round and round: each link, box and button of a case gets the focus, and shows it."""
    page = signed_in(visitor, office)
    page.goto(f"{office.url}console/cases/K-00003")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    wanted = page.locator("a[href], button, summary, input:not([type=hidden]), select, textarea").count()
    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "[...document.querySelectorAll('a[href], button, summary, input, select, textarea')]"
                ".filter((one) => one.type !== 'hidden').indexOf(document.activeElement)"
            )
        )
    assert len(reached - {-1}) == wanted


def test_everything_works_without_script(browser: Browser, office: DemoOffice) -> None:
    """An internal note is written and read, and is not what the requester gets."""
    context = browser.new_context(locale="ja-JP", java_script_enabled=False)
    page = signed_in(context, office)
    page.locator("#queue a", has_text="K-00002").click()
    page.locator(".way.note > summary").click()
    page.locator("#note-text").fill("電話で確認する")
    page.get_by_role("button", name="内部メモを残す").click()
    expect(page.locator(".story .note .text")).to_have_text("電話で確認する")
    expect(page.locator(".story .reply")).to_have_count(0)
    context.close()


def test_new_cases_are_announced_and_nothing_moves(visitor: BrowserContext, office: DemoOffice) -> None:
    """The rows stay where they are under the hand; a sentence says what has come in."""
    page = signed_in(visitor, office)
    page.clock.install()
    page.reload()
    before = page.locator("[data-row]").count()
    guest = visitor.new_page()
    guest.goto(office.url)
    guest.locator("#text").fill("担当者につないで")
    guest.keyboard.press("Enter")
    expect(guest.locator(".message")).to_have_count(3)
    guest.close()
    page.clock.run_for(11_000)
    expect(page.locator("#news span")).to_have_text("新しい件が1件届いています。")
    assert page.locator("[data-row]").count() == before
    page.locator("#news a").click()
    expect(page.locator("[data-row]")).to_have_count(before + 1)


def test_somebody_was_quicker_and_nothing_typed_is_lost(browser: Browser, office: DemoOffice) -> None:
    """Two windows on one case: the second learns what happened, with the text still in its box."""
    context = browser.new_context(locale="ja-JP")
    page = signed_in(context, office)
    page.goto(f"{office.url}console/cases/K-00005")
    other = context.new_page()
    other.goto(f"{office.url}console/cases/K-00005")
    other.get_by_role("button", name="引き受ける").click()
    expect(other.locator("p.done")).to_be_visible()
    page.locator("#reply-text").fill("長い返事")
    page.get_by_role("button", name="依頼者に返事を送る").click()
    expect(page.get_by_role("alert")).to_contain_text("変わりました")
    expect(page.locator("#reply-text")).to_have_value("長い返事")
    context.close()


def test_no_key_takes_a_case_that_nobody_chose(visitor: BrowserContext, office: DemoOffice) -> None:
    """On the list, t does nothing until a row is chosen."""
    page = signed_in(visitor, office)
    page.wait_for_load_state()
    page.keyboard.press("t")
    page.keyboard.press("j")
    expect(page.locator("tr.at")).to_have_count(1)
    assert page.url.rstrip("?").endswith("/console")
