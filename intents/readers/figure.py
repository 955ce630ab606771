"""A measured value as people type it: a number of any width, with or without the unit that is expected."""

import re
import unicodedata
from decimal import Decimal

from intents.readers.misread import Misread
from intents.readers.plain import bare, filled, numerals

# Longer numbers are slips of the finger, and have to fit where they are kept.
MOST_DIGITS, MOST_PLACES = 15, 6
_FIGURE = re.compile(
    r"(?:約|およそ|about|approx\.?)?\s*([+\-▲△]?)\s*(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?\s*(千|万|億)?\s*(.*)",
    re.DOTALL,
)
_TIMES = {"千": 1000, "万": 10_000, "億": 100_000_000}
_BEGINS = re.compile(r"\s*(?:約|およそ|about\s)?\s*[+\-−－▲△]?\s*[.\d]", re.IGNORECASE)


def figure(text: str, unit: str) -> Decimal:
    """A number in `unit`, which may stand behind it; another unit is refused, never converted. May be negative."""
    found = _FIGURE.fullmatch(numerals(bare(filled(text))).lower())
    if not found or not (found[2] or found[3]):
        raise Misread("figure_unclear")
    whole, part, rest = found[2].replace(",", "") or "0", found[3] or "", found[5].strip(" ().")
    if rest and (rest[0] == "," or rest[0].isdigit()):
        # Two numbers, or one in groups that are none.
        raise Misread("figure_unclear")
    if rest and _folded(rest) != _folded(unit):
        raise Misread("figure_unit", unit=unit or "-", typed=rest[:20])
    if len(whole) > MOST_DIGITS or len(part) > MOST_PLACES + 1:
        raise Misread("figure_long", digits=MOST_DIGITS, places=MOST_PLACES)
    value = Decimal(whole + part) * _TIMES.get(found[4] or "", 1)
    return -value if found[1] in ("-", "▲", "△") else value


def begins_as_figure(text: str) -> bool:
    """Whether a text may be a figure: worth a look at what was asked for."""
    return bool(_BEGINS.match(text))


def _folded(unit: str) -> str:
    """A unit without width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", unit).casefold().split())
