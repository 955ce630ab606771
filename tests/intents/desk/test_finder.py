"""From everyday words to a methodology: candidates, questions, a first look, on 24 November 2026."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.desk.finder import candidates, last_day, next_question, precheck, remaining, rules_for
from intents.understanding.router import Understanding
from knowledge.finder import UNSURE, Outcome, load_finder
from knowledge.model import EntryKind, Lang
from knowledge.reader import files_in, read

TODAY = date(2026, 11, 24)
FINDER = load_finder()
CODES = sorted(set().union(*(question.about for question in FINDER.questions)))


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    """What the cards name and what lies next door, ready for questions: the rest of the edition only costs time."""
    edition = read(files_in()).edition
    named = {card.entry for card in edition.methodologies.values()}
    aside = (EntryKind.SMALLTALK, EntryKind.OUTSIDE)
    kept = {
        id_: entry
        for id_, entry in edition.entries.items()
        if id_ in named or entry.kind in aside or id_ == "elsewhere.solar-subsidy"
    }
    return Understanding(replace(edition, entries=kept))


def test_everyday_words_find_the_methodology(understanding: Understanding) -> None:
    """What a small business would say, and in which place its methodology comes."""
    meant = {
        "プレス機を入れ替えた": "EN-S-022",
        "賃貸住宅の屋根に太陽光": "EN-R-002",
        "重油ボイラーを木質チップに替えた": "EN-R-001",
        "水銀灯をLEDに替えた": "EN-S-006",
        "間伐した山がある": "FO-001",
        "田んぼの中干しを延ばした": "AG-005",
        "社用車をEVにした": "EN-S-012",
        "フォークリフトを電動にした": "EN-S-021",
        "コンプレッサーを省エネ型に": "EN-S-020",
        "トイレを節水型にした": "EN-S-032",
        "we replaced our press machines": "EN-S-022",
        "replaced the boiler with a heat pump": "EN-S-002",
    }
    for text, code in meant.items():
        lang = Lang.EN if text.isascii() else Lang.JA
        assert candidates(understanding, FINDER, text, TODAY, lang)[0].code == code, text


def test_a_candidate_says_which_words_speak_for_it(understanding: Understanding) -> None:
    """Words that every project uses are no reason."""
    (press,) = candidates(understanding, FINDER, "プレス機を入れ替えた", TODAY, Lang.JA)
    assert press.reason_words == ("プレス",)
    assert not press.unverified
    english = candidates(understanding, FINDER, "we replaced our press machines", TODAY, Lang.EN)[0]
    assert english.reason_words == ("press", "machines")


def test_a_code_that_is_named_comes_first(understanding: Understanding) -> None:
    """Whoever knows the number gets it."""
    assert candidates(understanding, FINDER, "EN-S-022", TODAY, Lang.JA)[0].code == "EN-S-022"


@pytest.mark.parametrize(
    "text", ["弁当を食べた", "コピー機を替えた", "こんにちは", "", "太陽光の補助金がほしい"]
)
def test_nothing_fits_and_nothing_is_offered(understanding: Understanding, text: str) -> None:
    """An honest empty list."""
    assert candidates(understanding, FINDER, text, TODAY, Lang.JA) == ()


def test_forests_are_told_apart_by_their_land() -> None:
    """One question settles three methodologies, and brings the one nobody thought of."""
    question = next_question(FINDER, ["FO-002", "FO-003"], {})
    assert question
    assert question.id == "forest"
    assert remaining(FINDER, ["FO-002", "FO-003"], {"forest": "cut"}) == ("FO-003",)
    assert remaining(FINDER, ["FO-002", "FO-003"], {"forest": "tended"}) == ("FO-001",)
    assert next_question(FINDER, ["FO-002", "FO-003"], {"forest": "cut"}) is None


def test_a_boiler_is_told_apart_in_two_steps() -> None:
    """Burning something made from waste or wood leads to what it is made from."""
    codes = ["EN-S-001", "EN-R-001", "EN-R-005"]
    first = next_question(FINDER, codes, {})
    assert first
    assert first.id == "heat_source"
    second = next_question(FINDER, codes, {"heat_source": "bio"})
    assert second
    assert second.id == "bio_fuel"
    assert remaining(FINDER, codes, {"heat_source": "bio", "bio_fuel": "sludge"}) == ("EN-R-005",)


def test_what_a_question_does_not_judge_stays() -> None:
    """And so does everything where the person is not sure."""
    assert remaining(FINDER, ["FO-001", "EN-S-006"], {"forest": "cut"}) == ("FO-003", "EN-S-006")
    assert remaining(FINDER, ["FO-001", "FO-002"], {"forest": UNSURE}) == ("FO-001", "FO-002")
    assert next_question(FINDER, ["FO-001", "FO-002"], {"forest": UNSURE}) is None
    assert next_question(FINDER, [], {}) is None
    assert next_question(FINDER, ["EN-S-006"], {}) is None


@given(st.lists(st.sampled_from(CODES), max_size=5, unique=True), st.randoms())
def test_questions_come_to_an_end(codes: list[str], random: object) -> None:
    """Whatever is answered, no question comes twice, each splits what is left, and something is left."""
    answers: dict[str, str] = {}
    while question := next_question(FINDER, codes, answers):
        assert question.id not in answers
        before = remaining(FINDER, codes, answers)
        assert len(question.about & set(before)) > 1
        answers[question.id] = random.choice(question.options).value  # type: ignore[attr-defined]
    assert bool(remaining(FINDER, codes, answers)) == bool(codes)


def _two_year(done: date) -> tuple[Outcome, str]:
    (verdict,) = precheck(FINDER, "EN-S-022", {"two_year": done.isoformat()}, TODAY)
    return verdict.outcome, verdict.said(Lang.EN)


def test_the_two_year_rule_counts_to_the_day() -> None:
    """The same day two years later is the last one; which day counts is said to be unconfirmed."""
    assert _two_year(date(2024, 11, 24))[0] is Outcome.OK
    assert _two_year(date(2024, 11, 23))[0] is Outcome.STOP
    assert "2026/11/24" in _two_year(date(2024, 11, 24))[1]
    assert "0 days" in _two_year(date(2024, 11, 24))[1]
    assert "to be confirmed" in _two_year(date(2024, 11, 23))[1]
    assert _two_year(TODAY + timedelta(days=30))[0] is Outcome.OK
    assert last_day(date(2024, 2, 29), 2) == date(2026, 2, 28)


def test_forests_have_no_two_year_rule() -> None:
    """Rules ask only what concerns the methodology."""
    assert "two_year" not in [rule.id for rule in rules_for(FINDER, "FO-001", TODAY)]
    assert "forest_plan" in [rule.id for rule in rules_for(FINDER, "FO-001", TODAY)]
    assert "self_use" in [rule.id for rule in rules_for(FINDER, "EN-R-002", TODAY)]
    assert "self_use" not in [rule.id for rule in rules_for(FINDER, "EN-S-022", TODAY)]
    assert rules_for(FINDER, "EN-S-022", date(2000, 1, 1)) == ()


def test_sold_electricity_is_neither_promised_nor_refused() -> None:
    """No source settles it, so it is to be confirmed."""
    (verdict,) = precheck(FINDER, "EN-R-002", {"self_use": "sold"}, TODAY)
    assert verdict.outcome is Outcome.ASK
    assert verdict.unverified
    assert "要確認" in verdict.said(Lang.JA)


def test_every_answer_of_every_rule_is_said_in_both_languages() -> None:
    """No place is left open; an answer that a rule does not know is refused."""
    for rule in FINDER.rules:
        code = f"{rule.only[0]}001"[:8] if rule.only else "EN-S-022"
        days = ("planned", "2026-10-01", "2025-01-01", "2020-01-01")
        for answer in days if rule.window_years else [option.value for option in rule.options]:
            for verdict in precheck(FINDER, code, {rule.id: answer}, TODAY):
                assert all(verdict.said(lang) for lang in Lang)
                assert verdict.sources
    with pytest.raises(ValueError, match="knows no answer"):
        precheck(FINDER, "EN-S-022", {"in_japan": "perhaps"}, TODAY)
