"""WCAG 2.2 AA by axe-core, on the page as visitors see it: light, dark, phone, in both languages."""

from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.e2e.axe import findings

Scheme = Literal["light", "dark"]

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("lang", "question"),
    [("ja", "認証までの手順を教えてください"), ("en", "When is the monitoring report due?")],
)
def test_a11y_web_finds_nothing_serious(
    browser: Browser, chat_url: str, scheme: Scheme, lang: str, question: str
) -> None:
    """The start page, an answer with sources and votes, and choices, on a phone."""
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{chat_url}?lang={lang}")
    assert findings(page) == []
    page.fill("#text", question)
    page.press("#text", "Enter")
    page.wait_for_selector(".sources")
    assert findings(page) == []
    context.close()
