"""Short texts after a nudge: which answer they are, and which they are not; days that something is put off to."""

from datetime import date

import pytest

from intents.desk.nudges.records import Answer
from intents.readers.nudge_reply import asks_when, later_day, nudge_reply

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("完了しました", Answer.DONE),
        ("もう申請した", Answer.DONE),
        ("提出済みです", Answer.DONE),
        ("担当は変わっていません", Answer.DONE),
        ("We already applied", Answer.DONE),
        ("no change", Answer.DONE),
        ("昨日、検証機関に依頼しました", Answer.DONE),
        ("未完了です", Answer.WORKING),
        ("We have not submitted it", Answer.WORKING),
        ("まだです", Answer.WORKING),
        ("まだ終わっていません", Answer.WORKING),
        ("いま準備しています", Answer.WORKING),
        ("working on it", Answer.WORKING),
        ("not yet", Answer.WORKING),
        ("来週もう一度知らせて", Answer.SNOOZE),
        ("あとで", Answer.SNOOZE),
        ("remind me in 2 weeks", Answer.SNOOZE),
        ("担当者が変わりました", Answer.MOVED),
        ("四月に異動しました", Answer.MOVED),
        ("I moved to another department, ask my successor", Answer.MOVED),
        ("この件で相談したい", Answer.CONSULT),
        ("please call me", Answer.CONSULT),
        ("通知を止めて", Answer.STOP),
        ("stop", Answer.STOP),
    ],
)
def test_a_short_text_is_an_answer(text: str, answer: Answer) -> None:
    """As one of the buttons would be."""
    assert nudge_reply(text) is answer


@pytest.mark.parametrize(
    "text",
    [
        "申請しましたか",
        "未完了です。どうすればよいですか",
        "申請したい",
        "登録した後に必要なこと",
        "登録済みの方法論一覧",
        "12月に完了予定です",
        "確認した方がよい書類",
        "担当者が変わらない",
        "どう進めてよいかわからない",
        "来月のセミナーに申し込みたい",
        "相談会の日程",
        "個別相談を申し込みたい",
        "異動してきました",
        "メールを止めないで",
        "not completed",
        "submitted documents list",
        "締切はいつですか？",
        "検証の費用を教えて",
        "ボイラーの更新",
        "完了したらどうすればいいですか",
        "異動で担当になりました。何をすればよいでしょうか",
        "how do I apply for certification",
        "",
        "完了" * 40,
    ],
)
def test_a_question_is_no_answer(text: str) -> None:
    """It is understood like any other text."""
    assert nudge_reply(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("三日後にお願い", date(2026, 12, 1)),
        ("一週間後に声をかけて", date(2026, 12, 5)),
        ("12月10日に再度知らせて", date(2026, 12, 10)),
        ("来月また", date(2026, 12, 28)),
        ("月末に", date(2026, 11, 30)),
        ("来月末", date(2026, 12, 31)),
        ("再来週", date(2026, 12, 12)),
        ("明日", date(2026, 11, 29)),
        ("in two weeks", date(2026, 12, 12)),
        ("next monday", date(2026, 11, 30)),
        ("12/1か12/5", None),
        ("いつか", None),
    ],
)
def test_a_day_to_put_off_to(text: str, day: date | None) -> None:
    """One day, or none."""
    assert later_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("締切はいつですか", True),
        ("期限は？", True),
        ("いつまで？", True),
        ("when is it due?", True),
        ("モニタリング報告書の期限は？", False),
        ("締切を過ぎたらどうなりますか", False),
        ("？", False),
    ],
)
def test_when_and_nothing_else(text: str, asks: bool) -> None:
    """A question that names what it asks about is not one about the date that was just told."""
    assert asks_when(text) is asks
