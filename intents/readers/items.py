"""Return gifts as people list them: one a line, the name, how many, and the kilograms of CO2 of each if known."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from intents.desk.offsets import Item
from intents.readers.misread import Misread
from intents.readers.numbers import amount
from intents.readers.plain import is_visible, numerals, tidy

LINES, NAME_LIMIT, UNITS_LIMIT, LONGEST = 50, 80, 1_000_000, 5000
_PARTS = re.compile(r"[、,]")
_BULLET = re.compile(r"^\s*(?:[-*・•●○]|\(?\d{1,2}[.)]|[①-⑳])\s*(?=\D)")
_COUNTER = r"(?:個|点|本|箱|袋|セット|枚|台|件|組|units?|pcs?|pieces?|sets?|boxes|bottles?)"
_COUNT = re.compile(rf"([\d,]+)\s*{_COUNTER}?(?:くらい|程度|ほど)?", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"(?:(?:まだ)?(?:わか|分か|判)(?:ら|り).*|不明|未定|未計算|なし|\?+|-+|unknown|not known.*|don't know|n/?a|tbd)",
    re.IGNORECASE,
)
# Thousands that a unit ends, and digits joined by a comma that may be thousands or two values.
_THOUSANDS = re.compile(
    rf"(?<![\d,])\d{{1,3}}(?:,\d{{3}})+(?=\s*(?:{_COUNTER}|k?g|t\b|キロ|トン))", re.IGNORECASE
)
_JOINED = re.compile(r"(?<!\d)(?=(\d{1,3}),(\d{3})(?!\d))")


def items(text: str) -> tuple[Item, ...]:
    """The items of a list; what is wrong names the line, from 1, and how to write it."""
    if len(text) > LONGEST:
        raise Misread("too_long", limit=LONGEST, count=len(text))
    lines = [(number, line) for number, line in enumerate(_lines(text), 1) if line]
    if not lines:
        raise Misread("empty")
    if len(lines) > LINES:
        raise Misread("items_many", limit=LINES, count=len(lines))
    found = tuple(_item(line, number) for number, line in lines)
    twice = [
        one.name for place, one in enumerate(found) if any(one.name == other.name for other in found[:place])
    ]
    if twice:
        raise Misread("items_twice", name=twice[0])
    return found


def _lines(text: str) -> Iterator[str]:
    whole = unicodedata.normalize("NFKC", text.replace("\t", ","))
    seen = "".join(letter for letter in whole if letter == "\n" or is_visible(letter))
    yield from (_BULLET.sub("", line).strip(" ,、;。") for line in re.split(r"[\n;]", seen))


def _item(line: str, number: int) -> Item:
    name, units, *rest = _parts(line, number)
    if not any(letter.isalnum() for letter in name):
        raise Misread("items_name", line=number)
    if len(name) > NAME_LIMIT:
        raise Misread("items_name_long", line=number, limit=NAME_LIMIT)
    return Item(name, _units(units, number), _kg(rest[0], number) if rest and rest[0] else None)


def _parts(line: str, number: int) -> list[str]:
    """The two or three values of a line."""
    joined = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), line)
    parts = [part.strip() for part in _PARTS.split(joined)]
    commas = [found.end(1) for found in _JOINED.finditer(joined)]
    if len(parts) == 4 and len(commas) == 1:
        joined = joined[: commas[0]] + joined[commas[0] + 1 :]
        parts = [part.strip() for part in _PARTS.split(joined)]
    elif commas and len(parts) in (3, 4):
        # "1,200" may be one number or two: nobody can tell.
        raise Misread("items_comma", line=number, text=line[:40])
    if not 2 <= len(parts) <= 3:
        raise Misread("items_shape", line=number, text=line[:40])
    return parts


def _units(text: str, number: int) -> int:
    found = _COUNT.fullmatch(numerals(tidy(text)))
    digits = found[1].replace(",", "")[:12] if found else ""
    if not digits or not 1 <= int(digits) <= UNITS_LIMIT:
        raise Misread("items_units", line=number, text=text[:40], high=f"{UNITS_LIMIT:,}")
    return int(digits)


def _kg(text: str, number: int) -> Decimal | None:
    if _UNKNOWN.fullmatch(tidy(text)):
        return None
    each = re.sub(
        r"^(?:1|一)\s*(?:個|点|つ)(?:あたり|当たり|につき)?\s*|^(?:約|およそ)|/\s*(?:個|点)$", "", tidy(text)
    )
    try:
        return amount(each)
    except Misread as misread:
        raise Misread("items_kg", line=number, text=text[:40]) from misread


def written(found: tuple[Item, ...]) -> str:
    """A list of items as it can be read again."""
    return "\n".join(", ".join(_cells(one)) for one in found)


def _cells(one: Item) -> Iterator[str]:
    yield from (one.name, str(one.units))
    if one.kg_each is not None:
        yield f"{one.kg_each:f} kg"
