"""Where others look on, and where somebody comes in: Slack and Teams do alike, and greet as the web chat does."""

import re
from pathlib import Path

import pytest

from bot.plain_text import plain_text
from tests.bot.channels.slack.visitor import Visitor as SlackVisitor
from tests.bot.channels.teams.visitor import Visitor as TeamsVisitor
from tests.parity.differences import differing
from tests.parity.happenings import looks_after, tick
from tests.parity.house import Home, Outside, home_at
from tests.parity.log import Log, letters, neutral
from tests.parity.on_slack import Slack
from tests.parity.on_teams import Teams
from tests.parity.on_web import Web
from tests.parity.play import play
from tests.parity.scenario import Step
from tests.world import WORDING

THREAD = "1764000000.5"
BEFORE_OTHERS = (
    Step("say", "モニタリング報告書はいつまでに出しますか", expected=("出典",)),
    Step("happens", "（案件 P-001 の担当者である）"),
    Step("say", "私の相談の状況を見せて"),
    Step("say", "私の申込みを見せて", forbidden=("R-0",)),
    Step("happens", "（期限のお知らせが届く）", expected=("高効率ボイラーの導入",)),
    Step("say", "完了しました"),
    Step("say", "工場の屋根で凧あげをしてもよいですか", expected=("K-00001",)),
    Step("staff", "返事する: 関係がありません。", expected=("関係がありません。",)),
    Step("say", "説明会に申し込みたい", expected=("担当",)),
)


def test_before_others_both_keep_the_same_things_to_themselves(tmp_path: Path, beyond: Outside) -> None:
    """In a thread of a channel nothing personal is shown, on neither."""
    played = []
    for kind in (Slack, Teams):
        with home_at(tmp_path / kind.name, beyond) as home:
            played.append(play(BEFORE_OTHERS, home, kind(home, thread=THREAD)))
            to = [str(row.address) for row in letters(home.database)]
        assert to
        assert not [where for where in to if "C1" in where or "19:" in where], "to where others look on"
    found = differing(*played)
    assert not {path: values for path, values in found.items() if not path.endswith(("/slack", "/teams"))}


def on_the_web(home: Home) -> None:
    """The page is opened."""
    Web(home).page()


def on_slack(home: Home) -> None:
    """The pane of the assistant is opened."""
    pane = {"user_id": "U1", "channel_id": "D1", "thread_ts": THREAD}
    visitor = SlackVisitor(home.client, home.house, home.outside.slack)
    visitor.event(type="assistant_thread_started", assistant_thread=pane)


def in_teams(home: Home) -> None:
    """The app is put into somebody's chat."""
    visitor = TeamsVisitor(home.client, home.house, home.outside.connector)
    told = visitor.send(visitor.message("", type="installationUpdate", action="add"))
    assert told.status_code == 200


def test_everybody_is_greeted_alike(tmp_path: Path, beyond: Outside) -> None:
    """With the same words and the same first choices."""
    heard = []
    for come in (on_the_web, on_slack, in_teams):
        with home_at(tmp_path / come.__name__, beyond) as home:
            come(home)
            home.settle()
            (channel,) = {"web", "slack", "teams"} & {come.__name__.rpartition("_")[2]}
            heard.append(neutral(Log(home.database, channel).last()))
    assert heard[0] == heard[1] == heard[2]


@pytest.mark.parametrize("kind", [Slack, Teams])
def test_what_is_advised_before_others_helps_in_private(
    tmp_path: Path, beyond: Outside, kind: type[Slack | Teams]
) -> None:
    """The words that somebody is told to send in a direct message bring them to their projects there."""
    with home_at(tmp_path / kind.name, beyond) as home:
        before_others, alone = kind(home, thread=THREAD), kind(home)
        before_others.say("こんにちは")
        looks_after(home, before_others)
        tick(home, before_others)
        home.settle()
        before_others.say("完了しました")
        advised = re.findall("「(.+?)」", plain_text(before_others.log.last(), WORDING))[-1]
        alone.say(advised)
        if "P-001" not in plain_text(alone.log.last(), WORDING):
            alone.press("案件と期限を見る")
        assert "P-001  高効率ボイラーの導入" in plain_text(alone.log.last(), WORDING)
