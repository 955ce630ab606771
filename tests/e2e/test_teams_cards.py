"""Microsoft's own renderer takes every card, and a browser shows what was typed as it was typed."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from bot.channels.teams.cards import card, messages
from bot.channels.teams.forms import form_card
from intents.messages import (
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Field,
    FieldKind,
    Form,
    Heading,
    Link,
    Mark,
    Option,
    Paragraph,
    Reply,
    SourceLine,
    Sources,
    Strong,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import load_wording

ROOT = Path(__file__).parent.parent.parent
MODULES = ROOT / "build/node_modules"
RENDERER = MODULES / "adaptivecards/dist/adaptivecards.js"
VALIDATOR = ROOT / "tests/bot/channels/teams/validate_card.cjs"
WORDING = load_wording()
EVIL = "<at>all</at> **x** _y_ [x](javascript:alert(1)) <script>document.title='hit'</script> {{DATE()}}"
LINE = (Text(EVIL), Strong(EVIL), Link(EVIL, "https://x.test/"), Mark(1))
OPTIONS = tuple(Option(f"v{n},", f"{EVIL} {n}") for n in range(9))
ACTS = tuple(Choice(f"{EVIL} {n}", f"t{n}") for n in range(40))

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not (shutil.which("node") and RENDERER.exists()),
        reason="needs node and npm's adaptivecards: bash tests/e2e/setup.sh",
    ),
]


def _told() -> Reply:
    sources = Sources(EVIL, (SourceLine(1, EVIL, "https://x.test/"), SourceLine(2, EVIL)), EVIL)
    rows = ((EVIL, LINE), (EVIL * 3, LINE))
    parts = (Heading(EVIL), Paragraph(LINE), Bullets((LINE, LINE)), Facts(rows), sources)
    votes = Choices(EVIL, ACTS[:2], ChoiceStyle.FEEDBACK)
    return Reply((*parts, Choices(EVIL, ACTS), votes, Paragraph((Text("あ" * 30_000),))), Lang.JA)


def _asked() -> Reply:
    kinds = [(kind, OPTIONS[:size]) for kind in FieldKind for size in (0, 3, 9)]
    fields = tuple(
        Field(f"f{n}", EVIL, kind, hint=EVIL, value="v1,", options=options, error=EVIL, required=n % 2 == 0)
        for n, (kind, options) in enumerate(kinds)
    )
    stands = Field("done", EVIL, FieldKind.SEVERAL, value="v1,\nv2,", options=OPTIONS, settled=True)
    form = Form(EVIL, (stands, *fields), "t", EVIL, EVIL, "f0")
    return Reply((Paragraph(LINE), form, Choices(EVIL, ACTS[:3], ChoiceStyle.STEER)), Lang.EN)


def _checked() -> Reply:
    confirm = Choices(EVIL, ACTS[:3], ChoiceStyle.CONFIRM)
    return Reply((Heading(EVIL), Facts(((EVIL, LINE),)), confirm), Lang.JA)


def _cards() -> list[dict[str, Any]]:
    forms = [found for reply in (_asked(), _checked()) if (found := form_card(reply, WORDING))]
    assert len(forms) == 2
    told = [message["attachments"][0]["content"] for message in messages(_told(), WORDING)]
    asked = [message["attachments"][0]["content"] for message in messages(_asked(), WORDING)]
    return [*told, *asked, *forms, card(_told(), WORDING)]


def test_microsoft_s_renderer_finds_nothing_wrong() -> None:
    """In replies, forms, checks and cards for staff."""
    shown = _cards()
    found = subprocess.run(
        ["node", str(VALIDATOR)],
        input=json.dumps(shown),
        env={**os.environ, "NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(found.stdout) == [[] for _ in shown]


RENDER = """cards => {
    AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
        result.outputHtml = text.replace(/\\*|\\]\\(/g, "<b class=markdown>!</b>");
        result.didProcess = true;
    };
    for (const json of cards) {
        const card = new AdaptiveCards.AdaptiveCard();
        card.parse(json);
        document.body.appendChild(card.render());
    }
}"""


def test_a_browser_shows_what_was_typed(browser: Browser) -> None:
    """Where the host reads markdown, too: nothing of it is markup, and no script runs."""
    page = browser.new_page()
    page.set_content("<title>quiet</title>")
    page.add_script_tag(path=str(RENDERER))
    page.evaluate(RENDER, _cards())
    assert page.title() == "quiet"
    assert page.locator(".markdown, script:not([src]) ~ at, body at").count() == 0
    assert page.locator("body a[href^='javascript']").count() == 0
    assert page.inner_text("body").count(EVIL) > 50
