"""Numbers as people type them: how many, how much, and yes or no."""

import re
from decimal import Decimal
from enum import StrEnum

from intents.readers.misread import Misread
from intents.readers.plain import bare, filled, numerals, tidy


class Mass(StrEnum):
    """The unit of an amount of CO2 equivalent."""

    KG = "kg"
    T = "t"


_IN_KG = {"g": Decimal("0.001"), "kg": Decimal(1), "t": Decimal(1000)}
_UNITS = (
    (re.compile(r"(?:kg|kgs|キロ(?:グラム)?|kilo(?:gram)?s?)"), "kg"),
    (re.compile(r"(?:t|トン|tons?|tonnes?)"), "t"),
    (re.compile(r"(?:g|グラム|grams?)"), "g"),
)
_AMOUNT = re.compile(r"(?:約|およそ|about|approx\.?)?\s*([+-]?[\d,]*\.?\d+)\s*(千|万)?\s*(.*)", re.DOTALL)
# The gas may be named before or after: kg-CO2, t-CO2e, トンCO2.
_GAS = re.compile(r"[\s-]*\(?\s*(?:co2?2|co2)\s*-?(?:eq?|換算)?\s*\)?|換算", re.IGNORECASE)
_TIMES = {"": 1, "千": 1000, "万": 10000}
_COUNTER = r"(?:人|名様?|つ|個|件|席|点|台|社|people|persons?|seats?|pax|of us)?"
_COUNT = re.compile(
    rf"(?:全部で|合計|計|total|only|just)?\s*([+-]?[\d,]+)\s*{_COUNTER}\s*"
    r"(?:だけ|のみ|で|に(?:増や|減ら|変更|変え)?(?:し|て|たい|ます|ください|下さい|ほしい)*)?"
)
_WORDS = {
    "私ともう1人": 2, "わたしともう1人": 2, "もう1人と": 2,
    "ひとり": 1, "自分だけ": 1, "私だけ": 1, "自分のみ": 1, "本人のみ": 1, "本人だけ": 1, "me": 1, "just me": 1,
    "ふたり": 2, "ひとつ": 1, "ふたつ": 2, "みっつ": 3, "よっつ": 4, "いつつ": 5,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_ACCEPTS = re.compile(
    r"(?:問題|差し?支え|異存|異議)(?:は|も)?(?:あり|ござい)ません|問題(?:は|も|に)?(?:し)?ない|間違い(?:ない|ありません)|(?:構|かま)い?(?:いません|わない)"
    r"|no problem|don't mind|do not mind|why not"
)
_REFUSES = re.compile(
    r"いいえ|いえ|いや|不要|無用|不同意|ません|ない|なし|無し|なくて|やめ|結構です|遠慮|見送|要らん|拒否"
    r"|\b(?:no|nope|not|n|never|don't|decline)\b|\bwithout\b"
)
_AGREES = re.compile(
    r"(?:^|[\s、。,.])(?:はい|ええ|うん)|そうです|その通り|お願い|おねがい|希望|必要|要る|要り(?:ます)?|いります|欲しい|ほしい|同意|承諾|承知|了解|了承|賛成|ください|下さい|もちろん|ぜひ|是非|あり(?!がと)|有り|します|ます$|ok|オーケー|オッケー"
    r"|\b(?:yes|yeah|yep|y|sure|please|of course|agree|agreed|true|do)\b"
)
# "That is fine" says yes to some and no to others.
_EITHER = re.compile(
    r"^(?:いい|良い|よい|大丈夫|十分)(?:です|だ)?(?:よ|ね)?$|^fine$"
    r"|(?:わか|分か|判)ら|不明|未定|迷って|検討中|どちらでも|\b(?:don't know|not sure|maybe|either)\b"
)
# A question is no answer, whatever syllables it holds; a request in its form is one.
_ASKS = re.compile(
    r"[?]|(?:ます|です|ません|でしょう|の|る)か(?:ね|な)?$|とは$|教えて|って何"
    r"|^(?:what|how|when|where|who|which|why|can|could|is|are|does|did|will|would|should)\b"
)
_REQUESTS = re.compile(r"(?:お願い|おねがい)(?:でき|出来)|why not")
_LONGEST = 40
DIGITS = 15
_NO_THANKS = re.compile(r"no,? (?:thanks|thank you)|^(?:結構|けっこう)(?:です)?$")


def count(text: str, low: int, high: int) -> int:
    """A whole number between the two limits, both included."""
    typed = numerals(bare(filled(text))).lower()
    if re.fullmatch(rf"[+-]?[\d,]*\.\d+\s*{_COUNTER}", typed):
        raise Misread("number_not_whole")
    word = re.sub(rf"\s*{_COUNTER}$", "", typed)
    found = _COUNT.fullmatch(typed)
    if not found and typed not in _WORDS and word not in _WORDS:
        raise Misread("number_unclear")
    value = _whole(found[1]) if found else _WORDS.get(typed, _WORDS.get(word, 0))
    if not low <= value <= high:
        raise Misread("number_range", low=low, high=high)
    return value


def amount(text: str, unit: Mass = Mass.KG) -> Decimal:
    """An amount of CO2 equivalent in `unit`, which a number without a unit is taken to be in; not negative."""
    typed = numerals(bare(filled(text))).lower()
    found = _AMOUNT.fullmatch(_GAS.sub("", typed))
    if not found:
        raise Misread("amount_unclear")
    number = found[1].replace(",", "")
    if number.startswith("-"):
        raise Misread("amount_negative")
    value = Decimal(number) * _TIMES[found[2] or ""]
    mass = _plain(value * _IN_KG[_unit(found[3], unit)] / _IN_KG[unit])
    # Also what only its unit makes so large: it would not be read again.
    if len(number) > DIGITS or len(str(mass)) > DIGITS:
        raise Misread("amount_huge")
    return mass


def yes_no(text: str) -> bool:
    """Whether somebody agrees; raises Misread where it can be read either way."""
    said = tidy(text).lower().strip("。.!、, ")
    if not said:
        raise Misread("empty")
    if (_ASKS.search(said) and not _REQUESTS.search(said)) or len(said) > _LONGEST:
        raise Misread("yes_no_unclear")
    if _NO_THANKS.search(said):
        return False
    if _ACCEPTS.search(said):
        return True
    agrees, refuses = bool(_AGREES.search(said)), bool(_REFUSES.search(said))
    if _EITHER.search(said) or not (agrees or refuses) or _both(said):
        raise Misread("yes_no_unclear")
    return not refuses


def _both(said: str) -> bool:
    """Whether the text begins with the one and ends with the other."""
    return bool(re.match(r"(?:はい|ええ|yes|yeah)\b", said) and _REFUSES.search(said)) or bool(
        re.match(r"(?:いいえ|いえ|no)\b", said) and re.search(r"お願い|希望します|yes|sure", said)
    )


def _whole(digits: str) -> int:
    number = digits.replace(",", "")
    # Longer numbers are out of every range; Python refuses to read thousands of digits.
    return int(number[:12]) if number.strip("+-") else -1


def _unit(rest: str, unit: Mass) -> str:
    word = rest.strip(" ().-")
    if not word:
        return unit.value
    for pattern, name in _UNITS:
        if pattern.fullmatch(word):
            return name
    raise Misread("amount_unit", unit=rest.strip()[:20])


def _plain(value: Decimal) -> Decimal:
    """The same value without an exponent and without zeros at the end."""
    return Decimal(format(value.normalize(), "f"))
