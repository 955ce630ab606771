"""What is recognised by its form, in every spelling that people use."""

from datetime import date

import pytest

from intents.understanding.entities import entities_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "EN-S-039",
        "ens39",
        "ＥＮ－Ｓ－０３９",
        "en-s-39の家",
        "EN S 039",
        "EN‐S‐039",
        "（EN-S-039）について",
        "EN_S_039",
    ],
)
def test_a_code_in_any_spelling(text: str) -> None:
    """Width, dashes, leading zeros and what stands around make no difference."""
    assert entities_of(text, TODAY).codes == ("EN-S-039",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ag005", "AG-005"),
        ("FO－００１", "FO-001"),
        ("IN-3", "IN-003"),
        ("wa 001", "WA-001"),
        ("en-r-2", "EN-R-002"),
    ],
)
def test_codes_of_every_sector(text: str, code: str) -> None:
    """All six prefixes."""
    assert entities_of(text, TODAY).codes == (code,)


@pytest.mark.parametrize(
    "text",
    [
        "then 5 people",
        "in 3 months",
        "deadline in 2 months?",
        "how many credits in 5 years",
        "まとめて10件",
        "walkin3",
        "plan 2030",
        "EN-S-12345",
    ],
)
def test_what_is_no_code(text: str) -> None:
    """Letters inside a word, and numbers that are too long, are no codes."""
    assert entities_of(text, TODAY).codes == ()


def test_a_number_without_its_prefix() -> None:
    """「メソドロジー39」 names a number only."""
    assert entities_of("メソドロジー39の省エネ住宅", TODAY).bare_numbers == (39,)
    assert entities_of("方法論 番号 005", TODAY).bare_numbers == (5,)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年12月5日", date(2026, 12, 5)),
        ("２０２７／１／９", date(2027, 1, 9)),
        ("2026-12-05 まで", date(2026, 12, 5)),
        ("令和9年3月31日", date(2027, 3, 31)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R8.12.1", date(2026, 12, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("12/5の説明会", date(2026, 12, 5)),
        ("3月31日まで", date(2027, 3, 31)),
    ],
)
def test_days_in_both_calendars(text: str, day: date) -> None:
    """A day without a year is the next one to come."""
    assert entities_of(text, TODAY).days == (day,)


@pytest.mark.parametrize("text", ["2026年2月30日", "13/45", "令和9年", "なし"])
def test_what_is_no_day(text: str) -> None:
    """A day that does not exist is not a day."""
    assert entities_of(text, TODAY).days == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("埼玉の工場", ("埼玉県",)),
        ("東京都内", ("東京都",)),
        ("京都の寺", ("京都府",)),
        ("東京と京都", ("東京都", "京都府")),
        ("新潟県と長野", ("新潟県", "長野県")),
    ],
)
def test_prefectures(text: str, names: tuple[str, ...]) -> None:
    """With or without the ending; 京都 is not part of 東京都."""
    assert entities_of(text, TODAY).prefectures == names


def test_project_numbers() -> None:
    """The number of a project, in any width."""
    assert entities_of("Ｊ０１２３の件", TODAY).projects == ("J0123",)
