"""The writer of tables: what comes back is what was put in, and nothing is ever a formula."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.harmless import cleaned, is_risky
from bot.tables import Kind, Table, written

SIGNS = "=+-@＝＋－＠\t\r '_x"
TEXTS = st.one_of(
    st.text(max_size=40),
    st.builds("".join, st.tuples(st.text(SIGNS + " \u3000", max_size=4), st.text(max_size=9))),
)


def _from_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5))
@example(["=1+1", "　＝1+1", " \t=cmd|' /C calc'!A0", "+81-3", "-5", "@SUM(A1)", "'=1", "_x0041_", "1"])
def test_csv_gives_back_the_text_and_no_cell_begins_a_formula(texts: list[str]) -> None:
    """An apostrophe stands before what is risky, and taking it off gives the text."""
    cells = _from_csv(written(Table(texts, [texts]), Kind.CSV))[-1] if texts != [""] else [""]
    assert [cell.removeprefix("'") for cell in cells] == [cleaned(text) for text in texts]
    assert not [cell for cell in cells if is_risky(cell)]


@settings(max_examples=80, deadline=None)
@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=5))
@example(
    ["=1+1", "　＝1+1", " \t=cmd|' /C calc'!A0", "+81-3", "-5", "@SUM(A1)", "'=1", "_x0041_", "1", "#N/A"]
)
def test_excel_gives_back_the_text_and_every_cell_is_one(texts: list[str]) -> None:
    """Read again, each cell holds its text and is neither a formula nor a number."""
    sheet = load_workbook(io.BytesIO(written(Table(texts, [texts]), Kind.XLSX))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row][-len(texts) :]
    # Excel reads the code of an underscore as one; this library leaves it as it stands in the file.
    values = [str(cell.value or "").replace("_x005F_", "_") for cell in cells]
    assert values == [cleaned(text) for text in texts]
    assert {cell.data_type for cell in cells if cell.value} <= {"s"}


@pytest.mark.parametrize("kind", list(Kind))
def test_numbers_stay_numbers(kind: Kind) -> None:
    """Figures can be added up."""
    content = written(Table(["n"], [[3], [Decimal("-0.5")]]), kind)
    if kind is Kind.CSV:
        assert _from_csv(content)[1:] == [["3"], ["-0.5"]]
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [3, -0.5]
