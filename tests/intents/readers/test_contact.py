"""Names, mail addresses, telephone numbers and corporate numbers."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.readers.contact import mail_address, organisation, person_name, phone
from intents.readers.corporate_number import check_digit, corporate_number
from tests.intents.readers.kit import TEXTS, problem, value


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("tanaka@example.co.jp", "tanaka@example.co.jp"),
        ("ｔａｎａｋａ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ", "tanaka@example.co.jp"),
        ("tanaka@example.jpです", "tanaka@example.jp"),
        ("メールは tanaka@example.jp です", "tanaka@example.jp"),
        ("Tanaka Taro <tanaka@example.jp>", "tanaka@example.jp"),
        ("mailto:Tanaka@Example.JP", "Tanaka@example.jp"),
        ("tanaka@example.jp。", "tanaka@example.jp"),
        ("da..me.@docomo.ne.jp", "da..me.@docomo.ne.jp"),
    ],
)
def test_a_mail_address_is_read(typed: str, read: str) -> None:
    """Full width, a sentence around it and an angled address are no obstacle."""
    assert mail_address(typed) == read


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", "empty"),
        ("tanaka.example.jp", "mail_no_at"),
        ("a@@example.jp", "mail_two_ats"),
        ("a@b@example.jp", "mail_two_ats"),
        ("tanaka @example.jp", "mail_space"),
        ("tanaka@example.jp.", "mail_trailing"),
        ("tanaka@example.jp,", "mail_trailing"),
        ("tanaka@example", "mail_no_dot"),
        ("田中@example.jp", "mail_not_ascii"),
        ("tanaka@例え.jp", "mail_not_ascii"),
        ("@example.jp", "mail_half"),
        ("tana(ka@example.jp", "mail_letter"),
        ("tanaka@-example.jp", "mail_domain"),
        ("tanaka@example.1", "mail_domain"),
        ("a" * 65 + "@example.jp", "mail_too_long"),
    ],
)
def test_each_slip_in_a_mail_address_has_its_sentence(typed: str, wrong: str) -> None:
    """What is wrong is said, not only that it is."""
    assert problem(partial(mail_address, typed)) == wrong


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("03-1234-5678", "03-1234-5678"),
        ("０３ー１２３４ー５６７８", "03-1234-5678"),
        ("0312345678", "03-1234-5678"),
        ("03(1234)5678", "03-1234-5678"),
        ("(048)123-4567", "048-123-4567"),
        ("0481234567", "0481234567"),
        ("電話は０９０−１２３４−５６７８です", "090-1234-5678"),
        ("0120123456", "0120-123-456"),
        ("+81 3 1234 5678", "+81-3-1234-5678"),
        ("+81-(0)90-1234-5678", "+81-90-1234-5678"),
        ("+14155550123", "+14155550123"),
        ("048-123-4567 内線12", "048-123-4567 内線12"),
    ],
)
def test_a_telephone_number_is_read(typed: str, read: str) -> None:
    """Hyphens are set where the grouping is certain and kept where they were typed."""
    assert phone(typed) == read


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("03-1234-567", "phone_short"),
        ("090-1234-56789", "phone_long"),
        ("1234-5678", "phone_no_zero"),
        ("あとで連絡", "phone_letters"),
        ("+1234", "phone_short"),
        ("+1234567890123456", "phone_long"),
        ("-", "phone_short"),
    ],
)
def test_what_is_no_telephone_number(typed: str, wrong: str) -> None:
    """Too short, too long, without its area code, letters."""
    assert problem(partial(phone, typed)) == wrong


def test_names_lose_politeness_and_nothing_else() -> None:
    """The name that somebody says politely is the name."""
    assert person_name("田中　太郎と申します") == "田中 太郎"
    assert person_name("My name is John Smith") == "John Smith"
    assert organisation("㈱ﾃｽﾄ製作所です。") == "(株)テスト製作所"
    assert organisation("3M") == "3M"
    assert problem(partial(person_name, "tanaka@example.jp")) == "name_is_mail"
    assert problem(partial(organisation, "！？")) == "name_symbols"
    assert problem(partial(organisation, "あ" * 81)) == "too_long"
    assert organisation("あ" * 80) == "あ" * 80


def test_what_cannot_be_seen_is_no_part_of_a_name() -> None:
    """A mark that turns the writing around would show another name than it is."""
    assert person_name("田\u202e中\u200b太郎") == "田中太郎"


@pytest.mark.parametrize(
    "typed",
    [
        "4000012090001",
        "２１２０９０１００７４０２",
        "T4011001098993",
        "4-0000-1209-0001",
        "法人番号は4000012090001です",
    ],
)
def test_published_corporate_numbers_are_right(typed: str) -> None:
    """Numbers of real organisations pass."""
    assert len(corporate_number(typed)) == 13


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("4000012090002", "corporate_check"),
        ("0000000000000", "corporate_check"),
        ("123", "corporate_length"),
        ("000012090001", "corporate_twelve"),
        ("なし", "corporate_letters"),
        ("", "empty"),
    ],
)
def test_what_is_no_corporate_number(typed: str, wrong: str) -> None:
    """The check digit, the length, the register's number of twelve digits, letters."""
    assert problem(partial(corporate_number, typed)) == wrong


@given(st.integers(0, 10**12 - 1), st.integers(0, 11), st.integers(1, 8))
def test_the_check_digit_finds_wrong_digits(base: int, place: int, change: int) -> None:
    """A number with its check digit passes; with one digit changed it fails, but for 0 and 9, which weigh the same."""
    digits = f"{base:012}"
    assert corporate_number(f"{check_digit(digits)}{digits}")
    wrong = (int(digits[place]) + change) % 10
    other = f"{digits[:place]}{wrong}{digits[place + 1 :]}"
    same = {digits[place], str(wrong)} == {"0", "9"}
    assert (value(partial(corporate_number, f"{check_digit(digits)}{other}")) is not None) == same


@pytest.mark.parametrize("read", [mail_address, phone, person_name, organisation, corporate_number])
@given(text=TEXTS)
def test_any_text_is_read_or_refused(read: object, text: str) -> None:
    """No text breaks a reader, and what it gives reads as itself."""
    assert callable(read)
    got = value(partial(read, text))
    if got is not None:
        assert read(got) == got
