"""Registrations as a CSV file that a spreadsheet opens safely, and attendance out of one."""

import csv
import io
import re
from collections.abc import Iterable
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
_NUMBER = re.compile(r"R-?\d+", re.ASCII | re.IGNORECASE)


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


def names_at(file: Path) -> tuple[str, ...]:
    """The names in a file; Refused when it cannot be opened or names nobody."""
    try:
        names = names_in(file.read_bytes())
    except OSError as fault:
        raise Refused("file_broken", file=file, why=fault) from fault
    # An empty list would say that nobody came.
    if not names:
        raise Refused("file_without_names", file=file)
    return names


def names_in(content: bytes) -> tuple[str, ...]:
    """Of each line of a list of who came, the receipt number, else the mail address; other lines are passed over."""
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text.partition("\n")[0] else ",")
    found = (_name([cell.strip().lstrip("'") for cell in row]) for row in rows)
    return tuple(dict.fromkeys(name for name in found if name))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets in Japan still save CSV in their own code page.
        return content.decode("cp932", "replace")


def _name(cells: list[str]) -> str:
    numbers = [cell for cell in cells if _NUMBER.fullmatch(cell)]
    return next(iter([*numbers, *(cell for cell in cells if "@" in cell or "＠" in cell)]), "")
