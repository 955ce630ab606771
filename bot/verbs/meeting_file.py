"""Invitation lists and lists of who came, out of CSV files: what cannot be read is named by row and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.seminar_csv import names_at as registrations_at
from bot.verbs.office_desk import table_at
from intents.desk.meeting_records import DEPARTMENT_LIMIT, NewInvitation
from intents.desk.refused import Refused
from intents.readers.choice import free_text
from intents.readers.contact import mail_address, person_name
from intents.readers.misread import Misread
from intents.readers.network_area import network_area

COLUMNS = ("mail", "prefecture", "department", "name")
_NUMBER = re.compile(r"I-\d+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A cell that cannot be read: its row in the file, its column, and the sentence that says what is wrong."""

    row: int
    column: str
    sentence: tuple[str, str]
    places: Mapping[str, object]


def invitations_at(file: Path) -> tuple[tuple[NewInvitation, ...], tuple[BadRow, ...]]:
    """Whom a list names, and the rows that are set aside. Refused: file_broken, columns_missing."""
    good: dict[str, NewInvitation] = {}
    bad: list[BadRow] = []
    for number, cells in table_at(file, "meetings", COLUMNS):
        found = _read(number, cells)
        if isinstance(found, BadRow):
            bad.append(found)
        elif found.key in good:
            bad.append(BadRow(number, "mail", ("meetings", "twice"), {}))
        else:
            good[found.key] = found
    return tuple(good.values()), tuple(bad)


def _read(number: int, cells: Mapping[str, str]) -> NewInvitation | BadRow:
    readers = {
        "prefecture": network_area,
        "department": lambda text: free_text(text, DEPARTMENT_LIMIT),
        "name": person_name,
        "mail": mail_address,
    }
    values: dict[str, str] = {}
    for column, read in readers.items():
        try:
            values[column] = read(cells.get(column, ""))
        except Misread as misread:
            return BadRow(number, column, ("readers", misread.problem), misread.places)
    return NewInvitation(**values)


def names_at(file: Path) -> tuple[str, ...]:
    """Invitation numbers and mail addresses in a list of who came. Refused: file_broken."""
    try:
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError as fault:
        raise Refused("file_broken", file=file, why=fault) from fault
    numbers = [found.upper() for found in _NUMBER.findall(text)]
    mails = [name for name in registrations_at(file) if "@" in name]
    return tuple(dict.fromkeys((*numbers, *mails)))
