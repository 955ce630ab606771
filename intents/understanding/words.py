"""The only door to the tokenisers: a text to its content words, with readings and synonym groups.

Japanese is cut into SudachiDict's short units and brought to their normalised form, which joins the ways
of writing one word (申込み, 申し込み); English words are brought to their stems. Words that every question
has are left out. A tokeniser belongs to one thread, the dictionary to all.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from intents.understanding.entities import codes_in, without_codes
from intents.understanding.normalise import folded, hiragana, is_japanese, without_courtesy

# Longer texts are read up to here; the dictionary refuses very long ones altogether.
LONGEST = 4000
Found = tuple[str, str, list[int]]
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_STOP_POS = frozenset({"助詞", "助動詞", "補助記号", "空白", "記号"})
# What nearly every question holds, whatever it is about.
_LIGHT = frozenset(
    """
    為る 居る 有る 御座る 下さい 下さる 出来る 成る 御 事 物 者 場合 時 よう どう 何 何の 如何 知る
    教える 欲しい 思う 頂く 貰う ます です 良い 行く 来る 言う 因る 就く 関する 対する 其れ 此れ 此の 其の
    有り難う 御座います 於く 願う 致す 為さる さん 様 方 の 所 訳 筈 積もり 点 件 際 程 等 気 奴 仕方 私 弊社
    当社 うち 我が社 こちら 其処 此処 あの
    """.split()  # noqa: SIM905 - a list to read
)
_COMMON = frozenset(
    """
    a an the i i'm i'd my me we our us you your is are was be been am do doe did does to of in on at for
    with it its this that these those and or if can could would will should how what when why where
    which who there have has had get got please want need know tell about any some so as by from into
    just also
    """.split()  # noqa: SIM905 - a list to read
)


@dataclass(frozen=True, slots=True)
class Words:
    """The content words of a text, in order; `readings` in hiragana beside each, `groups` as `#number`."""

    words: tuple[str, ...]
    readings: tuple[str, ...]
    groups: tuple[str, ...]
    tight: str

    @property
    def reading(self) -> str:
        """How the content words sound, run together."""
        return "".join(self.readings)


def words_of(text: str) -> Words:
    """The content words of a text in either language, courtesies aside."""
    plain = without_courtesy(text[:LONGEST])
    codes = codes_in(plain)
    rest = folded(without_codes(plain) if codes else plain)
    found = list(_japanese(rest) if is_japanese(plain) else _english(rest))
    return Words(
        (*(word for word, _, _ in found), *codes),
        (*(reading for _, reading, _ in found), *codes),
        tuple(f"#{group}" for _, _, ids in found for group in ids[:2]),
        folded(plain).replace(" ", "") if is_japanese(plain) else folded(plain),
    )


def _english(text: str) -> Iterator[Found]:
    spelt = _WORD.findall(text)
    for word in [word for word in spelt if word not in _COMMON] or spelt:
        yield _stem(word), _stem(word), []


def _japanese(text: str) -> list[Found]:
    found = [
        _word(token) for token in _tokeniser().tokenize(text) if token.part_of_speech()[0] not in _STOP_POS
    ]
    # A text of light words only is about them: thanks, a greeting.
    return [word for word in found if word[0] not in _LIGHT] or found


def _word(token: Any) -> Found:
    word = token.normalized_form().lower()
    if word.isascii():
        return _stem(word), word, []
    return word, hiragana(token.reading_form() or word), token.synonym_group_ids()


@lru_cache(20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


_threads = threading.local()


def _tokeniser() -> Any:
    if not hasattr(_threads, "tokeniser"):
        from sudachipy import SplitMode

        _threads.tokeniser = _dictionary().tokenizer(SplitMode.A)
    return _threads.tokeniser


@cache
def _dictionary() -> Any:
    # Imported late: the verbs that do not understand anything need no dictionary.
    from sudachipy import Dictionary

    return Dictionary(dict="small")


def _stemmer() -> Any:
    if not hasattr(_threads, "stemmer"):
        from Stemmer import Stemmer

        _threads.stemmer = Stemmer("english")
    return _threads.stemmer
