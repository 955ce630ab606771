"""The chat in a real browser: keyboard only, reload, second tab, choices, phone width, both languages."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.bot.channels.web.fake_desk import FakeDesk
from tests.e2e.web_fake import serving

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PORT = 8178
QUESTION = "モニタリング報告書はいつまでに出しますか"

pytestmark = pytest.mark.e2e


def _open(visitor: BrowserContext, url: str) -> Page:
    page = visitor.new_page()
    page.goto(url)
    expect(page.locator(".message")).to_have_count(1)
    return page


def test_a_question_by_keyboard_alone(visitor: BrowserContext, chat_url: str) -> None:
    """The box has the focus, Enter sends, the answer shows its source, the vote is reached by Tab."""
    page = _open(visitor, chat_url)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".message.desk .sources")).to_have_count(1)
    expect(page.locator("#text")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.closest('.feedback') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".message.desk")).to_have_count(3)


def test_reload_and_a_second_tab_show_the_same_conversation(visitor: BrowserContext, chat_url: str) -> None:
    """Nothing is lost by a reload, nothing is shown twice, both tabs follow."""
    page = _open(visitor, chat_url)
    other = visitor.new_page()
    other.goto(chat_url)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_have_count(3)
    expect(other.locator(".message")).to_have_count(3)
    page.reload()
    expect(page.locator(".message")).to_have_count(3)


def test_a_choice_leads_on(visitor: BrowserContext, chat_url: str) -> None:
    """A pressed button answers and says that it was pressed."""
    page = _open(visitor, chat_url)
    page.locator(".offer button").first.click()
    expect(page.locator(".message")).to_have_count(2)
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)


def test_phone_width_never_scrolls_sideways(browser: Browser, chat_url: str) -> None:
    """At 360 pixels everything fits."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="ja-JP")
    page = _open(context, chat_url)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".sources")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_the_language_switch_changes_the_page(visitor: BrowserContext, chat_url: str) -> None:
    """English is one click away and the page says so to a screen reader."""
    page = _open(visitor, chat_url)
    page.get_by_text("English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#ask button")).to_have_text("Send")


def test_the_log_is_announced_politely(visitor: BrowserContext, chat_url: str) -> None:
    """New messages stand in one polite live log."""
    page = _open(visitor, chat_url)
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.locator(".message")).to_have_count(1)


def test_the_picture_of_the_readme(visitor: BrowserContext, chat_url: str) -> None:
    """The README's screenshot is made from the product itself when asked for."""
    target = os.environ.get("JDESK_PICTURE")
    page = visitor.new_page()
    page.set_viewport_size({"width": 1000, "height": 2150})
    page.goto(chat_url)
    page.fill("#text", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".sources")).to_have_count(1)
    if target:
        page.screenshot(path=str(Path(target)))


# ---------------------------------------------------- what only a fake desk can be made to do


@pytest.fixture
def desk() -> FakeDesk:
    """A desk that can be down."""
    return FakeDesk()


@pytest.fixture
def fake_url(desk: FakeDesk) -> Iterator[str]:
    """The web chat before that desk."""
    with serving(desk) as url:
        yield url


def test_the_skip_link_leads_to_the_box(visitor: BrowserContext, fake_url: str) -> None:
    """Shift+Tab from the box walks every control of the page back to the skip link, which returns."""
    page = _open(visitor, fake_url)
    expect(page.locator("#text")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.skip')"):
            break
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()


def test_a_starter_sends_its_own_words(visitor: BrowserContext, fake_url: str) -> None:
    """One press asks the question that stands on the button."""
    page = _open(visitor, fake_url)
    words = page.locator("#starters button").first.inner_text()
    page.locator("#starters button").first.click()
    expect(page.locator(".person .typed")).to_have_text([words])
    expect(page.locator("#text")).to_be_focused()


def test_a_vote_is_confirmed_in_place(visitor: BrowserContext, fake_url: str, desk: FakeDesk) -> None:
    """The vote stays readable, cannot be given twice, and is still there after a reload."""
    page = _open(visitor, fake_url)
    page.locator("#starters button").first.click()
    votes = page.locator("#m3 .feedback")
    prompt = votes.locator("p").inner_text()
    votes.locator("button").first.click()
    expect(votes.locator("p")).not_to_have_text(prompt)
    expect(votes.locator("[aria-pressed=true]")).to_have_count(1)
    votes.locator("button").last.click(force=True)
    page.reload()
    expect(page.locator("#m3 .feedback [aria-pressed=true]")).to_have_count(1)
    assert len(desk.received) == 3


def test_nothing_is_lost_while_the_desk_is_down(
    visitor: BrowserContext, fake_url: str, desk: FakeDesk
) -> None:
    """The text stays with an offer to send it again, and arrives once."""
    page = _open(visitor, fake_url)
    desk.down = True
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".failed .typed")).to_have_text(QUESTION)
    desk.down = False
    page.locator(".failed button").click()
    expect(page.locator(".person .typed")).to_have_text([QUESTION])
    expect(page.locator(".message")).to_have_count(3)
    assert len(desk.received) == 2


def test_a_slow_answer_follows_by_the_stream(visitor: BrowserContext, fake_url: str, desk: FakeDesk) -> None:
    """A pending answer is shown once when it comes, and the page stops waiting."""
    page = _open(visitor, fake_url)
    desk.slow = True
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_have_count(3)
    expect(page.locator("#status")).to_have_text("")


def test_enter_during_kana_conversion_does_not_send(visitor: BrowserContext, fake_url: str) -> None:
    """Only the Enter after the conversion sends, and Shift+Enter starts a line."""
    page = _open(visitor, fake_url)
    page.keyboard.type("a")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("b")
    page.evaluate(
        "document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(page.locator("#text")).to_have_value("a\nb")
    page.keyboard.press("Enter")
    expect(page.locator(".person .typed")).to_have_text(["a\nb"])
    expect(page.locator(".message")).to_have_count(3)


def test_a_text_that_is_too_long_stays_in_the_box(visitor: BrowserContext, fake_url: str) -> None:
    """The page names the limit and keeps every letter."""
    page = _open(visitor, fake_url)
    page.locator("#text").fill("あ" * 2001)
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("2000")
    expect(page.locator("#text")).to_have_value("あ" * 2001)
    expect(page.locator(".message")).to_have_count(1)


def test_two_tabs_show_both_in_order(visitor: BrowserContext, fake_url: str) -> None:
    """What is said in either tab stands in both, once and in the same order."""
    one, other = _open(visitor, fake_url), visitor.new_page()
    other.goto(fake_url)
    for page, words in ((one, "いち"), (other, "に"), (one, "さん")):
        page.bring_to_front()
        page.locator("#text").fill(words)
        page.locator("#text").press("Enter")
        expect(page.locator(".person .typed").last).to_have_text(words)
    for page in (one, other):
        expect(page.locator(".person[data-id] .typed")).to_have_text(["いち", "に", "さん"])
        expect(page.locator(".message")).to_have_count(7)


def test_without_script_the_form_works(browser: Browser, fake_url: str) -> None:
    """A browser without script asks and reads the answer."""
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = _open(context, fake_url)
    page.locator("#text").fill(QUESTION)
    page.locator("#ask button").click()
    expect(page.locator(".message")).to_have_count(3)
    context.close()


def test_the_policy_is_kept(visitor: BrowserContext, fake_url: str) -> None:
    """Nothing on the page runs against its own security policy, and no script fails."""
    page = visitor.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(fake_url)
    page.locator("#starters button").first.click()
    expect(page.locator(".sources")).to_have_count(1)
    assert not complaints


@pytest.mark.parametrize("width", [360, 1280])
def test_no_sideways_scrolling_with_long_words(browser: Browser, fake_url: str, width: int) -> None:
    """Even a word without a break fits."""
    context = browser.new_context(viewport={"width": width, "height": 740}, locale="ja-JP")
    page = _open(context, fake_url)
    page.locator("#text").fill("w" * 1500)
    page.locator("#text").press("Enter")
    expect(page.locator(".sources")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
