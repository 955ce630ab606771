"""The router on the small edition: its five kinds, and the variants of a question."""

from dataclasses import replace
from datetime import date

import pytest

from intents.decide import offered
from intents.ports import Outcome
from intents.understanding.confidence import load_calibration
from intents.understanding.router import Understanding
from knowledge.model import Lang
from knowledge.reader import read
from tests.kit import small_edition

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def mind() -> Understanding:
    """The small edition, ready for questions."""
    return Understanding(read(small_edition()).edition)


@pytest.mark.parametrize(
    "text",
    [
        "モニタリング報告書の期限はいつですか",
        "ﾓﾆﾀﾘﾝｸﾞ報告書の期限はいつですか？",
        "もにたりんぐ報告書の提出期限",
        "モニタリング報告書の提出期現はいつ",
        "いつもお世話になっております。モニタリング報告書の締め切りを教えてください。よろしくお願いします。",
        "When is the monitoring report due?",
    ],
)
def test_ja_variants_find_the_same_entry(mind: Understanding, text: str) -> None:
    """However it is spelled, the same entry answers."""
    reading = mind.read(text, DAY)
    assert (reading.outcome, reading.entry) == (Outcome.ANSWER, "monitoring-report-deadline")


@pytest.mark.parametrize(
    ("text", "outcome", "intent"),
    [
        ("担当者に代わってください", Outcome.COMMAND, "human.handoff"),
        ("human please", Outcome.COMMAND, "human.handoff"),
        ("メニュー", Outcome.COMMAND, "help"),
        ("こんにちは！", Outcome.SMALLTALK, "smalltalk.greeting"),
        ("明日の天気は", Outcome.UNKNOWN, ""),
        ("🍣🍣🍣", Outcome.UNKNOWN, ""),
        ("", Outcome.UNKNOWN, ""),
    ],
)
def test_the_other_kinds(mind: Understanding, text: str, outcome: Outcome, intent: str) -> None:
    """Orders and courtesies are recognised, the rest is admitted to be unknown."""
    reading = mind.read(text, DAY)
    assert (reading.outcome, reading.intent) == (outcome, intent)


def test_two_close_entries_are_asked_back(mind: Understanding) -> None:
    """What is not sure enough is asked back; where the line is lower, the same lead is enough."""
    shipped = load_calibration()
    strict = Understanding(mind.edition, replace(shipped, thresholds=replace(shipped.thresholds, answer=1.0)))
    assert mind.read("認証の手続の流れと順番", DAY).outcome is Outcome.ANSWER
    asked = strict.read("認証の手続の流れと順番", DAY)
    assert asked.outcome is Outcome.CHOICES
    assert "certification-steps" in offered(asked, mind.edition)


def test_an_entry_before_its_first_day_is_not_shown(mind: Understanding) -> None:
    """An answer that was not yet right on a day is not given for that day."""
    reading = mind.read("モニタリング報告書の期限はいつですか", date(2020, 1, 1))
    assert reading.entry != "monitoring-report-deadline"


def test_the_language_follows_the_question(mind: Understanding) -> None:
    """Japanese letters mean Japanese, whatever the page says."""
    assert mind.read("認証の手順", DAY, Lang.EN).lang is Lang.JA
    assert mind.read("how do I get credits certified", DAY, Lang.JA).lang is Lang.EN
