"""Registrations as a CSV file that a spreadsheet opens safely, and attendance out of one."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.harmless import harmless
from intents.desk.moments import TOKYO
from intents.desk.refused import Refused
from intents.desk.seminar_records import Registration, Seminar
from knowledge.model import Lang
from knowledge.wording import Wording

COLUMNS = [
    "number",
    "state",
    "name",
    "organisation",
    "mail",
    "phone",
    "prefecture",
    "party",
    "way",
    "question",
    "consultation",
    "signed_up",
    "attended",
]
# With any dash, or the long vowel mark that stands for one; without a dash `R7` may be a year of Reiwa.
_NUMBER = re.compile(
    r"(?<![a-z0-9])R(?:\s?[-\u2010-\u2015\u2212\u30fc]\s?(\d{1,9})|(\d{5,9}))(?![a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![^\s@<>()\"',;:])[^\s@<>()\"',;:]+@[^\s@<>()\"',;:]+")
_QUOTED = re.compile(r'"[^"]*"')
_BOOK = b"PK\x03\x04"
# Of a line that names nobody so much is shown.
SHOWN = 120


def registrations_csv(
    wording: Wording, seminar: Seminar, registrations: Iterable[Registration], lang: Lang
) -> str:
    """One line a registration, with the seminar's own questions at the end; times in Tokyo. Begins with a BOM."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = [wording.say(f"seminars.column_{name}", lang) for name in COLUMNS]
    writer.writerow([harmless(cell) for cell in (*head, *seminar.questions)])
    for one in registrations:
        own = (one.extras.get(question, "") for question in seminar.questions)
        writer.writerow([harmless(cell) for cell in (*_row(wording, one, lang), *own)])
    return "\ufeff" + out.getvalue()


def _row(wording: Wording, one: Registration, lang: Lang) -> tuple[str, ...]:
    def yes_no(value: bool | None) -> str:
        return "" if value is None else wording.say("seminars.yes" if value else "seminars.no", lang)

    return (
        one.number,
        wording.say(f"seminars.state_{one.state}", lang),
        one.name,
        one.organisation,
        one.mail,
        one.phone,
        one.prefecture,
        str(one.party),
        wording.say(f"seminars.way_{one.way}", lang),
        one.question,
        yes_no(one.wants_consultation),
        f"{one.signed_up_at.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        yes_no(one.attended),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of who came: receipt numbers and mail addresses, and the lines in which there is neither."""

    names: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()

    def __add__(self, other: "Listed") -> "Listed":
        names = tuple(dict.fromkeys((*self.names, *other.names)))
        return Listed(names, (*self.passed_over, *other.passed_over))


def names_at(file: Path) -> tuple[str, ...]:
    """The names in a file; Refused when it cannot be opened or read, or names nobody."""
    return listed_at(file).names


def listed_at(file: Path) -> Listed:
    """The names in a file, and the lines without any; Refused as `names_at`."""
    try:
        found = listed(file.read_bytes())
    except OSError as fault:
        raise Refused("file_broken", file=file, why=fault) from fault
    except Refused as refused:
        raise Refused("file_broken", file=file, why=refused.__cause__ or refused.problem) from refused
    # An empty list would say that nobody came.
    if not found.names:
        raise Refused("file_without_names", file=file)
    return found


def names_in(content: bytes) -> tuple[str, ...]:
    """Of each line of a list of who came, the receipt numbers, else the mail addresses. Refused: as `listed`."""
    return listed(content).names


def listed(content: bytes) -> Listed:
    """Who came by a list, as a spreadsheet saves one or as somebody types it: in any width, with any separator.

    Refused: list_book (an Excel file), list_broken (a quotation mark that is not closed).
    """
    if content.startswith(_BOOK):
        raise Refused("list_book")
    names: dict[str, None] = {}
    passed: list[str] = []
    for row in _rows(_plain(content)):
        if found := _names(row):
            names |= dict.fromkeys(found)
        elif said := " ".join(filter(None, row)):
            passed.append(said[:SHOWN])
    return Listed(tuple(names), tuple(passed))


def _plain(content: bytes) -> str:
    """The text in narrow letters with one kind of line end."""
    text = unicodedata.normalize("NFKC", _decoded(content)).replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    # What Excel calls Unicode text.
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets in Japan still save CSV in their own code page.
        return content.decode("cp932", "replace")


def _rows(text: str) -> Iterator[list[str]]:
    delimiter = max(",;\t", key=_QUOTED.sub("", text).count)
    try:
        # Strict, so that a quotation mark that is never closed does not swallow the rest of the list.
        for row in csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True):
            yield [" ".join(cell.lstrip("'").split()) for cell in row]
    except csv.Error as fault:
        raise Refused("list_broken") from fault


def _names(row: Sequence[str]) -> list[str]:
    numbers = [f"R-{int(found[1] or found[2]):05d}" for cell in row for found in _NUMBER.finditer(cell)]
    return numbers or [found[0] for cell in row for found in _MAIL.finditer(cell)]
