"""One person on two channels: shown by a code sent to their address, they have one history on both."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.plain_text import plain_text
from storage.codec import unpack_reply
from tests.parity.happenings import tick, unknown_owner
from tests.parity.house import Home, Outside, home_at
from tests.parity.log import letters
from tests.parity.on_slack import Slack
from tests.parity.on_teams import Teams
from tests.parity.on_web import Web
from tests.parity.player import Player
from tests.stage_projects import OWNER
from tests.world import WORDING


@pytest.fixture
def home(tmp_path: Path, beyond: Outside) -> Iterator[Home]:
    """A house in which somebody looks after a project, and nobody knows yet who talks."""
    with home_at(tmp_path / "house", beyond) as running:
        yield running


def said(player: Player) -> str:
    """The last answer in words."""
    return plain_text(player.log.last(), WORDING)


def shows_who_they_are(home: Home, player: Player) -> None:
    """Asks for the code, reads it in their mail, and gives it."""
    player.say("私の相談の状況を見せて")
    player.press("案件と期限を見る")
    player.press("メールアドレスで確かめる")
    player.fill({"consent": "yes", "mail": OWNER})
    player.press("この内容で送る")
    player.press("コードを入力する")
    player.fill({"code": code_in_mail(home)})
    player.press("この内容で送る")
    home.next_act()


def code_in_mail(home: Home) -> str:
    """The code of the newest letter to that address."""
    mail = [row for row in letters(home.database) if row.channel == "mail"][-1]
    assert mail.address["mail"] == OWNER
    return str(re.findall(r"\b\d{6}\b", plain_text(unpack_reply(mail.body), WORDING))[-1])


@pytest.mark.parametrize("first", [Teams, Slack])
def test_two_channels_are_one_person(home: Home, first: type[Teams | Slack]) -> None:
    """The projects are to be seen on both; what is answered on one is settled on the other; the nudge came once."""
    here, there = first(home), Web(home)
    unknown_owner(home, here)
    for player in (here, there):
        shows_who_they_are(home, player)
        player.press("案件と期限を見る")
        assert "P-001  高効率ボイラーの導入" in said(player)
    tick(home, here)
    home.settle()
    nudges = [row for row in letters(home.database) if row.key.startswith("nudge:")]
    assert len({row.key.rpartition(":")[0] for row in nudges}) == len(nudges) == 1
    there.say("完了しました")
    there.press("すべて")
    assert "完了として記録しました" in said(there)
    here.say("私の相談の状況を見せて")
    here.press("案件と期限を見る")
    assert "認証委員会の回ごとの申請締切（済み）" in said(here)
    if nudges[0].channel == here.channel:
        here.press("完了")
        assert "この件はすでに完了または終了しています" in said(here)


def test_what_is_taken_back_on_one_is_open_on_the_other(home: Home) -> None:
    """The second channel goes on where the first one stopped."""
    here, there = Teams(home), Slack(home)
    unknown_owner(home, here)
    for player in (here, there):
        shows_who_they_are(home, player)
    tick(home, here)
    home.settle()
    there.say("完了しました")
    there.press("すべて")
    there.press("取り消す")
    here.say("完了しました")
    here.press("すべて")
    assert "完了として記録しました" in said(here)


def test_a_code_shows_nobody_else(home: Home) -> None:
    """Somebody else on the same channel, and the same code on another one, are not let in."""
    here, other, there = Teams(home), Teams(home, "u2"), Slack(home)
    unknown_owner(home, here)
    shows_who_they_are(home, here)
    code = code_in_mail(home)
    for stranger in (other, there):
        stranger.say("私の相談の状況を見せて")
        stranger.press("案件と期限を見る")
        stranger.press("メールアドレスで確かめる")
        stranger.fill({"consent": "yes", "mail": OWNER})
        stranger.press("この内容で送る")
        stranger.press("コードを入力する")
        stranger.fill({"code": code})
        stranger.press("この内容で送る")
        assert "P-001" not in said(stranger)
        assert "コード" in said(stranger)
