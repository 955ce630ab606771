"""WCAG 2.2 AA by axe-core, on the page as visitors see it: light, dark, phone, in both languages."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

AXE = Path(__file__).parent.parent.parent / "build/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = ("serious", "critical")
Scheme = Literal["light", "dark"]

pytestmark = pytest.mark.e2e


def _findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    result: dict[str, Any] = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
    return [
        f"{found['id']}: {node['html']}"
        for found in result["violations"]
        if found["impact"] in SERIOUS
        for node in found["nodes"]
    ]


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
    assert _findings(page) == []
    page.fill("#text", question)
    page.press("#text", "Enter")
    page.wait_for_selector(".sources")
    assert _findings(page) == []
    context.close()
