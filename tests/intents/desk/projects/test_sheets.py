"""Which table it is and which column is which, whatever stands above and beside; and what is refused as a whole."""

import pytest

from intents.desk.projects.importing.sheets import TEMPLATE, RawSheet, SheetKind
from intents.desk.refused import Refused
from tests.intents.desk.projects.import_kit import raw, tables

ROW = ["P-1", "ボイラー", "みどり"]
HEAD = ["案件番号", "プロジェクト名", "実施者"]


def test_the_headings_are_found_below_a_title() -> None:
    """Rows keep the numbers that a spreadsheet shows; cells go to their columns."""
    found = tables(raw(["2026年度 案件一覧"], ["", ""], HEAD, ROW, ["", "", ""], ROW))
    (sheet,) = found.sheets
    assert (sheet.kind, sheet.headings) == (SheetKind.PROJECTS, tuple(HEAD))
    assert [row.number for row in sheet.rows] == [4, 6]
    assert sheet.rows[0].cells == {"project_id": "P-1", "title": "ボイラー", "organisation": "みどり"}


@pytest.mark.parametrize("kind", list(SheetKind))
def test_each_table_is_known_by_its_headings(kind: SheetKind) -> None:
    """Without a name of the sheet."""
    (sheet,) = tables(raw(TEMPLATE[kind], ["x"] * len(TEMPLATE[kind]))).sheets
    assert (sheet.kind, set(sheet.rows[0].cells)) == (kind, set(TEMPLATE[kind]))


def test_sheets_by_name_projects_first_and_others_left_out() -> None:
    """A sheet that explains is not even mentioned; a short row has no further cells."""
    found = tables(
        raw(["案件番号", "認証申請日"], ["P-1", "2022-10-03"], name="認証"),
        raw(["使い方"], name="メモ"),
        raw(["列", "説明"], name="columns"),
        raw(HEAD, ["P-1"], name="プロジェクト"),
        raw(name="periods"),
    )
    assert [sheet.kind for sheet in found.sheets] == [SheetKind.PROJECTS, SheetKind.CERTIFICATIONS]
    assert found.left_out == ("メモ",)
    assert found.sheets[0].rows[0].cells == {"project_id": "P-1"}


def test_unknown_columns_are_named_with_the_nearest() -> None:
    """And read over."""
    (sheet,) = tables(raw([*HEAD, "備考", "cp_strat", "reason"], [*ROW, "x", "y", "z"])).sheets
    assert [(one.heading, one.nearest) for one in sheet.unread] == [("備考", ""), ("cp_strat", "cp_start")]


REFUSED: tuple[tuple[tuple[RawSheet, ...], str], ...] = (
    ((raw(),), "file_empty"),
    ((raw(["a", "b"], ["1", "2"]),), "no_table"),
    ((raw(HEAD),), "no_rows"),
    ((raw(["案件番号"], ["P-1"], name="certifications"),), "columns_missing"),
    ((raw(["project_id", "案件番号", "title"], ROW),), "column_twice"),
    ((raw(HEAD, *([ROW] * 50_001)),), "too_many_rows"),
)


@pytest.mark.parametrize(("sheets", "problem"), REFUSED)
def test_what_is_no_import(sheets: tuple[RawSheet, ...], problem: str) -> None:
    """Each with its own reason."""
    with pytest.raises(Refused, match=problem):
        tables(*sheets)


def test_a_file_can_be_told_what_it_holds() -> None:
    """Where headings leave it open."""
    sheet = raw(
        ["project_id", "name", "種類", "開始月", "valid_until"], ["P-1", "x", "数値", "2026-04", "2027-01-01"]
    )
    assert tables(sheet).sheets[0].kind is SheetKind.ITEMS
    assert tables(sheet, forced=SheetKind.INSTRUMENTS).sheets[0].kind is SheetKind.INSTRUMENTS
