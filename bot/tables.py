"""The one writer of files that a spreadsheet opens: CSV and Excel, in which no text is ever run as a formula."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from bot.harmless import cleaned, harmless

Cell = str | int | Decimal
WIDTH = 18
# The format gives `_x0041_` a meaning of its own, which what people typed has not.
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Kind(StrEnum):
    """In which form a table is written."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """How the file is called in a response."""
        if self is Kind.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows; texts stay texts, numbers stay numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def written(table: Table, kind: Kind) -> bytes:
    """The file."""
    return _csv(table) if kind is Kind.CSV else _xlsx(table)


def _csv(table: Table) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (table.columns, *table.rows):
        writer.writerow([harmless(cleaned(cell)) if isinstance(cell, str) else cell for cell in row])
    # Excel reads UTF-8 only behind a byte order mark.
    return out.getvalue().encode("utf-8-sig")


def _xlsx(table: Table) -> bytes:
    book = Workbook(write_only=True)
    # The library's types know less of such a sheet than it can do.
    sheet: Any = book.create_sheet()
    sheet.freeze_panes = "A2"
    for letter in range(len(table.columns)):
        sheet.column_dimensions[chr(ord("A") + letter)].width = WIDTH
    sheet.append([_text(sheet, cell, bold=True) for cell in table.columns])
    for row in table.rows:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, _CODE.sub("_x005F_", cleaned(text)))
    # By itself the library makes a formula of what begins with an equals sign, and a number of digits.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
