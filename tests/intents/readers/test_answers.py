"""Prefectures, numbers, yes and no, choices."""

from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.messages import Option
from intents.readers.area import AREA, prefecture
from intents.readers.choice import free_text, one_of, several_of
from intents.readers.numbers import Mass, amount, count, yes_no
from intents.understanding.entities import PREFECTURES
from tests.intents.readers.kit import TEXTS, problem, value

WAYS = (
    Option("online", "オンライン"),
    Option("visit", "ご来庁（さいたま新都心）"),
    Option("site", "訪問してほしい"),
    Option("site-online", "訪問とオンライン"),
)
LENGTHS = (Option("30", "30分"), Option("60", "1時間"))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("東京", "東京都"),
        ("tokyo", "東京都"),
        ("とうきょう", "東京都"),
        ("Tōkyō-to", "東京都"),
        ("さいたま市", "埼玉県"),
        ("神奈川県横浜市です", "神奈川県"),
        ("横浜", "神奈川県"),
        ("グンマ", "群馬県"),
        ("ぐんまけん", "群馬県"),
        ("Shizuoka Prefecture", "静岡県"),
    ],
)
def test_a_prefecture_is_read(typed: str, read: str) -> None:
    """Kanji, kana, Latin letters, the city of the prefecture."""
    assert prefecture(typed) == read


@pytest.mark.parametrize("name", PREFECTURES)
def test_every_prefecture_is_known(name: str) -> None:
    """The eleven of the area are read, the others refused by name."""
    short = name if name == "北海道" else name[:-1]
    if name in AREA:
        assert prefecture(name) == prefecture(short) == name
    else:
        assert problem(partial(prefecture, short)) == "outside_area"


def test_what_is_no_prefecture() -> None:
    """Two of them, or none."""
    assert problem(partial(prefecture, "埼玉と東京")) == "prefecture_two"
    assert problem(partial(prefecture, "火星")) == "prefecture_unknown"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("３", 3),
        ("三名", 3),
        ("二人です", 2),
        ("2名でお願いします", 2),
        ("ひとり", 1),
        ("just me", 1),
        ("5 people", 5),
        ("一名様", 1),
    ],
)
def test_a_count_is_read(typed: str, read: int) -> None:
    """Any width, kanji, counters, politeness."""
    assert count(typed, 1, 5) == read


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("６名", "number_range"),
        ("0", "number_range"),
        ("-1", "number_range"),
        ("9" * 900, "number_range"),
        ("2.5", "number_not_whole"),
        ("たくさん", "number_unclear"),
        ("2人と子供1人", "number_unclear"),
        ("9" * 5000, "too_long"),
    ],
)
def test_what_is_no_count(typed: str, wrong: str) -> None:
    """Outside the limits, broken, unclear."""
    assert problem(partial(count, typed, 1, 5)) == wrong


@pytest.mark.parametrize(
    ("typed", "kilograms"),
    [
        ("2.9", "2.9"),
        ("２．９ｋｇ", "2.9"),
        ("約2.9 kg-CO2", "2.9"),
        ("1トン", "1000"),
        ("0.5t-CO2e", "500"),
        ("1,200kgです", "1200"),
        ("1.5万トン", "15000000"),
        ("500g", "0.5"),
    ],
)
def test_an_amount_is_read(typed: str, kilograms: str) -> None:
    """Kilograms, tonnes, and the gas named or not."""
    assert amount(typed) == Decimal(kilograms)


def test_an_amount_without_a_unit_is_in_the_unit_asked_for() -> None:
    """Where tonnes are asked for, 3 is three tonnes and 500 kg half a tonne."""
    assert amount("3", Mass.T) == Decimal(3)
    assert amount("500kg", Mass.T) == Decimal("0.5")


def test_what_is_no_amount() -> None:
    """Below zero, an unknown unit, no number."""
    assert problem(partial(amount, "-3kg")) == "amount_negative"
    assert problem(partial(amount, "3箱")) == "amount_unit"
    assert problem(partial(amount, "たくさん")) == "amount_unclear"
    assert problem(partial(amount, "1" * 20)) == "amount_huge"


@pytest.mark.parametrize(
    "typed",
    [
        "はい",
        "お願いします",
        "希望します",
        "はい、同意します",
        "あり",
        "問題ありません",
        "構いません",
        "ok",
        "Yes please",
        "no problem",
        "お願いできますか",
    ],
)
def test_yes(typed: str) -> None:
    """Also where it is said with a word of refusal: no objection is consent."""
    assert yes_no(typed) is True


@pytest.mark.parametrize(
    "typed",
    [
        "いいえ",
        "不要です",
        "いりません",
        "希望しません",
        "同意しません",
        "なし",
        "結構です",
        "いいえ、結構です",
        "no thanks",
        "n",
        "必要ない",
    ],
)
def test_no(typed: str) -> None:
    """Every refusal."""
    assert yes_no(typed) is False


@pytest.mark.parametrize(
    "typed", ["いいです", "大丈夫です", "はい、不要です", "わからない", "うーん", "ありがとう", "maybe"]
)
def test_neither_yes_nor_no(typed: str) -> None:
    """What can be read either way is asked again, not guessed."""
    assert problem(partial(yes_no, typed)) == "yes_no_unclear"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2", "visit"),
        ("２番", "visit"),
        ("③", "site"),
        ("オンライン", "online"),
        ("online", "online"),
        ("オンラインでお願いします", "online"),
        ("来庁", "visit"),
        ("おんらいん", "online"),
        ("オンラン", "online"),
        ("訪問とオンライン", "site-online"),
    ],
)
def test_one_option_is_chosen(typed: str, read: str) -> None:
    """By number, name, beginning, kana, or with a slip."""
    assert one_of(typed, WAYS) == read


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("5", "choice_number"),
        ("訪問", "choice_ambiguous"),
        ("電話", "choice_unknown"),
        ("！", "choice_unknown"),
    ],
)
def test_no_option_is_guessed(typed: str, wrong: str) -> None:
    """Two that fit are named, and so are all where none fits."""
    assert problem(partial(one_of, typed, WAYS)) == wrong


def test_a_number_that_two_options_answer_to_is_asked_again() -> None:
    """1 may be the first one or one hour."""
    assert problem(partial(one_of, "1", LENGTHS)) == "choice_ambiguous"
    assert one_of("30", LENGTHS) == "30"
    assert one_of("2", LENGTHS) == "60"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1と3", ("online", "site")),
        ("3,1", ("online", "site")),
        ("1 3", ("online", "site")),
        ("オンライン、来庁", ("online", "visit")),
        ("オンライン\n来庁", ("online", "visit")),
        ("訪問とオンライン", ("site-online",)),
        ("オンラインと3", ("online", "site")),
        ("online\nvisit", ("online", "visit")),
    ],
)
def test_several_options_are_chosen(typed: str, read: tuple[str, ...]) -> None:
    """Numbers and names, in the order of the options; a name with "and" in it stays one."""
    assert several_of(typed, WAYS) == read


def test_all_options_are_chosen_by_a_word() -> None:
    """Everything means everything, and one that does not exist refuses all."""
    assert several_of("全部", WAYS) == ("online", "visit", "site", "site-online")
    assert problem(partial(several_of, "1,9", WAYS)) == "choice_number"


def test_free_text_keeps_its_lines() -> None:
    """Blank lines beyond one and invisible marks go; the limit is named."""
    assert free_text(" 一行目\r\n\r\n\r\n\r\n二行目\u202e ", 50) == "一行目\n\n二行目"
    assert problem(partial(free_text, "あ" * 6, 5)) == "too_long"
    assert problem(partial(free_text, " \u200b ", 5)) == "empty"


@given(TEXTS)
def test_any_text_is_an_answer_or_refused(text: str) -> None:
    """No text breaks a reader, and what it gives reads as itself."""
    if where := value(partial(prefecture, text)):
        assert prefecture(where) == where
    if (many := value(partial(count, text, 1, 5))) is not None:
        assert count(str(many), 1, 5) == many
    if (mass := value(partial(amount, text))) is not None:
        assert amount(str(mass)) == mass
    if written := value(partial(free_text, text, 40)):
        assert free_text(written, 40) == written
    value(partial(yes_no, text))


@given(
    TEXTS | st.lists(st.sampled_from(["1", "2", "online", "訪問", "、", "と", "\n"]), max_size=6).map("".join)
)
def test_any_text_chooses_or_is_refused(text: str) -> None:
    """The chosen values, one a line, choose the same again."""
    if one := value(partial(one_of, text, WAYS)):
        assert one_of(one, WAYS) == one
    if several := value(partial(several_of, text, WAYS)):
        assert several_of("\n".join(several), WAYS) == several


@pytest.mark.parametrize(
    "typed", ["同意しない", "希望しない", "申し込まない", "お願いしない", "同意はしないです"]
)
def test_a_no_that_holds_a_yes_word_is_no(typed: str) -> None:
    """Nobody agrees by saying that they do not."""
    assert yes_no(typed) is False
