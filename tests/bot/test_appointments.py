"""An appointment in plain text and on Slack: day and time in Tokyo, and what was typed stays text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from slack_sdk.models.blocks import Block

from bot.channels.slack.blocks import messages
from bot.plain_text import plain_text
from intents.messages import Appointment, Reply
from knowledge.model import Lang
from knowledge.wording import load_wording

START = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)
SLOT = Appointment(
    "u@jdesk",
    0,
    "個別相談",
    START,
    START + timedelta(hours=1),
    "会議室",
    "https://meet.example.jp/a",
    "備考A",
)
GONE = replace(SLOT, cancelled=True)
EVIL = "<!channel> *x* <https://a|b>"


def _plain(appointment: Appointment, lang: Lang = Lang.JA) -> list[str]:
    return plain_text(Reply((appointment,), lang), load_wording()).splitlines()


def test_plain_text_says_everything() -> None:
    """Title, day and time in Tokyo whatever the zone, place, link, note."""
    assert _plain(SLOT) == [
        "予定: 個別相談",
        "日時: 2026年12月1日（火） 01:30〜02:30（日本時間）",
        "場所: 会議室",
        "オンライン: オンライン会議に参加する (https://meet.example.jp/a)",
        "備考: 備考A",
    ]
    assert _plain(SLOT, Lang.EN)[1] == "Date and time: Tuesday, 2026-12-01, 01:30–02:30 (Japan time)"


def test_a_cancelled_one_says_so_and_leads_nowhere() -> None:
    """Nobody is led into a meeting that does not take place."""
    lines = _plain(GONE)
    assert lines[0] == "取り消した予定: 個別相談"
    assert not [line for line in lines if "https://" in line]


def test_what_is_empty_is_left_out_and_two_days_are_named() -> None:
    """Also a link that no browser should follow."""
    lines = _plain(replace(SLOT, place="", note="", link="javascript:x", ends_at=START + timedelta(days=1)))
    assert lines[1:] == ["日時: 2026年12月1日（火） 01:30〜2026年12月2日（水） 01:30（日本時間）"]


def test_slack_shows_it_within_its_limits() -> None:
    """Literal text, valid blocks."""
    evil = replace(SLOT, title=EVIL, place=EVIL, note=EVIL * 500)
    found = messages(Reply((evil, GONE), Lang.JA), load_wording())
    for message in found:
        assert "<!channel" not in str(message)
        assert "<https://a|b>" not in str(message)
        for block in Block.parse_all(message["blocks"]):
            block.validate_json()
    assert "<https://meet.example.jp/a|" in str(found)
