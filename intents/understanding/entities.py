"""What is recognised by its form: methodology codes, project numbers, prefectures and dates.

Dates may be written in the Western calendar or in Japanese eras; a day without a year is the next one to come.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

# In English "in 3 months" names no methodology: after a space those two need all three digits.
_CODE = re.compile(
    r"(?<![a-z])(?:(en[\W_]*[sr]|ag|fo)[\W_ー]*0*(\d{1,3})|(in|wa)(?:[-_.‐‑–−ー]*0*(\d{1,3})|\s+(\d{3})))(?!\d)"
)
_BARE_CODE = re.compile(
    r"(?:メソドロジー|めそどろじー|方法論|methodology|method)\s*(?:no\.?|番号|第|の)?\s*0*(\d{1,3})(?!\d)"
)
_PROJECT = re.compile(r"(?<![a-z0-9])([jp])[\W_ー]*(\d{3,4})(?!\d)")
_ERA_STARTS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925}
_ERA = re.compile(
    r"(令和|平成|昭和|(?<![a-z])[rh](?=\d))\s*(元|\d{1,2})(?:\s*年|\.)\s*(?:(\d{1,2})(?:\s*月|\.)\s*(?:(\d{1,2})\s*日?)?)?"
)
_WESTERN = re.compile(r"(?<!\d)(20\d\d)[/年.\-ー]\s*(\d{1,2})[/月.\-ー]\s*(\d{1,2})(?!\d)日?")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:/|\s*月\s*)(\d{1,2})(?!\d)日?")
PREFECTURES = tuple(
    """
    北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県
    東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県
    滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県
    香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
    """.split()  # noqa: SIM905 - a list to read
)


@dataclass(frozen=True, slots=True)
class Entities:
    """What a text names: codes as EN-S-001, bare methodology numbers, prefectures in full, days."""

    codes: tuple[str, ...] = ()
    bare_numbers: tuple[int, ...] = ()
    projects: tuple[str, ...] = ()
    prefectures: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


NOTHING = Entities()


def entities_of(text: str, today: date) -> Entities:
    """Everything in a text that is recognised by its form."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return Entities(
        codes_in(plain),
        tuple(int(number) for number in _BARE_CODE.findall(plain)),
        tuple(f"{letter.upper()}{number}" for letter, number in _PROJECT.findall(plain)),
        tuple(name for name in PREFECTURES if name[:-1] in plain and not _is_part(name, plain)),
        tuple(dict.fromkeys(_days(plain, today))),
    )


def codes_in(plain: str) -> tuple[str, ...]:
    """The methodology codes of an NFKC-folded lower-case text, in their official spelling."""
    found = (tuple(filter(None, match.groups())) for match in _CODE.finditer(plain))
    return tuple(dict.fromkeys(_official(prefix, number) for prefix, number in found))


def without_codes(text: str) -> str:
    """The text, folded to NFKC and lower case, without its codes."""
    return _CODE.sub(" ", unicodedata.normalize("NFKC", text).lower())


def _official(prefix: str, number: str) -> str:
    letters = "".join(letter for letter in prefix if letter.isalpha()).upper()
    sector = f"EN-{letters[2]}" if letters.startswith("EN") else letters
    return f"{sector}-{int(number):03d}"


def _is_part(name: str, plain: str) -> bool:
    # 京都 stands in 東京都 too.
    return name == "京都府" and "京都府" not in plain and "京都" not in plain.replace("東京都", "")


def _days(plain: str, today: date) -> Iterator[date]:
    rest = plain
    for found in _ERA.finditer(plain):
        year = _ERA_STARTS[found[1]] + (1 if found[2] == "元" else int(found[2]))
        if found[3] and found[4]:
            yield from _real(year, int(found[3]), int(found[4]))
        rest = rest.replace(found[0], " ")
    for year_, month, day in _WESTERN.findall(rest):
        yield from _real(int(year_), int(month), int(day))
    for month, day in _MONTH_DAY.findall(_WESTERN.sub(" ", rest)):
        yield from _next(today, int(month), int(day))


def _next(today: date, month: int, day: int) -> Iterator[date]:
    for year in (today.year, today.year + 1):
        coming = next(_real(year, month, day), None)
        if coming and coming >= today:
            yield coming
            return


def _real(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
