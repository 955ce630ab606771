"""Texts that would be a mention, a link or markup somewhere: each channel takes and shows them literally."""

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.channels.slack import receive as slack
from bot.channels.teams import receive as teams
from bot.typed import sound
from tests.parity.house import Home, Outside, home_at
from tests.parity.markup import BOT, READERS
from tests.parity.on_slack import Slack
from tests.parity.on_teams import Teams
from tests.parity.on_web import Text, Web
from tests.parity.play import play
from tests.parity.players import PLAYERS
from tests.parity.scenario import Step

HOSTILE = (
    "<!channel>",
    "<@U1>",
    "<at>everyone</at>",
    "@channel @here",
    "**太字** __下線__ ~~取消~~",
    "[押す](javascript:alert(1))",
    "<https://evil.example|銀行>",
    "<script>alert(1)</script>",
    "<b onclick=alert(1)>x</b>",
    "&lt;!here&gt; &amp;amp;",
    "`code` ```",
    "zero\u200bwidth\u2060",
    "\u202eRTL\u202c",
    "{{ 7*7 }} {% raw %} ${x} %s",
)
# It is not to be seen, and Slack's renderer puts it behind the signs that would style.
JOINER = "\u2060"
# What everybody has to see: without what only machines see.
SEEN = tuple(map(sound, HOSTILE))
STEPS = (
    Step("say", "個別相談を申し込みます"),
    Step(
        "fill",
        fields={
            "consent": "yes",
            "stage": "関心がある・情報収集",
            "prefecture": "埼玉県",
            "organisation": " ".join(HOSTILE[:4]),
            "industry": "製造業・工場",
            "about": " ".join(HOSTILE),
            "meeting": "電話",
            "slot": "2026年11月29日（日） 12:00〜13:00（日本時間）",
            "name": " ".join(HOSTILE[7:9]),
            "mail": "a@example.jp",
            "phone": "090-1234-5678",
        },
    ),
    Step("press", "この内容で送る", expected=("K-00001",)),
    Step("staff", f"返事する: {' '.join(SEEN)}", expected=SEEN),
    Step("say", f"凧あげ {' '.join(HOSTILE)}"),
)


@pytest.mark.parametrize("channel", READERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_typed_arrives_literally(channel: str, text: str) -> None:
    """As it is typed, without what only machines see."""
    assert READERS[channel](text) == sound(text).strip()


def test_real_mentions_arrive_as_words() -> None:
    """What a client makes of a mention becomes a name, never markup that could be sent back."""
    assert slack.typed("<!channel> <!here|@here> <#C1|general> <@U2> x") == "!channel @here general   x"
    mention = {
        "type": "mention",
        "mentioned": {"id": "29:x", "name": "Everyone"},
        "text": "<at>Everyone</at>",
    }
    told = {"text": "<at>Everyone</at> x", "recipient": {"id": BOT}, "entities": [mention]}
    assert teams.typed(told) == "Everyone x"


@pytest.mark.parametrize("kind", PLAYERS)
def test_what_comes_back_is_literal(tmp_path: Path, beyond: Outside, kind: type[Web | Slack | Teams]) -> None:
    """In the answers to check, the receipt, and a person's reply."""
    with home_at(tmp_path / kind.name, beyond) as home:
        player = kind(home)
        play(STEPS, home, player)
        shown = READS[type(player)](home, player)
    for text in SEEN:
        assert text.replace(JOINER, "") in shown, text


# ---------------------------------------------------------------- what a channel shows


def _of_web(_: Home, player: Any) -> str:
    """The words of the page, which holds no script, handler or link of theirs."""
    page = player.page()
    reader = _Page()
    reader.feed(page)
    assert not [tag for tag in reader.tags if "alert(" in tag or "javascript:" in tag or "evil" in tag]
    return "".join(reader.words).replace(JOINER, "")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags = list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the tag; the values of inputs are what people typed."""
        typed = tag in ("input", "button", "textarea")
        self.tags.append(tag if typed else f"{tag} {attrs}")

    def handle_data(self, data: str) -> None:
        """Keeps the words."""
        self.words.append(data)


def _of_slack(home: Home, player: Any) -> str:
    """The words as Slack shows them: nothing of theirs is an entity, and no sign of theirs begins a style."""
    told = [body for _, body in home.outside.slack.calls] + player.told
    assert not [body for body in told if {"link_names", "parse"} & body.keys()]
    found = [text for body in told for text in _texts(body)]
    assert any(f"*{JOINER}*{JOINER}太字" in text for _, text in found)
    for kind, text in found:
        if kind == "mrkdwn":
            assert not re.search(r"<(?!https?://(?!evil))", text), text
    return "\n".join(html.unescape(text).replace(JOINER, "") for _, text in found)


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Each text of a payload with its kind."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            # The text of a message itself is read as markup as well.
            yield str(value.get("type", "mrkdwn")), value["text"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _of_teams(home: Home, _: Any) -> str:
    """The words of the cards: runs of text, which read no markup, and never a mention."""
    found: list[str] = []
    for sent in home.outside.connector.sent:
        kinds = set(_kinds(sent.body))
        assert not kinds & {"mention", "TextBlock", "FactSet"}, kinds
        assert "entities" not in sent.body
        found += (item["text"] for item in _runs(sent.body))
    return "\n".join(found).replace(JOINER, "")


def _kinds(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield str(value.get("type"))
        for inner in value.values():
            yield from _kinds(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _kinds(inner)


def _runs(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "TextRun":
            assert "evil" not in str(value.get("selectAction"))
            yield value
        for inner in value.values():
            yield from _runs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _runs(inner)


READS = {Web: _of_web, Text: _of_web, Slack: _of_slack, Teams: _of_teams}
