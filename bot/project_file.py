"""Tables of the register out of a file: CSV in UTF-8 or Shift_JIS, with any separator, or Excel."""

import codecs
import csv
import io
from pathlib import Path

from bot.tables import NoBook, sheets
from intents.desk.projects.importing.sheets import RawSheet
from intents.desk.refused import Refused

SIZE_LIMIT = 20_000_000
_NEW_BOOK, _OLD_BOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SEPARATORS = ",\t;"


def read_path(path: Path) -> tuple[RawSheet, ...]:
    """The tables of a file on this machine. Refused: file_unread, and as `read_file`."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise Refused("file_unread", file=path.name, why=fault.strerror or fault) from fault
    return read_file(path.name, content)


def read_file(name: str, content: bytes) -> tuple[RawSheet, ...]:
    """The tables of a file: one of a CSV file, all sheets of a book.

    Refused: file_big, file_empty, file_old_book, file_broken, file_binary, file_encoding, file_quotes.
    """
    if len(content) > SIZE_LIMIT:
        raise Refused("file_big", file=name, limit=SIZE_LIMIT // 1_000_000)
    if not content.strip():
        raise Refused("file_empty", file=name)
    if content.startswith(_OLD_BOOK):
        raise Refused("file_old_book", file=name)
    if content.startswith(_NEW_BOOK):
        return _book(name, content)
    return (RawSheet(name, "", _lines(name, _decoded(name, content))),)


def _book(name: str, content: bytes) -> tuple[RawSheet, ...]:
    try:
        found = sheets(content)
    except NoBook as fault:
        raise Refused("file_broken", file=name) from fault
    return tuple(RawSheet(name, sheet, rows) for sheet, rows in found.items())


def _decoded(name: str, content: bytes) -> str:
    # What Excel calls Unicode text.
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise Refused("file_binary", file=name)
    # Spreadsheets in Japan still save CSV in their own code page.
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("file_encoding", file=name)


def _lines(name: str, text: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    # Strict, so that a quotation mark that is never closed does not swallow the rest of the table.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [(number, tuple(map(_cell, row))) for number, row in enumerate(reader, 1)]
    except csv.Error as fault:
        raise Refused("file_quotes", file=name, line=reader.line_num) from fault
    return tuple((number, cells) for number, cells in rows if any(cells))


def _cell(text: str) -> str:
    # An apostrophe kept a spreadsheet from running the cell as a formula.
    return text.strip().removeprefix("'")
