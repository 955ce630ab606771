"""The one door to files of a spreadsheet: tables are written, in which no text is ever run as a formula, and read.

Excel is read as texts: days as YYYY-MM-DD, numbers without an exponent, what a formula came to when it was saved last.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from bot.harmless import cleaned, harmless

Cell = str | int | Decimal
WIDTH = 18
# The format gives `_x0041_` a meaning of its own, which what people typed has not.
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
# What the library raises for a file that is broken or none of its kind; nothing of it is promised.
_BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
)
# More of one sheet is no list that an office keeps; a small file may hold millions of empty cells.
ROWS_READ, COLUMNS_READ = 60_000, 60
UNPACKED_LIMIT = 200_000_000
Rows = tuple[tuple[int, tuple[str, ...]], ...]


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
    return book({"": table})


def book(tables: Mapping[str, Table]) -> bytes:
    """An Excel file with a sheet for each table, by name; an empty name is left to the library."""
    whole = Workbook(write_only=True)
    for name, table in tables.items():
        # The library's types know less of such a sheet than it can do.
        sheet: Any = whole.create_sheet(name or None)
        _fill(sheet, table)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def _fill(sheet: Any, table: Table) -> None:
    sheet.freeze_panes = "A2"
    for number in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.append([_text(sheet, cell, bold=True) for cell in table.columns])
    for row in table.rows:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, _CODE.sub("_x005F_", cleaned(text)))
    # By itself the library makes a formula of what begins with an equals sign, and a number of digits.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


# ------------------------------------------------ reading


class NoBook(ValueError):
    """A file that is no Excel file, or a broken one."""


def sheets(content: bytes) -> dict[str, Rows]:
    """Each sheet by name, with the number and the cells of every row that is not empty; raises NoBook."""
    try:
        _check_size(content)
        whole = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found = {sheet.title: tuple(_rows(sheet.iter_rows(values_only=True))) for sheet in whole.worksheets}
        whole.close()
    except _BROKEN as fault:
        raise NoBook(str(fault)) from fault
    return found


def _check_size(content: bytes) -> None:
    """Raises NoBook for a small file that becomes a giant when it is unpacked."""
    with ZipFile(io.BytesIO(content)) as packed:
        if sum(one.file_size for one in packed.infolist()) > UNPACKED_LIMIT:
            raise NoBook("too large when unpacked")


def _rows(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in enumerate(islice(rows, ROWS_READ), 1):
        cells = tuple(map(_as_text, row[:COLUMNS_READ]))
        if any(map(str.strip, cells)):
            yield number, cells


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float():
            return _number(value)
        case str():
            return cleaned(_ESCAPED.sub("_", value))
        case _:
            return str(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
