"""Cells and headings of the register: every way in which an office writes them, and what is refused instead of guessed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.readers import register
from intents.readers.misread import Misread
from intents.readers.register_headings import column_of, nearest, passed_over, sheet_of
from knowledge.wording import load_wording

DECEMBER = date(2021, 12, 1)
DAYS = (
    "2021-12-01",
    "2021/12/1",
    "2021.12.1",
    "2021年12月1日",
    "20211201",
    "令和3年12月1日",
    "R3.12.1",
    "r3/12/1",
    "㋿3年12月1日",
    "２０２１／１２／１",
    "44531",
    "44531.0",
    "2021-12-01 00:00:00",
    "2021-12-01T00:00:00",
    "2021年12月1日（水）",
    " 2021-12-01 ",
)


@pytest.mark.parametrize("text", DAYS)
def test_a_day_however_it_is_written(text: str) -> None:
    """Each is the first of December 2021."""
    assert register.register_day(text) == DECEMBER


def test_first_years_of_eras_and_leap_days() -> None:
    """令和元年, the last months of 平成, and a day that only some years have."""
    assert register.register_day("令和元年5月1日") == date(2019, 5, 1)
    assert register.register_day("H31.4.1") == date(2019, 4, 1)
    assert register.register_day("2024/2/29") == date(2024, 2, 29)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_day_in_every_form(day: date) -> None:
    """What is written is read, whatever the day."""
    serial = (day - date(1899, 12, 30)).days
    forms = (
        f"{day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        str(serial),
    )
    assert {register.register_day(text) for text in forms} == {day}


READERS: tuple[tuple[Callable[[str], object], str, str], ...] = (
    (register.register_day, "2021-02-30", "cell_day_not_real"),
    (register.register_day, "2023/2/29", "cell_day_not_real"),
    (register.register_day, "0201-12-01", "cell_day_far"),
    (register.register_day, "12345", "cell_day_far"),
    (register.register_day, "99999", "cell_day_far"),
    (register.register_day, "21/12/1", "cell_day"),
    (register.register_day, "12/1/2021", "cell_day"),
    (register.register_day, "2021年12月", "cell_day"),
    (register.register_day, "明日", "cell_day"),
    (register.register_day, "2021-12-01 2022-12-01", "cell_day"),
    (register.register_month, "2026-13", "cell_month"),
    (register.register_month, "来月", "cell_month"),
    (register.register_yes_no, "たぶん", "cell_yes_no"),
    (register.scheme, "特別型", "cell_scheme"),
    (register.state, "?", "cell_state"),
    (register.item_kind, "絵", "cell_kind"),
    (register.tonnes, "-5", "cell_tonnes"),
    (register.tonnes, "たくさん", "cell_tonnes"),
    (register.tonnes, "5 m3", "cell_tonnes"),
    (register.committee_round, "0", "cell_round"),
    (register.committee_round, "1000", "cell_round"),
    (register.prefecture, "どこか", "cell_prefecture"),
    (register.prefecture, "大阪府", "cell_outside_area"),
    (register.name, "aoi@example.jp", "cell_name_is_mail"),
    (register.name, "あ" * 61, "cell_long"),
    (register.mail, "aoi.example.jp", "cell_mail"),
    (register.day_of_year, "2/30", "cell_day_not_real"),
    (register.weekday, "", "cell_weekday"),
    (lambda text: register.whole(text, 0, 10), "11", "cell_whole"),
)


@pytest.mark.parametrize(("reader", "text", "problem"), READERS)
def test_what_is_refused_and_why(reader: Callable[[str], object], text: str, problem: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Misread) as misread:
        reader(text)
    assert misread.value.problem == problem


def test_other_cells() -> None:
    """Signs for yes and no, amounts with units, rounds, codes, prefectures, months."""
    assert [register.register_yes_no(text) for text in ("はい", "○", "ＴＲＵＥ", "1", "有")] == [True] * 5
    assert [register.register_yes_no(text) for text in ("いいえ", "×", "false", "0", "無")] == [False] * 5
    assert [register.tonnes(text) for text in ("45,797", "45,797t", "４５７９７ t-CO2/年", "45.797千t")] == [
        Decimal(45797)
    ] * 4
    assert register.tonnes("290.5") == Decimal("290.5")
    assert [register.committee_round(text) for text in ("53", "第53回", "５３回認証委員会")] == [53] * 3
    assert [register.methodology(text) for text in ("EN-S-1", "ｅｎ－ｓ－００１ ボイラー", "en_s_01")] == [
        "EN-S-001"
    ] * 3
    assert register.methodology(" 自社  方法論 ") == "自社 方法論"
    assert [register.prefecture(text) for text in ("茨城", "茨城県", "Ibaraki")] == ["茨城県"] * 3
    assert [register.register_month(text) for text in ("2026-04", "2026/4", "令和8年4月", "2026-04-30")] == [
        "2026-04"
    ] * 4
    assert (register.scheme("ﾌﾟﾛｸﾞﾗﾑ型"), register.state("取下げ")) == ("programme", "withdrawn")


COLUMNS = ("project_id", "title", "cp_start", "cp_end", "expected_t", "contact_email", "second_contact_email")


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("project_id", "project_id"),
        ("Project ID", "project_id"),
        ("案件番号", "project_id"),
        ("ﾌﾟﾛｼﾞｪｸﾄID", "project_id"),
        ("プロジェクト名", "title"),
        ("認証対象期間（開始）", "cp_start"),
        ("認証対象期間(終了)", "cp_end"),
        ("認証対象期間　終了", "cp_end"),
        ("年間見込み量(t-CO2)", "expected_t"),
        ("年間見込み量【トン】", "expected_t"),
        ("担当者メール", "contact_email"),
        ("第２連絡先メール", "second_contact_email"),
        ("備考", ""),
        ("", ""),
    ],
)
def test_headings_in_either_language(heading: str, column: str) -> None:
    """Whatever their width, spaces and brackets."""
    assert column_of(heading, COLUMNS) == column


def test_headings_that_are_nearly_right_are_named() -> None:
    """The column that was meant, or none."""
    assert nearest("プロジェクト名前", COLUMNS) == "title"
    assert nearest("projekt_id", COLUMNS) == "project_id"
    assert nearest("備考", COLUMNS) == ""
    assert [passed_over(one) for one in ("", "理由", "row", "備考")] == [True, True, True, False]
    assert [sheet_of(one) for one in ("Projects", "認証", "モニタリング期間", "説明", "Sheet1")] == [
        "projects",
        "certifications",
        "periods",
        "columns",
        "",
    ]


def test_every_misread_cell_has_its_sentence() -> None:
    """In the wording of an import."""
    known = load_wording().texts
    spoken_elsewhere = {"cell_weekday", "cell_month_day"}
    problems = {problem for _, _, problem in READERS} - spoken_elsewhere
    assert not [one for one in problems if f"project_import.{one}" not in known]
