"""What the verbs of the office share: one transaction of staff, sentences of a subject, tables out of a CSV file."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import typer

from bot.clock import now
from bot.harmless import harmless
from bot.settings import Settings
from bot.verbs.seminar_desk import STAFF
from intents.desk.consultations import Pen
from intents.desk.moments import moment_text
from intents.desk.refused import Refused
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database

# Longer files are not lists that somebody typed.
FILE_LIMIT = 5_000_000


@contextmanager
def refusals(subject: str, lang: Lang) -> Iterator[None]:
    """A refusal is printed in the words of the subject, or of seminars, and ends with exit code 1."""
    try:
        yield
    except Refused as refused:
        typer.echo(_refusal(subject, refused, lang), err=True)
        raise typer.Exit(1) from refused


def _refusal(subject: str, refused: Refused, lang: Lang) -> str:
    wording = load_wording()
    own = f"{subject}.{refused.problem}"
    places = {
        name: moment_text(wording, value, lang) if isinstance(value, datetime) else value
        for name, value in refused.places.items()
    }
    return wording.say(own if own in wording.texts else f"seminars.{refused.problem}", lang, **places)


@contextmanager
def desk(subject: str, lang: Lang = Lang.JA) -> Iterator[StoredBooks]:
    """One transaction of staff; a refusal is printed and ends with exit code 1."""
    with refusals(subject, lang), books(Database(Settings().url), now(), STAFF) as opened:
        yield opened


def pen() -> Pen:
    """What letters are written with."""
    return Pen(load_notices(), load_wording())


def say(subject: str, name: str, lang: Lang, /, **places: object) -> str:
    """A sentence of a subject."""
    return load_wording().say(f"{subject}.{name}", lang, **places)


def day(value: str) -> date:
    """A day as staff type it. Refused: day_wrong."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError as fault:
        raise Refused("day_wrong", value=value) from fault


# ------------------------------------------------ CSV


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a CSV file that a spreadsheet opens safely: UTF-8 with BOM, no cell is a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def write(text: str, out: Path | None) -> None:
    """Writes to a file, or to standard output where there is none."""
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8", newline="")


def table_at(file: Path, subject: str, columns: Sequence[str]) -> tuple[tuple[int, Mapping[str, str]], ...]:
    """The rows of a CSV file by column, each with its number; headings may be ours or those of either language.

    A column that is missing is left out. Refused: file_broken, columns_missing (the first of `columns`).
    """
    head, *rows = _lines(file) or [[]]
    names = [_column(cell, subject, columns) for cell in head]
    if columns[0] not in names:
        wanted = ", ".join(say(subject, f"column_{name}", Lang.JA) for name in columns)
        raise Refused("columns_missing", file=file, columns=wanted)
    return tuple(
        (number, {name: _cell(cell) for name, cell in zip(names, row, strict=False) if name})
        for number, row in enumerate(rows, 2)
        if any(cell.strip() for cell in row)
    )


def _cell(text: str) -> str:
    # An apostrophe kept a spreadsheet from running the cell as a formula.
    return text.strip().removeprefix("'")


def _lines(file: Path) -> list[list[str]]:
    try:
        content = file.read_bytes()[:FILE_LIMIT]
        text = _decoded(content)
        first = text.partition("\n")[0]
        return list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ","))
    except (OSError, csv.Error) as fault:
        raise Refused("file_broken", file=file, why=fault) from fault


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets in Japan still save CSV in their own code page.
        return content.decode("cp932", "replace")


def _column(cell: str, subject: str, columns: Sequence[str]) -> str:
    heading = cell.strip().casefold()
    for name in columns:
        own = (name, *(say(subject, f"column_{name}", lang).casefold() for lang in Lang))
        if heading in own:
            return name
    return ""
