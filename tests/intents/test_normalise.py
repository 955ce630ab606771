"""Normalisation: the many spellings of one question meet in one key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.understanding.normalise import key

VARIANTS = [
    ("モニタリング報告書の期限", "ﾓﾆﾀﾘﾝｸﾞ報告書の期限"),
    ("Ｊ－クレジット", "j-クレジット"),
    ("サーバー更新", "サーバ更新"),
    ("もにたりんぐ", "モニタリング"),
    ("申し込みの方法", "申込みの方法"),
    ("締め切り", "〆切"),
    ("登録の期限は？", "登録の期限は"),
    ("團體の登録", "団体の登録"),
    ("EN-S-001 ボイラー", "ｅｎｓ００１ボイラ"),
    ("認証の手順を教えてください", "認証の手順"),
    ("いつもお世話になっております。認証の手順を知りたいです。よろしくお願いいたします。", "認証の手順"),
]


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_ja_variants_share_a_key(one: str, other: str) -> None:
    """Width, kana, long vowels, okurigana, old kanji and politeness make no difference."""
    assert key(one) == key(other)


@given(st.text(max_size=300))
def test_any_text_has_a_key(text: str) -> None:
    """No input breaks the normaliser."""
    assert isinstance(key(text), str)
