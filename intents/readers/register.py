"""Cells of a register as people write them in spreadsheets: days of any era, yes and no, tonnes, rounds, codes."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from intents.readers import area
from intents.readers.contact import NAME_LIMIT, mail_address
from intents.readers.misread import Misread
from intents.readers.numbers import Mass, amount
from intents.readers.plain import tidy
from intents.understanding.entities import codes_in

# No date of the scheme or of what is planned in it lies outside; most others are a slip of the finger.
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
# Where spreadsheets begin to count days.
_SERIAL_ZERO = date(1899, 12, 30)
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_ERA = r"(令和|平成|昭和|[rhs])\s*(元|\d{1,2})"
_REST = r"\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
# A time behind a day is that of a cell in which nobody typed one.
_BEHIND = re.compile(r"(?:[t ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|\s*\([月火水木金土日]\))$")
_DAYS = re.compile(rf"(\d{{4}}){_REST}|(\d{{4}})(\d{{2}})(\d{{2}})|{_ERA}{_REST}")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTHS = re.compile(
    rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})月?|(\d{{4}})(\d{{2}})|{_ERA}\s*[-/.年]\s*(\d{{1,2}})月?"
)
_ROUND = re.compile(r"第?\s*(\d{1,4})\s*(?:回.{0,12})?")
_A_YEAR = re.compile(r"\s*(?:/|per\s)\s*(?:年|y(?:ea)?r?)\.?$|^年間?\s*")
_YES = ("はい", "○", "〇", "◯", "◎", "✓", "✔", "true", "yes", "y", "1", "有", "有り", "あり", "該当", "森林")
_NO = ("いいえ", "×", "✕", "✖", "x", "false", "no", "n", "0", "無", "無し", "なし", "非該当", "非森林")
_SCHEMES = {
    "normal": "normal",
    "通常型": "normal",
    "通常": "normal",
    "programme": "programme",
    "program": "programme",
    "プログラム型": "programme",
    "プログラム": "programme",
}
_STATES = {
    "active": "active",
    "進行中": "active",
    "実施中": "active",
    "登録": "active",
    "登録済み": "active",
    "paused": "paused",
    "休止": "paused",
    "休止中": "paused",
    "中断": "paused",
    "ended": "ended",
    "終了": "ended",
    "完了": "ended",
    "withdrawn": "withdrawn",
    "取下げ": "withdrawn",
    "取り下げ": "withdrawn",
    "辞退": "withdrawn",
}
_KINDS = {
    "figure": "figure",
    "数値": "figure",
    "値": "figure",
    "計測値": "figure",
    "document": "document",
    "書類": "document",
    "文書": "document",
    "資料": "document",
    "証憑": "document",
}
MOST_ROUNDS = 999
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
# February 29 is a day of some years.
_LEAP = 2024
_MOST_DIGITS = 9
_LETTERS = "月火水木金土日"
_WEEKDAY = re.compile(rf"([{_LETTERS}])(?:曜日?)?")
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def line(text: str) -> str:
    """One line as it is kept: the office's own letters, without what does not show and with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def project_id(text: str) -> str:
    """The office's name of a project, whatever its width."""
    return tidy(text)


def register_day(text: str) -> date:
    """A day with its year: 2021-12-01, 2021/12/1, 2021.12.1, 令和3年12月1日, R3.12.1, or a spreadsheet's number."""
    typed = _BEHIND.sub("", tidy(text).lower())
    if serial := _SERIAL.fullmatch(typed):
        return _in_reach(_SERIAL_ZERO + timedelta(days=int(serial[1])), typed)
    found = _DAYS.fullmatch(typed)
    if not found:
        raise Misread("cell_day", value=text)
    year = found[1] or found[4] or _year(found[7], found[8])
    month, day = found[2] or found[5] or found[9], found[3] or found[6] or found[10]
    return _in_reach(_real(int(year), int(month), int(day), text), typed)


def _real(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise Misread("cell_day_not_real", value=text) from fault


def _year(era: str, number: str) -> int:
    return _ERAS[era] + (1 if number == "元" else int(number))


def _in_reach(day: date, typed: str) -> date:
    if not EARLIEST <= day <= LATEST:
        raise Misread("cell_day_far", value=typed, low=EARLIEST.year, high=LATEST.year)
    return day


def register_month(text: str) -> str:
    """A month as YYYY-MM: 2026-04, 2026/4, 2026年4月, 令和8年4月, or a day within it."""
    typed = tidy(text).lower()
    if found := _MONTHS.fullmatch(typed):
        year = int(found[1] or found[3] or _year(found[5], found[6]))
        month = int(found[2] or found[4] or found[7])
        if not (EARLIEST.year <= year <= LATEST.year and 1 <= month <= 12):
            raise Misread("cell_month", value=text)
        return f"{year}-{month:02}"
    try:
        return f"{register_day(text):%Y-%m}"
    except Misread as misread:
        raise Misread("cell_month", value=text) from misread


def day_of_year(text: str) -> str:
    """A day of every year as MM-DD: 4/1, 04-01, 4月1日."""
    found = _MONTH_DAY.fullmatch(tidy(text))
    if not found:
        raise Misread("cell_month_day", value=text)
    return f"{_real(_LEAP, int(found[1]), int(found[2]), text):%m-%d}"


def weekday(text: str) -> int:
    """A day of the week as 1 for Monday to 7 for Sunday: 4, 木, 木曜日, Thursday."""
    typed = tidy(text).lower()
    if found := _WEEKDAY.fullmatch(typed):
        return _LETTERS.index(found[1]) + 1
    named = [place for place, word in enumerate(_ENGLISH_DAYS, 1) if typed in (str(place), word, word[:3])]
    if not named:
        raise Misread("cell_weekday", value=text)
    return named[0]


def whole(text: str, low: int, high: int) -> int:
    """A whole number between the two, both included, with or without the word for days or months."""
    digits = tidy(text).rstrip("日月回時% ")
    if not (digits.isdecimal() and len(digits) <= _MOST_DIGITS and low <= int(digits) <= high):
        raise Misread("cell_whole", value=text, low=low, high=high)
    return int(digits)


def register_yes_no(text: str) -> bool:
    """Yes or no in a word or a sign."""
    typed = tidy(text).lower()
    if typed in _YES or typed in _NO:
        return typed in _YES
    raise Misread("cell_yes_no", value=text)


def scheme(text: str) -> str:
    """`normal` or `programme`."""
    return _word(text, _SCHEMES, "cell_scheme")


def state(text: str) -> str:
    """The state of a project: active, paused, ended or withdrawn."""
    return _word(text, _STATES, "cell_state")


def item_kind(text: str) -> str:
    """`figure` or `document`."""
    return _word(text, _KINDS, "cell_kind")


def _word(text: str, words: Mapping[str, str], problem: str) -> str:
    typed = tidy(text).lower()
    if typed not in words:
        raise Misread(problem, value=text)
    return words[typed]


def tonnes(text: str) -> Decimal:
    """An amount in t-CO2, with or without its unit; an amount of a year may say so."""
    typed = _A_YEAR.sub("", tidy(text).lower())
    try:
        return amount(typed, Mass.T)
    except Misread as misread:
        raise Misread("cell_tonnes", value=text) from misread


def committee_round(text: str) -> int:
    """The number of a committee round: 53, or 第53回."""
    found = _ROUND.fullmatch(tidy(text))
    if not found or not 1 <= int(found[1]) <= MOST_ROUNDS:
        raise Misread("cell_round", value=text)
    return int(found[1])


def prefecture(text: str) -> str:
    """The full name of a prefecture of this office's area."""
    try:
        return area.prefecture(text)
    except Misread as misread:
        problem = "cell_outside_area" if misread.problem == "outside_area" else "cell_prefecture"
        raise Misread(problem, value=text) from misread


def methodology(text: str) -> str:
    """The code in its official spelling; what holds no code stays as it was typed."""
    codes = codes_in(unicodedata.normalize("NFKC", text).lower())
    return codes[0] if codes else line(text)


def name(text: str) -> str:
    """A person's name as it was typed."""
    typed = line(text)
    if "@" in tidy(text):
        raise Misread("cell_name_is_mail", value=text)
    if len(typed) > NAME_LIMIT:
        raise Misread("cell_long", limit=NAME_LIMIT)
    return typed


def mail(text: str) -> str:
    """A mail address."""
    try:
        return mail_address(text)
    except Misread as misread:
        raise Misread("cell_mail", value=text) from misread
