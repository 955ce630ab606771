"""The page: what stands on it, what it tells the browser, and how it works without script."""

import re

import pytest
from starlette.testclient import TestClient

from bot.channels.web.html import Html
from intents.messages import (
    Appointment,
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
    Part,
    Pressed,
    Reply,
    SourceLine,
    Sources,
    Strong,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.messages import Logged
from tests.bot.channels.web.fake_desk import NOON, FakeDesk

EVIL = "\"'><script>alert(1)</script>"
LINE = (Text(EVIL), Strong(EVIL), Link(EVIL, "https://example.test/" + EVIL), Mark(1))
PARTS: tuple[Part, ...] = (
    Heading(EVIL),
    Paragraph(LINE),
    Bullets((LINE,)),
    Facts(((EVIL, LINE),)),
    Sources(EVIL, (SourceLine(1, EVIL, "https://example.test/" + EVIL),), EVIL),
    *(Choices(EVIL, (Choice(EVIL, EVIL),), style) for style in ChoiceStyle),
    *(
        Form(EVIL, (Field("x", EVIL, kind, EVIL, EVIL, (Option(EVIL, EVIL),), error=EVIL),), EVIL, EVIL, EVIL)
        for kind in FieldKind
    ),
    Appointment("u", 0, EVIL, NOON, NOON, EVIL, "https://example.test/" + EVIL, EVIL),
)


def _shown(*parts: Part) -> str:
    return Html(load_wording()).message(Logged(1, 1, "desk", NOON, reply=Reply(parts, Lang.JA)), Lang.JA)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind)
def test_template_escape_in_every_part(part: Part) -> None:
    """No free field of any part becomes markup or leaves its attribute."""
    html = _shown(part)
    assert "<script" not in html
    assert EVIL[:3] not in html
    assert "&lt;script&gt;" in html


def test_template_escape_of_what_a_person_said(web: TestClient) -> None:
    """Neither the log nor the box for a text that could not be sent."""
    web.post("/", data={"text": EVIL})
    assert "alert(1)</script>" not in web.get("/").text
    refused = web.post("/", data={"text": EVIL * 200})
    assert refused.status_code == 400
    assert "alert(1)</script>" not in refused.text


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.test", False),
        ("https:example.test", False),
        ("https://example.test", True),
        ("http://example.test", True),
        ("MAILTO:desk@example.test", True),
    ],
)
def test_template_escape_links_are_followed_only_where_safe(url: str, followed: bool) -> None:
    """Anything but https, http and mailto stays text."""
    html = _shown(Paragraph((Link("見る", url),)), Sources("出典", (SourceLine(1, "要綱", url),), ""))
    assert html.count("href=") == (2 if followed else 0)
    assert "見る" in html
    assert "要綱" in html


def test_the_page_allows_nothing_inline(web: TestClient) -> None:
    """The policy forbids inline script and style, and the page has none."""
    web.post("/", data={"text": "手順は？"})
    page = web.get("/")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", page.text)


def test_static_files_are_served_safely(web: TestClient) -> None:
    """Style and script have their type and are asked for again when they change."""
    for name, kind in (("chat.css", "text/css"), ("chat.js", "javascript"), ("leaf.svg", "svg")):
        answer = web.get(f"/static/web/{name}")
        assert kind in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert web.get("/static/web/../app.py").status_code == 404


def test_a_new_visitor_is_greeted_once(web: TestClient, desk: FakeDesk) -> None:
    """A reload does not greet again, and a link preview does not at all."""
    web.head("/")
    assert not desk.received
    assert web.get("/").text.count("ようこそ") == web.get("/").text.count("ようこそ") == 1
    assert len(desk.received) == 1


def test_a_reload_shows_the_conversation(web: TestClient) -> None:
    """What was said by script stands on the next page, with its source and date."""
    web.post("/api/chat", content='{"text": "手順は？"}', headers={"content-type": "application/json"})
    page = web.get("/").text
    assert page.count("<article") == 2
    assert "2026年11月23日時点" in page
    assert "12:00" in page


def test_the_starters_are_questions(web: TestClient, desk: FakeDesk) -> None:
    """Four to six buttons send their own words, without script too."""
    starters = re.findall(r'name="text" value="([^"]+)"', web.get("/").text)
    assert 4 <= len(starters) <= 6
    assert starters[0] in web.post("/", data={"text": starters[0]}).text.split('role="log"')[1]


def test_without_script_a_button_can_be_pressed(web: TestClient) -> None:
    """The plain form answers by a redirect to the page that shows the reply."""
    answer = web.post("/", data={"action": "next-1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/#end")
    assert "next-1" in web.get("/").text


def test_without_script_a_refused_text_is_not_lost(web: TestClient, desk: FakeDesk) -> None:
    """Too long, or no room at the desk: the page says so and the text stays in the box."""
    refused = web.post("/", data={"text": "あ" * 2001})
    assert refused.status_code == 400
    assert "2000" in refused.text
    assert "あ" * 2001 + "</textarea>" in refused.text
    desk.down = True
    busy = web.post("/", data={"text": "手順は？"})
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")
    assert "手順は？</textarea>" in busy.text


def test_the_page_stands_while_the_desk_is_down(web: TestClient, desk: FakeDesk) -> None:
    """A visitor sees a page with a sentence, not a bare fault."""
    desk.down = True
    page = web.get("/")
    assert page.status_code == 503
    assert "<textarea" in page.text


def test_the_language_is_chosen_and_kept(web: TestClient) -> None:
    """The switch changes the page's language, a cookie keeps it, the browser's wish is the start."""
    assert '<html lang="en">' in web.get("/", headers={"accept-language": "en-GB"}).text
    assert '<html lang="ja">' in web.get("/?lang=ja").text
    assert '<html lang="ja">' in web.get("/", headers={"accept-language": "en-GB"}).text


def test_a_letter_s_button_says_what_it_does_and_does_nothing_yet(desk: FakeDesk, web: TestClient) -> None:
    """Scanners of mail follow links: opening it is no press, and one that is gone says so."""
    assert "席を受ける" in web.get("/press/some").text
    assert "期限が切れた" in web.get("/press/gone").text
    assert not [one for one in desk.received if isinstance(one.content, Pressed)]
