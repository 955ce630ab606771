"""Questions of one meaning come together, whoever words them; the same questions always give the same groups."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.understanding.grouping import groups

MEANINGS = (
    ("水素ボイラーは対象になりますか", "水素ボイラーで申請できる？", "水素ボイラー　対象", "お世話になっております。水素ボイラーは対象でしょうか。"),
    ("温泉の熱を暖房に使う場合は対象ですか", "温泉熱の利用は対象になる？", "おんせんのねつをつかったら対象？"),
    ("クレジットを相続できますか", "亡くなった父のクレジットの相続", "相続でクレジットを引き継ぐには"),
    ("英語の申請書はありますか", "申請書の英語版がほしい"),
    ("Can a hydrogen boiler earn credits?", "is a hydrogen boiler eligible", "Credits for hydrogen boilers"),
    ("審査機関を途中で変えられますか", "途中で審査機関を替えたい", "審査機関の変更"),
    ("農業用ハウスの暖房は対象ですか",),
)  # fmt: skip
QUESTIONS = tuple(text for meaning in MEANINGS for text in meaning)


def _texts(found: tuple[tuple[int, ...], ...], questions: tuple[str, ...]) -> set[frozenset[str]]:
    return {frozenset(questions[place] for place in group) for group in found}


def test_one_meaning_is_one_group() -> None:
    """However it is worded; what only shares everyday words stays apart."""
    found = groups(QUESTIONS, [""] * len(QUESTIONS))
    assert _texts(found, QUESTIONS) == {frozenset(meaning) for meaning in MEANINGS}
    sizes = [len(group) for group in found]
    assert sizes == sorted(sizes, reverse=True)


def test_another_nearest_entry_is_another_group() -> None:
    """Even for the same words: what was answered last time may be told from what was not."""
    assert groups(("同じ質問", "同じ質問"), ("one", "two")) == ((0,), (1,))


def test_the_central_question_comes_first() -> None:
    """It holds what the others share."""
    asked = ("水素ボイラーの税金と対象", "水素ボイラーは対象ですか", "水素ボイラーの補助の対象")
    assert groups(asked, ["x"] * 3)[0][0] == 1


def test_texts_without_words_stand_alone() -> None:
    """Nothing in common is not the same meaning; nothing asked is no group."""
    assert groups((), ()) == ()
    assert groups(("？", "…"), ("", "")) == ((0,), (1,))


def test_each_question_needs_its_entry() -> None:
    """Lists of unequal length are a slip of the caller."""
    with pytest.raises(ValueError, match="shorter"):
        groups(("a", "b"), ("",))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(("a", "b"))), max_size=12))
def test_every_question_is_in_one_group(asked: list[tuple[str, str]]) -> None:
    """None is lost, none is there twice, and asking again gives the same."""
    texts, nearest = [text for text, _ in asked], [entry for _, entry in asked]
    found = groups(texts, nearest)
    assert sorted(place for group in found for place in group) == list(range(len(asked)))
    assert all(len({nearest[place] for place in group}) == 1 for group in found)
    assert groups(texts, nearest) == found


def test_two_thousand_questions_take_seconds() -> None:
    """A year of an office, all near the same entry: the worst case."""
    asked = tuple(f"{QUESTIONS[n % len(QUESTIONS)]} {n % 97}" for n in range(2000))
    begun = time.perf_counter()
    groups(asked, ["x"] * 2000)
    assert time.perf_counter() - begun < 5
