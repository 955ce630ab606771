"""The chat in a real browser: keyboard only, reload, second tab, choices, phone width, both languages."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PORT = 8178
QUESTION = "モニタリング報告書はいつまでに出しますか"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def chat_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product as `make run` starts it."""
    data = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "bot", "demo", "--port", str(PORT), "--data", str(data)]
    server = subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{PORT}/"
    for _ in range(100):
        try:
            urllib.request.urlopen(url + "readyz")
            break
        except OSError:
            time.sleep(0.1)
    yield url
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A new visitor with a Japanese browser."""
    context = browser.new_context(locale="ja-JP")
    yield context
    context.close()


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
    page = _open(visitor, chat_url)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".sources")).to_have_count(1)
    if target:
        page.set_viewport_size({"width": 1100, "height": 1480})
        page.screenshot(path=str(Path(target)))
